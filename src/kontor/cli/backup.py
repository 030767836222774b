"""`kontor backup FILE`: the database at one moment and the stored files, as one file that `kontor restore` reads."""

import argparse
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from kontor.cli import site

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_MEMBER = "database.sqlite3"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file inside the backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a PostgreSQL database; its rows are in the member `database/NAME.copy`."""

    name: str
    columns: tuple[str, ...]

    @property
    def member(self) -> str:
        return f"database/{self.name}.copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup contains; written last, so that a file without it is incomplete."""

    format: int
    vendor: str
    """sqlite or postgresql; a backup is restored into the same kind of database"""
    kontor: str
    created_at: str
    migrations: tuple[str, ...]
    """app.name of each, sorted: the shape of the tables"""
    tables: tuple[Table, ...]
    members: tuple[Member, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup to write; must not exist yet")


def run(arguments: argparse.Namespace) -> int:
    site.setup()
    file: Path = arguments.file
    if file.exists():
        raise SystemExit(f"kontor backup: {file} exists and is not overwritten")
    manifest = write_backup(file)
    num_files = sum(member.name.startswith("files/") for member in manifest.members)
    print(f"{file}: {file.stat().st_size:,} bytes, {manifest.vendor} database and {num_files} stored files")
    return 0


def write_backup(file: Path) -> Manifest:
    """Write the backup under another name and rename it, so that `file` is complete or not there; others may work on."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        # Only for the owner: it holds the data of all people.
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _fill(archive)
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def migrations_of_database() -> tuple[str, ...]:
    """The migrations that the connected database has seen."""
    return tuple(sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()))


def tables_of_database() -> tuple[Table, ...]:
    """All tables of a PostgreSQL database, with the columns that can be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)"
            " FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)"
            " WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
            " GROUP BY t.table_name ORDER BY t.table_name"
        )
        return tuple(Table(name=name, columns=tuple(columns)) for name, columns in cursor.fetchall())


def copy_statement(table: Table, direction: str) -> str:
    """COPY for one table; direction is TO STDOUT or FROM STDIN."""
    quote = connection.ops.quote_name
    return f"COPY {quote(table.name)} ({', '.join(map(quote, table.columns))}) {direction}"


def _fill(archive: zipfile.ZipFile) -> Manifest:
    members: list[Member] = []
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    tables: tuple[Table, ...] = ()
    if connection.vendor == "sqlite":
        migrations = _add_sqlite(archive, members)
    else:
        # One snapshot for all tables, while others go on writing.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            migrations = migrations_of_database()
            tables = tables_of_database()
            for table in tables:
                with (
                    connection.cursor() as cursor,
                    _member(archive, table.member, members) as target,
                    cursor.copy(copy_statement(table, "TO STDOUT")) as rows,
                ):
                    for data in rows:
                        target.write(data)
    root = Path(settings.MEDIA_ROOT)
    for stored in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        with (
            stored.open("rb") as source,
            _member(archive, f"files/{stored.relative_to(root).as_posix()}", members) as target,
        ):
            shutil.copyfileobj(source, target, CHUNK)
    manifest = Manifest(
        format=FORMAT,
        vendor=connection.vendor,
        kontor=version("kontor"),
        created_at=created_at,
        migrations=migrations,
        tables=tables,
        members=tuple(members),
    )
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    return manifest


def _add_sqlite(archive: zipfile.ZipFile, members: list[Member]) -> tuple[str, ...]:
    """Add a copy of the whole database at one moment; returns its migrations."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / SQLITE_MEMBER
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            # Without a write-ahead log beside it, the one file is everything.
            target.execute("PRAGMA journal_mode=DELETE")
            rows = target.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
        with copy.open("rb") as source, _member(archive, SQLITE_MEMBER, members) as member:
            shutil.copyfileobj(source, member, CHUNK)
    return tuple(sorted(name for (name,) in rows))


class _Measured:
    """Passes bytes on, and counts and digests them."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> int:
        self.size += len(data)
        self.digest.update(data)
        return self._target.write(data)


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, members: list[Member]) -> Iterator[_Measured]:
    with archive.open(name, "w", force_zip64=True) as target:
        measured = _Measured(target)
        yield measured
    members.append(Member(name=name, size=measured.size, sha256=measured.digest.hexdigest()))
