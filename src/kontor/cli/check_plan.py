"""`kontor check-plan`: does a plan keep every rule of its instance?"""

import argparse
import sys
from pathlib import Path

from kontor.cli.plan import add_instance, load, show_faults
from kontor_engines.meetings import FormatError, check, read_problem


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_instance(parser)
    parser.add_argument("plan", metavar="PLAN.json", type=Path, help="the plan, kontor-plan/1")


def run(arguments: argparse.Namespace) -> int:
    """0: valid; 1: violations, one line each; 2: a file is unusable."""
    name = str(arguments.instance)
    try:
        problem = read_problem(load(arguments.instance))
        name = str(arguments.plan)
        violations = check(problem, load(arguments.plan))
    except FormatError as error:
        return show_faults(name, error)
    for violation in violations:
        sys.stdout.write(f"{violation}\n")
    return 1 if violations else 0
