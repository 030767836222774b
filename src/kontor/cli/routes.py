"""`kontor routes`: every address with name, methods, roles and the kind of object it shows."""

import argparse
import json

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """Words for people, or JSON."""
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(arguments: argparse.Namespace) -> int:
    """Print them in the order in which they are tried."""
    setup()
    from kontor.routes import routes

    rows = [
        {
            "name": route.name,
            "path": route.path,
            "methods": list(route.declaration.methods),
            "roles": list(route.declaration.roles),
            "object": route.declaration.of,
        }
        for route in routes()
    ]
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return 0
    for route in routes():
        facts = route.declaration
        print(f"{route.path:70} {'/'.join(facts.methods):10} {','.join(facts.roles)}")
    return 0
