"""`kontor static`: collect static files under hashed names, compressed."""

import argparse
import os

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 -- every subcommand gets them
    """Collect only what is newer."""
    os.environ["KONTOR_COLLECTING"] = "1"
    setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    return 0
