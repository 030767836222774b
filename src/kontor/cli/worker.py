"""`kontor worker`: runs jobs and sends mail until it is told to stop; any number of them may run."""

import argparse

from kontor.cli import site


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--processes",
        type=int,
        default=2,
        metavar="N",
        help="jobs at the same time (default 2: the first never takes long ones, so that mail does not wait)",
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="for running jobs when told to stop (default 10)",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.processes < 1:
        raise SystemExit(f"kontor worker: --processes must be at least 1, got {arguments.processes}")
    site.setup()
    from kontor.jobs.worker import Worker

    return Worker(num_processes=arguments.processes, grace_s=arguments.grace).run()
