"""`kontor check`: looks whether the stored data keep all rules; exit status 1 if one is broken."""

import argparse
import json

from kontor.cli import site


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    site.setup()
    from kontor.jobs.integrity import run_checks

    outcomes = run_checks()
    if arguments.json:
        print(json.dumps({outcome.rule: outcome.faults for outcome in outcomes}, indent=2))
    else:
        for outcome in outcomes:
            print(f"{'broken' if outcome.faults else 'ok':7}{outcome.rule}")
            for fault in outcome.faults:
                print(f"       {fault}")
    return 1 if any(outcome.faults for outcome in outcomes) else 0
