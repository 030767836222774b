"""`kontor restore FILE`: puts a backup into an empty site, or in place of everything; all of it or nothing."""

import argparse
import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from kontor.cli import site
from kontor.cli.backup import (
    CHUNK,
    FORMAT,
    MANIFEST,
    SQLITE_MEMBER,
    Manifest,
    Member,
    Table,
    copy_statement,
    migrations_of_database,
    tables_of_database,
)

MAX_MANIFEST = 64 << 20
"""bytes; a list of some hundred thousand files"""
HOLD_MAILS = "UPDATE jobs_mail SET state = 'held' WHERE state IN ('waiting', 'sending')"
"""They may have been sent after the backup was made: somebody has to look first."""


class Refused(Exception):
    """The backup cannot be restored; nothing was changed."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `kontor backup` wrote")
    parser.add_argument("--replace", action="store_true", help="throw away what the site holds now")


def run(arguments: argparse.Namespace) -> int:
    site.setup()
    try:
        manifest = restore_backup(arguments.file, may_replace=arguments.replace)
    except (Refused, OSError) as refusal:
        raise SystemExit(f"kontor restore: {refusal}") from None
    print(f"restored the site as it was at {manifest.created_at}")
    print("mails that were waiting then are held back: look at them under “Mails”")
    return 0


def restore_backup(file: Path, *, may_replace: bool) -> Manifest:
    """Check everything in a folder beside the stored files, then replace the files, and the database in one transaction."""
    root = Path(settings.MEDIA_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=root.parent) as folder:
        staged = Path(folder)
        manifest = _unpack(file, staged)
        if not connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
        _require_fitting_site(manifest, root, may_replace=may_replace)
        with _files_replaced(root, staged):
            if manifest.vendor == "sqlite":
                _replace_sqlite(staged / SQLITE_MEMBER)
            else:
                _replace_postgresql(manifest.tables, staged)
    return manifest


def _unpack(file: Path, folder: Path) -> Manifest:
    """Write the members that the manifest names into the folder, each checked for name, size and content."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            names = [entry.filename for entry in archive.infolist()]
            if sorted(names) != sorted([MANIFEST, *(member.name for member in manifest.members)]):
                raise Refused(f"{file} does not contain exactly what its manifest names")
            for member in manifest.members:
                _unpack_member(archive, member, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(f"{file} is no backup or is damaged: {error}") from None
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(MANIFEST) as source:
            text = source.read(MAX_MANIFEST + 1)
        if len(text) > MAX_MANIFEST:
            raise Refused("the manifest of the backup is too long")
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise Refused(f"the backup has format {values['format']}, this Kontor reads {FORMAT}")
        return Manifest(
            format=FORMAT,
            vendor=str(values["vendor"]),
            kontor=str(values["kontor"]),
            created_at=str(values["created_at"]),
            migrations=tuple(map(str, values["migrations"])),
            tables=tuple(
                Table(name=str(table["name"]), columns=tuple(map(str, table["columns"])))
                for table in values["tables"]
            ),
            members=tuple(
                Member(name=str(member["name"]), size=int(member["size"]), sha256=str(member["sha256"]))
                for member in values["members"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"the backup has no readable manifest: {error}") from None


def _unpack_member(archive: zipfile.ZipFile, member: Member, folder: Path) -> None:
    path = PurePosixPath(member.name)
    is_plain = path.as_posix() == member.name and not path.is_absolute() and ".." not in path.parts
    if (
        not is_plain
        or any(char in member.name for char in "\\:\0")
        or path.parts[0]
        not in {
            "files",
            "database",
            SQLITE_MEMBER,
        }
    ):
        raise Refused(f"the backup names a file that leads elsewhere: {member.name!r}")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with archive.open(member.name) as source, target.open("xb") as copy:
        while data := source.read(CHUNK):
            size += len(data)
            if size > member.size:  # before it fills the disk
                break
            digest.update(data)
            copy.write(data)
    if size != member.size or digest.hexdigest() != member.sha256:
        raise Refused(f"{member.name} in the backup is damaged")


def _require_fitting_site(manifest: Manifest, root: Path, *, may_replace: bool) -> None:
    if manifest.vendor != connection.vendor:
        raise Refused(f"the backup is of a {manifest.vendor} database, this site uses {connection.vendor}")
    ours = migrations_of_database()
    if manifest.migrations != ours:
        differing = sorted(set(manifest.migrations) ^ set(ours))
        raise Refused(
            f"the backup was made by Kontor {manifest.kontor}, whose tables differ ({', '.join(differing[:5])}):"
            " restore it with that version, then upgrade and run `kontor migrate`"
        )
    users = apps.get_model(settings.AUTH_USER_MODEL)._default_manager  # noqa: SLF001 -- documented by Django
    is_empty = not users.exists() and not (root.exists() and any(root.iterdir()))
    if not is_empty and not may_replace:
        raise Refused("the site is not empty; --replace throws away what it holds now")


@contextmanager
def _files_replaced(root: Path, staged: Path) -> Iterator[None]:
    """The stored files are those of the backup, unless what happens inside fails; then they are the old ones again."""
    new, old = staged / "files", staged / "files before"
    new.mkdir(exist_ok=True)
    root.mkdir(exist_ok=True)
    root.rename(old)
    try:
        new.rename(root)
        yield
    except BaseException:
        if root.exists():
            root.rename(new)
        old.rename(root)
        raise


def _replace_sqlite(copy: Path) -> None:
    """SQLite's own backup writes all pages in one transaction; processes that have the database open see it then."""
    with closing(sqlite3.connect(copy)) as source:
        try:
            faults = source.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.DatabaseError as error:
            raise Refused(f"the database in the backup is damaged: {error}") from None
        if faults != [("ok",)]:
            raise Refused(f"the database in the backup is damaged: {faults[0][0]}")
        source.execute(HOLD_MAILS)
        source.commit()
        connection.ensure_connection()
        source.backup(connection.connection)


def _replace_postgresql(tables: tuple[Table, ...], folder: Path) -> None:
    if tables != tables_of_database():
        raise Refused("the tables in the backup are not those of this site")
    filled = [table for table in tables if table.name != "django_migrations"]
    names = ", ".join(connection.ops.quote_name(table.name) for table in filled)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")
        for table in filled:
            with (
                (folder / table.member).open("rb") as rows,
                cursor.copy(copy_statement(table, "FROM STDIN")) as copy,
            ):
                shutil.copyfileobj(rows, copy, CHUNK)
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
        cursor.execute(HOLD_MAILS)
