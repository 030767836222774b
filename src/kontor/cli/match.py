"""`kontor match`: profiles in, ranked partners with reasons out; no database."""

import argparse
import csv
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast, get_args

from kontor.topics.analysis import lexicon
from kontor_engines.matching import Match, Mode, Profile, Query, Ranking, balance, prepare, rank

TEXTS = ("offers", "seeks")
LISTS = ("topics_offered", "topics_sought")
PROFILE_KEYS = ("id", "lang", *TEXTS, *LISTS, "organisation")
QUERY_KEYS = (*PROFILE_KEYS, "pool", "mode", "self")
NEIGHBOURS = 3
"""partners who share no more than a field, where no closer one is there"""
CANDIDATES = 100  # of each profile, at least; a balanced choice needs more than it shows

Row = Mapping[str, object]
Made = TypeVar("Made")


class UnusableFileError(Exception):
    """A file that cannot be used, with one message per broken line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of the subcommand."""
    parser.add_argument("profiles", type=Path, help="profiles as JSON Lines, CSV or XLSX")
    parser.add_argument("--queries", type=Path, help="who asks; without it every profile asks once")
    parser.add_argument("--mode", choices=get_args(Mode), default="reciprocal", help="what counts")
    parser.add_argument("--top", type=int, default=20, help="partners per query")
    parser.add_argument("--output", type=Path, help="where to write; without it to the standard output")
    parser.add_argument("--balanced", action="store_true", help="also cap how often a profile is shown")
    parser.add_argument("--quiet", action="store_true", help="no summary")


def run(arguments: argparse.Namespace) -> int:
    """Rank and write; 2 and no output where a file cannot be used."""
    if arguments.top < 1:
        print(f"kontor match: --top must be at least 1, not {arguments.top}", file=sys.stderr)
        return 2
    if arguments.balanced and arguments.queries:
        print(
            "kontor match: --balanced needs every profile to ask, so it excludes --queries", file=sys.stderr
        )
        return 2
    try:
        profiles = read_profiles(arguments.profiles)
        queries = read_queries(arguments.queries, profiles) if arguments.queries else None
    except UnusableFileError as error:
        print(error, file=sys.stderr)
        return 2
    prepared = prepare(profiles, lexicon())
    top = max(CANDIDATES, 3 * arguments.top) if arguments.balanced else arguments.top
    neighbours = top if arguments.balanced else NEIGHBOURS
    rankings = rank(prepared, queries, mode=arguments.mode, top=top, neighbours=neighbours)
    if arguments.balanced:
        rankings = balance(rankings, top=arguments.top)
    lines = (json.dumps(_answer(ranking), ensure_ascii=False) for ranking in rankings)
    if arguments.output is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
    else:
        partial = arguments.output.with_name(f"{arguments.output.name}.partial")
        with partial.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        partial.replace(arguments.output)
    if not arguments.quiet:
        num_matches = sum(len(ranking.matches) for ranking in rankings)
        print(f"{len(profiles)} profiles, {len(rankings)} queries, {num_matches} matches", file=sys.stderr)
    return 0


def read_profiles(path: Path) -> list[Profile]:
    """The profiles of a file; UnusableFileError names every broken line."""
    known = lexicon().index
    profiles: dict[str, Profile] = {}

    def make(row: Row) -> Profile:
        profile = _profile(row, PROFILE_KEYS, known)
        if profile.id in profiles:
            msg = f"id {profile.id!r} is already used"
            raise ValueError(msg)
        profiles[profile.id] = profile
        return profile

    return _read(path, make)


def read_queries(path: Path, profiles: list[Profile]) -> list[Query]:
    """The queries of a file; UnusableFileError names every broken line."""
    known = lexicon().index
    ids = {profile.id for profile in profiles}

    def make(row: Row) -> Query:
        self_id = _text(row, "self")
        if self_id is not None and self_id not in ids:
            msg = f"self {self_id!r} is not the id of a profile"
            raise ValueError(msg)
        pool, mode = _text(row, "pool"), _text(row, "mode")
        return Query(
            profile=_profile(row, QUERY_KEYS, known),
            pool=pool,
            mode=cast("Mode | None", mode),  # Query checks the word
            self_id=self_id,
        )

    return _read(path, make)


def _read(path: Path, make: Callable[[Row], Made]) -> list[Made]:
    """Every row made into something; all broken lines are collected before the file is refused."""
    found: list[Made] = []
    messages: list[str] = []
    try:
        for number, row in _rows(path):
            try:
                if isinstance(row, ValueError):
                    raise row
                found.append(make(row))
            except ValueError as error:
                messages.append(f"{path}:{number}: {error}")
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, KeyError) as error:
        messages.append(f"{path}: cannot be read: {error}")
    if messages:
        raise UnusableFileError(messages)
    return found


def _rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    """Line number and content of each line; the kind of file follows from its name."""
    match path.suffix.lower():
        case ".csv":
            yield from _csv_rows(path)
        case ".xlsx":
            yield from _xlsx_rows(path)
        case _:
            yield from _json_rows(path)


def _json_rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, ValueError(f"not JSON: {error}")
                continue
            yield number, row if isinstance(row, dict) else ValueError("must be a JSON object")


def _csv_rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=sample.count)
        reader = csv.DictReader(file, delimiter=delimiter)
        for row in reader:
            if None in row:
                yield reader.line_num, ValueError("more cells than columns")
            else:
                yield reader.line_num, {key: value for key, value in row.items() if value not in (None, "")}


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    from openpyxl import load_workbook  # only for spreadsheets
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except InvalidFileException as error:
        raise OSError(str(error)) from error
    try:
        rows = iter(book.worksheets[0].iter_rows(values_only=True))
        header = [str(cell) if cell is not None else "" for cell in next(rows, ())]
        for number, cells in enumerate(rows, start=2):
            row = {
                key: value
                if isinstance(value, str)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
                for key, value in zip(header, cells, strict=False)
                if value is not None
            }
            if row:
                yield number, row
    finally:
        book.close()


def _profile(row: Row, keys: tuple[str, ...], known: Mapping[str, int]) -> Profile:
    if unknown := sorted(str(key) for key in row if key not in keys):
        msg = f"unknown keys {', '.join(unknown)}"
        raise ValueError(msg)
    name = _text(row, "id")
    if name is None:
        msg = "id is missing"
        raise ValueError(msg)
    return Profile(
        id=name,
        language=_text(row, "lang"),
        offers=_text(row, "offers") or "",
        seeks=_text(row, "seeks") or "",
        topics_offered=_topics(row, "topics_offered", known),
        topics_sought=_topics(row, "topics_sought", known),
        organisation=_text(row, "organisation"),
    )


def _text(row: Row, key: str) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        msg = f"{key} must be a text, not {value!r}"
        raise ValueError(msg)
    return value or None


def _topics(row: Row, key: str, known: Mapping[str, int]) -> tuple[str, ...]:
    """Ids from a list, or from one cell with commas, semicolons or spaces between."""
    value = row.get(key) or []
    names = re.split(r"[\s,;]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        msg = f"{key} must be a list of ids, not {value!r}"
        raise ValueError(msg)
    if unknown := [name for name in names if name not in known]:
        msg = f"{key} {', '.join(map(repr, unknown))} not in the vocabulary"
        raise ValueError(msg)
    return tuple(dict.fromkeys(names))


def _answer(ranking: Ranking) -> dict[str, object]:
    return {"id": ranking.id, "matches": [_match(match) for match in ranking.matches]}


def _match(match: Match) -> dict[str, object]:
    return {
        "id": match.id,
        "score": match.score,
        "forward": match.forward,
        "backward": match.backward,
        "reasons": [
            {
                "seek": reason.seek,
                "offer": reason.offer,
                "topic": reason.topic,
                "relation": reason.relation,
                "direction": reason.direction,
            }
            for reason in match.reasons
        ],
    }
