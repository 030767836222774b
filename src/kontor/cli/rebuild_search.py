"""`kontor rebuild-search`: reads everything into the search anew, while people go on searching what is there."""

import argparse

from kontor.cli import site


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        action="append",
        metavar="KIND",
        help="only this kind, as the command prints it; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit code 2 for a kind that nothing declares."""
    site.setup()
    from kontor.search.registry import kinds
    from kontor.search.services import rebuild

    chosen = arguments.kind or list(kinds())
    if unknown := sorted(set(chosen) - set(kinds())):
        print(f"There is no kind {', '.join(unknown)}; there are {', '.join(kinds())}.")
        return 2
    for name in chosen:
        print(f"{rebuild(name):9} {name}", flush=True)
    return 0
