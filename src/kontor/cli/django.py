"""`kontor django COMMAND …`: Django's own management commands with this site's settings."""

import argparse

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """Everything after the name is Django's."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Hand over to Django."""
    setup()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kontor django", *arguments.words])
    return 0
