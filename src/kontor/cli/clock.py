"""`kontor clock`: shows the site's time, and moves the test clock for all its processes."""

import argparse
import re
from datetime import timedelta

from kontor.cli import site

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--advance",
        type=_length,
        metavar="LENGTH",
        help="move the test clock: 90s, 15m, 2h, 1d; --advance=-1h goes back",
    )


def run(arguments: argparse.Namespace) -> int:
    site.setup()
    from django.core.exceptions import ImproperlyConfigured

    from kontor.jobs import clock

    try:
        at = clock.now() if arguments.advance is None else clock.advance(arguments.advance)
    except ImproperlyConfigured as refusal:
        raise SystemExit(f"kontor clock: {refusal}") from None
    print(at.isoformat())
    return 0


def _length(text: str) -> timedelta:
    if not (found := re.fullmatch(r"(-?\d+)([smhd])", text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a length like 90s, 15m, 2h or 1d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})
