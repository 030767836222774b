"""The rules of the house that no other tool checks; each finding is one line with file, line and rule."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 420
DRAWERS = {"common", "core", "utils", "util", "helpers", "misc"}
# A silence without a reason, or of everything.
BARE_NOQA = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ -- \S)", re.IGNORECASE)
BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\])")
# Written so that this file does not hold what it looks for.
MACHINE = re.compile(
    r"(?<![\w.])/(?:wor[k]|hom[e]|roo[t]|User[s])/[\w.-]+"
    r"|\b(?:192\.168|10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
    r"|\b(?:pypi|files\.pythonhoste[d]|test\.pypi)\.org/"
    r"|--(?:extra-)?index-ur[l]\b"
)
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".yml",
    ".yaml",
    ".json",
    ".jsonl",
    ".po",
    ".cfg",
    ".sh",
    "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule."""

    path: Path
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


def main() -> int:
    """Print what is broken; exit code 1 if anything is."""
    findings = [finding for path in _tracked() for finding in _findings(path)]
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def _tracked() -> list[Path]:
    """Files that belong to the project: what git knows, and what it would take up."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listing.stdout.decode().split("\0")
    return sorted({Path(name) for name in names if name and (ROOT / name).is_file()})


def _findings(path: Path) -> Iterator[Finding]:
    if path.suffix not in TEXT:
        return
    try:
        text = (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # a list in an old encoding, kept as test data
    yield from _each_line(path, text, _names_a_machine)
    if path.suffix != ".py":
        return
    if path.parts[0] == "src" and DRAWERS & {path.stem, *path.parts}:
        yield Finding(path=path, line=1, rule="name it by what it is, not common, core, utils or helpers")
    if "migrations" in path.parts:
        return
    if text.strip() and not ast.get_docstring(ast.parse(text)):
        yield Finding(path=path, line=1, rule="a module begins with a docstring that says what is in it")
    if path.parts[0] == "src" and (num_lines := text.count("\n")) > MAX_LINES:
        yield Finding(path=path, line=num_lines, rule=f"{num_lines} lines; split it, {MAX_LINES} are allowed")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield from _silences(path, token.start[0], token.string)


def _each_line(path: Path, text: str, judge: Callable[[str], str | None]) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), start=1):
        if rule := judge(line):
            yield Finding(path=path, line=number, rule=rule)


def _names_a_machine(line: str) -> str | None:
    found = MACHINE.search(line)
    return f"{found[0]} is of one machine, or names a registry" if found else None


def _silences(path: Path, line: int, comment: str) -> Iterator[Finding]:
    if BARE_NOQA.search(comment):
        yield Finding(path=path, line=line, rule="say why after the rule: # noqa: RULE -- reason")
    if BARE_IGNORE.search(comment):
        yield Finding(path=path, line=line, rule="say which error is ignored: # type: ignore[name]")


if __name__ == "__main__":
    sys.exit(main())
