"""`kontor migrate`: bring the database to the present version."""

import argparse

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 -- every subcommand gets them
    """Apply what is missing; safe to run again."""
    setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return 0
