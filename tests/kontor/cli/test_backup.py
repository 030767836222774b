"""A backup is the site at one moment; a restore is all of it or nothing, and leads nowhere else."""

import hashlib
import json
import os
import secrets
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from kontor.cli import restore

TRIAL_SITE = Path(__file__).parents[1] / "jobs" / "trial_site"
FILL = """
from django.utils import timezone
from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.jobs.services import enqueue, claim
from kontor.jobs.outbox import NewMail, queue_mail
for number in range(50):
    user = User.objects.create_user(f"guest{number}@example.org", name="吕文涛 \\\\ Grüße\\t\\n'\\";")
    record("trial.sign_up", by=user, subject=user, at=timezone.now(), data={"text": "世界 \\\\N \\\\."})
job = enqueue("trial.work", arguments={"words": ["ä", None, 1.5]})
claim("a worker", names=["trial.work"])
queue_mail(NewMail(to="guest@example.org", subject="您好", body="世界", language="zh-hans", cause=job, key="1"))
"""
WRITE = """
import time
from itertools import count
from django.db import transaction
from django.utils import timezone
from kontor.accounts.models import User
from kontor.audit.services import record
for number in count():
    with transaction.atomic():
        user = User.objects.create_user(f"writer{number}@example.com")
        record("trial.sign_up", by=user, subject=user, at=timezone.now())
    print(time.monotonic(), flush=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An installation of its own: database, stored files, mails."""

    url: str
    data: Path

    def start(self, *words: str) -> "subprocess.Popen[str]":
        environment = os.environ | {
            "KONTOR_DATABASE_URL": self.url,
            "KONTOR_DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "trial_settings",
            "PYTHONPATH": str(TRIAL_SITE),
        }
        return subprocess.Popen(
            [sys.executable, *words],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def command(self, *words: str) -> str:
        """What a command of `kontor` says, or its complaint."""
        process = self.start("-c", "import sys; from kontor.cli import main; sys.exit(main())", *words)
        said, complaint = process.communicate()
        return said if process.returncode == 0 else complaint.splitlines()[-1]

    def python(self, code: str) -> str:
        process = self.start("-c", f"import django; django.setup()\n{code}")
        said, complaint = process.communicate()
        assert process.returncode == 0, complaint
        return said

    def contents(self) -> list[dict[str, object]]:
        """Every row of every table of the site's own apps, in a fixed order."""
        said = self.python(
            "from django.core.management import call_command; call_command('dumpdata', use_base_manager=True)"
        )
        return sorted(json.loads(said), key=lambda row: (row["model"], row["pk"]))

    def files(self) -> dict[str, bytes]:
        root = self.data / "files"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def store(self, name: str, content: bytes) -> None:
        path = self.data / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture(scope="module")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Site]]:
    """Makes installations with empty tables, on the kind of database that the tests run on; migrated once and copied."""
    database = settings.DATABASES["default"]
    is_postgresql = "postgresql" in database["ENGINE"]
    keys = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    places = {word: database[key] for word, key in keys.items() if database.get(key)}
    names: list[str] = []

    def administer(statement: str, *words: str) -> None:
        with psycopg.connect(dbname="postgres", autocommit=True, **places) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, words)))

    def make(template: Site | None = None) -> Site:
        name = f"backup_{secrets.token_hex(4)}"
        data = tmp_path_factory.mktemp("site")
        if is_postgresql:
            if template is None:
                administer("CREATE DATABASE {}", name)
            else:
                administer("CREATE DATABASE {} TEMPLATE {}", name, names[0])
            names.append(name)
            secret = f":{quote(places['password'], safe='')}" if "password" in places else ""
            port = f":{places['port']}" if "port" in places else ""
            url = f"postgresql://{places.get('user', '')}{secret}@{port}/{name}?host={places.get('host', '')}"
        else:
            url = f"sqlite:///{data / 'kontor.sqlite3'}"
            if template is not None:
                shutil.copy(template.data / "kontor.sqlite3", data)
        return Site(url=url, data=data)

    migrated = make()
    migrated.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    yield lambda: make(migrated)
    for name in reversed(names):
        administer("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    """A site with people, a running job, a waiting mail and two stored files."""
    site = new_site()
    site.python(FILL)
    site.store("ab/logo.png", b"\x89PNG")
    site.store("plan.json", b"{}")
    return site


def with_mails_held(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        row | {"fields": row["fields"] | {"state": "held"}} if row["model"] == "jobs.mail" else row  # type: ignore[operator]
        for row in rows
    ]


@pytest.mark.slow
def test_a_restored_site_holds_the_same_rows_and_files_and_holds_waiting_mails_back(
    site: Site, new_site: Callable[[], Site], tmp_path: Path
) -> None:
    file = tmp_path / "kontor.backup"
    assert "2 stored files" in site.command("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = new_site()
    assert "restored the site" in other.command("restore", str(file))
    assert other.contents() == with_mails_held(site.contents())
    assert other.files() == site.files() == {"ab/logo.png": b"\x89PNG", "plan.json": b"{}"}
    # New rows get numbers that are free.
    other.python("from kontor.accounts.models import User; User.objects.create_user('new@example.org')")


@pytest.mark.slow
def test_a_backup_that_is_made_while_people_write_holds_one_moment(
    site: Site, new_site: Callable[[], Site], tmp_path: Path
) -> None:
    writer = site.start("-c", f"import django; django.setup()\n{WRITE}")
    assert writer.stdout is not None
    try:
        for number in range(2):
            begun = time.monotonic()
            while float(writer.stdout.readline()) < begun:  # until it has written something new
                pass
            site.command("backup", str(tmp_path / f"{number}.backup"))
        assert writer.poll() is None, writer.communicate()[1]
    finally:
        writer.kill()
        writer.communicate()
    sizes = []
    for number in range(2):
        other = new_site()
        other.command("restore", str(tmp_path / f"{number}.backup"))
        rows = other.contents()
        users = {row["pk"] for row in rows if row["model"] == "accounts.user"}
        actors = {row["fields"]["actor"] for row in rows if row["model"] == "audit.entry"}  # type: ignore[index]
        assert users == actors
        sizes.append(len(users))
    assert 50 < sizes[0] < sizes[1]


@pytest.mark.slow
def test_a_site_that_is_not_empty_is_replaced_only_if_told_so(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "kontor.backup"
    site.command("backup", str(file))
    before = site.contents()
    site.python("from kontor.accounts.models import User; User.objects.create_user('late@example.org')")
    site.store("late.txt", b"late")
    assert site.command("restore", str(file)) == (
        "kontor restore: the site is not empty; --replace throws away what it holds now"
    )
    assert len(site.contents()) == len(before) + 1
    site.command("restore", "--replace", str(file))
    assert site.contents() == with_mails_held(before)
    assert sorted(site.files()) == ["ab/logo.png", "plan.json"]


@pytest.mark.slow
def test_an_existing_file_is_not_overwritten(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "kontor.backup"
    file.write_bytes(b"mine")
    assert site.command("backup", str(file)) == f"kontor backup: {file} exists and is not overwritten"
    assert file.read_bytes() == b"mine"


@pytest.mark.slow
def test_a_damaged_backup_changes_nothing(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "kontor.backup"
    site.command("backup", str(file))
    before, files = site.contents(), site.files()
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "is no backup or is damaged" in site.command("restore", "--replace", str(file))
    assert (site.contents(), site.files()) == (before, files)
    assert sorted(path.name for path in site.data.iterdir() if path.is_dir()) == ["files"]


@pytest.mark.slow
def test_files_stay_if_the_database_cannot_be_replaced(
    site: Site, new_site: Callable[[], Site], tmp_path: Path
) -> None:
    file = tmp_path / "kontor.backup"
    site.command("backup", str(file))
    other = new_site()
    other.store("mine.txt", b"mine")
    code = """
from pathlib import Path
from kontor.cli import restore
restore._replace_sqlite = restore._replace_postgresql = lambda *_: 1 / 0
try:
    restore.restore_backup(Path(FILE), may_replace=True)
except ZeroDivisionError:
    print("refused")
"""
    assert other.python(code.replace("FILE", repr(str(file)))) == "refused\n"
    assert other.files() == {"mine.txt": b"mine"}


# --- what is inside a backup; no site is needed to refuse it


def packed(file: Path, *, name: str = "files/plan.json", content: bytes = b"{}", **manifest: object) -> Path:
    """A backup of one stored file, with something in it that may be wrong."""
    said = {
        "format": 1,
        "vendor": "sqlite",
        "kontor": "0.1.0",
        "created_at": "2018-11-05T01:00:00+00:00",
        "migrations": [],
        "tables": [],
        "members": [{"name": name, "size": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}],
    } | manifest
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(said))
        archive.writestr(name, content)
    return file


def test_a_sound_backup_is_unpacked(tmp_path: Path) -> None:
    manifest = restore._unpack(packed(tmp_path / "file"), tmp_path)
    assert manifest.created_at == "2018-11-05T01:00:00+00:00"
    assert (tmp_path / "files" / "plan.json").read_bytes() == b"{}"


@pytest.mark.parametrize(
    "name",
    [
        "files/../../escaped",
        "../escaped",
        "/escaped",
        "files\\..\\..\\escaped",
        "c:/escaped",
        "elsewhere/escaped",
        "files//escaped",
        "files/./escaped",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    with pytest.raises(restore.Refused, match="leads elsewhere"):
        restore._unpack(packed(tmp_path / "file", name=name), inner)
    assert not list(tmp_path.rglob("*escaped"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"content": b"[]"}, "files/plan.json in the backup is damaged"),
        ({"content": bytes(50_000_000)}, "files/plan.json in the backup is damaged"),  # 50 kB packed
        ({"members": []}, "does not contain exactly what its manifest names"),
        ({"members": [{"name": "files/plan.json"}]}, "has no readable manifest"),
        ({"tables": 7}, "has no readable manifest"),
        ({"format": 2}, "the backup has format 2, this Kontor reads 1"),
    ],
)
def test_contents_that_differ_from_the_manifest_are_refused(
    wrong: dict[str, object], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(restore.Refused, match=reason):
        restore._unpack(packed(tmp_path / "file", **wrong), tmp_path)  # type: ignore[arg-type]
    written = tmp_path.rglob("plan.json")
    assert sum(path.stat().st_size for path in written) <= 2


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100])
def test_a_file_that_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(restore.Refused, match="is no backup or is damaged"):
        restore._unpack(tmp_path / "file", tmp_path)
