"""`kontor import-organisations FILE`: the same import as on the page, for scripts."""

import argparse
import sys
from pathlib import Path

from kontor.cli.import_participants import add_answer_options, print_answer
from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """File, cluster, and how to answer."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--cluster", default="", help="short name of the cluster all of them belong to")
    add_answer_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: applied (or nothing to do); 2: the cluster or the file is unusable, nothing was written."""
    setup()
    from django.utils import translation

    with translation.override(arguments.language):
        return _import(arguments)


def _import(arguments: argparse.Namespace) -> int:
    from kontor.directory.lists import UnreadableFile
    from kontor.directory.models import Cluster
    from kontor.directory.services import imports, stored_lists
    from kontor.errors import DomainError
    from kontor.jobs.clock import now

    cluster = Cluster.objects.filter(slug=arguments.cluster).first() if arguments.cluster else None
    if arguments.cluster and cluster is None:
        print(f"There is no cluster {arguments.cluster!r}.", file=sys.stderr)
        return 2
    try:
        row = imports.prepare_import(
            file_name=arguments.file.name,
            content=arguments.file.read_bytes(),
            cluster=cluster,
            by=None,
            at=now(),
        )
        counts = row.preview["counts"]
        if not arguments.preview and (counts["new"] or counts["changed"]):
            imports.apply_import(row, by=None, at=now())
        else:
            stored_lists.discard_list(row, by=None, at=now())
    except (OSError, UnreadableFile, DomainError) as error:
        print(str(error), file=sys.stderr)
        return 2
    print_answer(row.preview, as_json=arguments.json)
    return 0
