"""Keeps the interface catalogues with Babel and Django alone: extracts, merges, checks and compiles."""

import argparse
import ast
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "kontor"
PLURAL_FORMS = {"de": "nplurals=2; plural=(n != 1);", "zh_Hans": "nplurals=1; plural=0;"}
NUM_FORMS = {"de": 2, "zh_Hans": 1}
# Which arguments of each function hold the context and the message.
KEYWORDS = {
    "_": (None, (0,)),
    "gettext": (None, (0,)),
    "gettext_lazy": (None, (0,)),
    "gettext_noop": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "ngettext_lazy": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "pgettext_lazy": (0, (1,)),
    "npgettext": (0, (1, 2)),
    "npgettext_lazy": (0, (1, 2)),
}
HEADER = """\
# The interface of Kontor. Written by tools/messages.py: no dates, no line numbers, sorted.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
ANONYMOUS = re.compile(r"%[sdifr]|\{\w*\}")
UNTRIMMED = re.compile(r"\s*blocktrans(late)?\b")
TRANSLATE = re.compile(r"""\s*trans(?:late)?\s+(?!["'])""")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message and its translation in one language."""

    msgid: str
    context: str = ""
    plural: str = ""
    forms: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def key(self) -> Key:
        """What gettext looks a message up by: the plural does not count."""
        return self.msgid, self.context

    @property
    def name(self) -> str:
        """How the entry is called in complaints."""
        return f"{self.msgid!r}" + (f" ({self.context})" if self.context else "")

    def is_translated(self, language: str) -> bool:
        """Whether every form that the language needs is there."""
        needed = NUM_FORMS[language] if self.plural else 1
        return len(self.forms) == needed and all(self.forms)


Entries = dict[Key, Entry]


class CatalogueError(Exception):
    """Says what is wrong with an input, so that nothing is written."""


def source_files(source: Path) -> Iterator[Path]:
    """Python files and templates whose texts readers see; migrations show nothing to anybody."""
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source).parts
        is_template = "templates" in inside and path.suffix in {".html", ".txt"}
        if (path.suffix == ".py" and "migrations" not in inside) or is_template:
            yield path


def as_python(path: Path) -> str:
    """The file as Python source; a template becomes gettext calls at the start of lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def borrowed(source: Path) -> Entries:
    """Messages of Django and allauth that readers meet and that our catalogues say in our words."""
    path = source / "locale" / "borrowed.json"
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    entries = [Entry(msgid=row["msgid"], plural=row.get("plural", "")) for row in rows]
    return {entry.key: entry for entry in entries}


def extract(source: Path) -> Entries:
    """Every message that the sources ask gettext for, and those that packages ask for on our pages."""
    found = borrowed(source)
    for path in source_files(source):
        code = io.BytesIO(as_python(path).encode())
        for _line, function, arguments, _comments in extract_python(code, dict.fromkeys(KEYWORDS), [], {}):
            given = cast("str | tuple[str, ...] | None", arguments)
            texts = (given,) if isinstance(given, str) else given or ()
            context_at, message_at = KEYWORDS[str(function)]
            if len(texts) <= message_at[-1] or not texts[message_at[0]]:
                continue
            entry = Entry(
                msgid=texts[message_at[0]],
                plural=texts[message_at[1]] if len(message_at) > 1 else "",
                context=texts[context_at] if context_at is not None else "",
            )
            earlier = found.get(entry.key)
            if earlier and earlier.plural and entry.plural and earlier.plural != entry.plural:
                raise CatalogueError(
                    f"{path}: {entry.name} has two plurals: {earlier.plural!r}, {entry.plural!r}"
                )
            if earlier is None or entry.plural:
                found[entry.key] = entry
    return found


def catalogue_path(source: Path, language: str) -> Path:
    """Where the catalogue of a language stands."""
    return source / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, language: str) -> Entries:
    """The entries of a catalogue; none if the file does not exist yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    entries: Entries = {}
    for message in catalogue:
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        entry = Entry(
            msgid=ids[0],
            plural=ids[1] if len(ids) > 1 else "",
            context=message.context or "",
            forms=tuple(form or "" for form in forms) if any(forms) else (),
            fuzzy=message.fuzzy,
        )
        entries[entry.key] = entry
    return entries


def to_babel(entries: Entries, language: str) -> Catalog:
    """The entries as Babel's catalogue, sorted so that the same entries give the same file."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for _key, entry in sorted(entries.items()):
        forms = entry.forms or ("",) * NUM_FORMS[language]
        catalogue.add(
            (entry.msgid, entry.plural) if entry.plural else entry.msgid,
            forms if entry.plural else forms[0],
            flags=["fuzzy"] if entry.fuzzy else [],
            context=entry.context or None,
        )
    return catalogue


def write_catalogue(path: Path, language: str, entries: Entries) -> None:
    """Replaces the file in one step, so that a reader never sees half a catalogue."""
    body = io.BytesIO()
    write_po(body, to_babel(entries, language), width=0, no_location=True, omit_header=True, sort_output=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    header = HEADER.format(language=language, plural_forms=PLURAL_FORMS[language])
    beside.write_bytes(header.encode() + body.getvalue().strip() + b"\n")
    beside.replace(path)


@contextmanager
def lock(source: Path) -> Iterator[None]:
    """Lets one process at a time read and write the catalogues."""
    folder = source / "locale"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def merge(entry: Entry, earlier: Entry | None) -> Entry:
    """The extracted entry with the translation that the catalogue has, if it still fits the plural."""
    if earlier is None or not earlier.forms:
        return entry
    if bool(earlier.plural) != bool(entry.plural):
        return Entry(msgid=entry.msgid, context=entry.context, plural=entry.plural)
    fuzzy = earlier.fuzzy or earlier.plural != entry.plural
    return Entry(
        msgid=entry.msgid, context=entry.context, plural=entry.plural, forms=earlier.forms, fuzzy=fuzzy
    )


def update(source: Path, *, prune: bool = False) -> list[str]:
    """Brings the catalogues up to the sources. What no source asks for stays until `prune`."""
    found = extract(source)
    report = []
    with lock(source):
        for language in PLURAL_FORMS:
            path = catalogue_path(source, language)
            known = read_catalogue(path, language)
            entries = {} if prune else dict(known)
            entries |= {key: merge(entry, known.get(key)) for key, entry in found.items()}
            write_catalogue(path, language, entries)
            missing = sum(not entry.is_translated(language) for entry in entries.values())
            report.append(f"{language}: {len(entries)} entries, {missing} untranslated")
    return report


def placeholder_complaint(entry: Entry) -> str | None:
    """Each form may use the message's placeholders only, and the last (or only) form must use all of them."""
    singular = set(PLACEHOLDER.findall(entry.msgid))
    required = set(PLACEHOLDER.findall(entry.plural)) if entry.plural else singular
    for number, form in enumerate(entry.forms, start=1):
        used = set(PLACEHOLDER.findall(form))
        needed = required if number == len(entry.forms) else singular & required
        if not needed <= used or not used <= singular | required:
            return f"{entry.name}: placeholders differ in {form!r}"
    return None


def parse_additions(text: str) -> dict[str, list[Entry]]:
    """The entries of a JSON file by language, refused as a whole if one is not complete and correct."""
    additions: dict[str, list[Entry]] = {language: [] for language in PLURAL_FORMS}
    for row in json.loads(text):
        for language, name in (("de", "de"), ("zh_Hans", "zh")):
            given = row.get(name)
            entry = Entry(
                msgid=row["msgid"],
                context=row.get("context") or "",
                plural=row.get("plural") or "",
                forms=(given,) if isinstance(given, str) else tuple(given or ()),
            )
            if not entry.is_translated(language):
                needed = NUM_FORMS[language] if entry.plural else 1
                raise CatalogueError(f"{entry.name}: {name} needs {needed} form(s), not {given!r}")
            if complaint := placeholder_complaint(entry):
                raise CatalogueError(f"{complaint} ({name})")
            additions[language].append(entry)
    return additions


def add(source: Path, text: str) -> int:
    """Merges translations from JSON, whether or not a source asks for them yet; returns how many messages."""
    additions = parse_additions(text)
    with lock(source):
        for language, entries in additions.items():
            path = catalogue_path(source, language)
            known = read_catalogue(path, language)
            write_catalogue(path, language, known | {entry.key: entry for entry in entries})
    return len(additions["de"])


def check_python(path: Path) -> Iterator[str]:
    """Texts that extraction cannot read: anything but a literal in a gettext call."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
            continue
        context_at, message_at = KEYWORDS[node.func.id]
        for position in (*message_at, *(() if context_at is None else (context_at,))):
            argument = node.args[position] if position < len(node.args) else None
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                yield f"{path}:{node.lineno}: {node.func.id}() needs literal texts with %(name)s for values"
                break


def check_template(path: Path) -> Iterator[str]:
    """Translation tags whose text extraction or a formatter would change."""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type is not TokenType.BLOCK:
            continue
        if UNTRIMMED.match(token.contents) and "trimmed" not in token.split_contents():
            yield f"{path}:{token.lineno}: blocktranslate needs trimmed"
        if TRANSLATE.match(token.contents):
            yield f"{path}:{token.lineno}: translate needs a literal text"


def check_entry(entry: Entry, language: str, found: Entries) -> str | None:
    """What is wrong with an entry of a catalogue; None if nothing is."""
    if entry.key not in found:
        return f"obsolete: {entry.name} (update --prune removes it)"
    if entry.plural != found[entry.key].plural:
        return f"plural differs from the source: {entry.name}"
    if not entry.is_translated(language):
        return f"missing: {entry.name}"
    if entry.fuzzy:
        return f"fuzzy: {entry.name}"
    return placeholder_complaint(entry)


def check(source: Path) -> list[str]:
    """Everything that keeps a reader from a correct text, one line each."""
    complaints: list[str] = []
    for path in source_files(source):
        complaints += check_python(path) if path.suffix == ".py" else check_template(path)
    found, foreign = extract(source), borrowed(source)
    for key, entry in found.items():
        if key in foreign:
            continue  # its placeholders are not ours to choose
        for text in (entry.msgid, entry.plural):
            if ANONYMOUS.search(PLACEHOLDER.sub("", text.replace("%%", ""))):
                complaints.append(f"anonymous placeholder: {entry.name}")
    for language in PLURAL_FORMS:
        entries = read_catalogue(catalogue_path(source, language), language)
        complaints += [f"{language}: missing: {found[key].name}" for key in found if key not in entries]
        for entry in entries.values():
            if complaint := check_entry(entry, language, found):
                complaints.append(f"{language}: {complaint}")
    return complaints


def compile_catalogues(source: Path) -> None:
    """Writes the files that Django reads."""
    with lock(source):
        for language in PLURAL_FORMS:
            path = catalogue_path(source, language)
            beside = path.with_suffix(f".{os.getpid()}")
            with beside.open("wb") as file:
                write_mo(file, to_babel(read_catalogue(path, language), language))
            beside.replace(path.with_suffix(".mo"))


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools/messages.py", description=__doc__)
    parser.add_argument("--source", type=Path, default=SOURCE, help="the folder with sources and locale/")
    commands = parser.add_subparsers(dest="command", required=True)
    updating = commands.add_parser("update", help="bring the catalogues up to the sources")
    updating.add_argument("--prune", action="store_true", help="drop what no source asks for")
    adding = commands.add_parser("add", help="merge translations from JSON files")
    adding.add_argument("files", nargs="+", type=Path, help="[{msgid, context, plural, de, zh}, …]")
    commands.add_parser("check", help="fail if a text is missing or wrong")
    commands.add_parser("compile", help="write the .mo files")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns 1 if something is wrong with texts or input."""
    arguments = parse_arguments(words)
    source = cast("Path", arguments.source)
    try:
        if arguments.command == "update":
            print("\n".join(update(source, prune=arguments.prune)))
        elif arguments.command == "add":
            for file in arguments.files:
                print(f"{file}: {add(source, file.read_text(encoding='utf-8'))} messages")
        elif arguments.command == "check":
            complaints = check(source)
            print("\n".join(complaints) or "The catalogues are complete.")
            return 1 if complaints else 0
        else:
            compile_catalogues(source)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
