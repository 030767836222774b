"""Words about time cut into tokens: dates, times, weekdays, parts of the day, and the small words that join or exclude."""

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kontor.directory.lists.messages import REFUSAL_SENTENCES, sentence
from kontor.directory.names import simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "availability.toml").read_text(encoding="utf-8"))
_ANY_YEAR = 2000
"""A leap year, for lists that are read before the event has days."""


class ImpossibleTime(ValueError):
    """Words that name a day or a time there is not; the row is refused rather than guessed at."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(REFUSAL_SENTENCES, self.code, self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of the text with its meaning; `kind` is a group of the data file, or date, time, number or unknown."""

    kind: str
    word: str = ""
    """Which meaning inside the group."""
    day: dt.date | None = None
    number: int = 0
    """Minutes of a time, or the number itself."""
    start: int
    end: int


def tokenise(text: str, days: Sequence[dt.date]) -> list[Token]:
    """All tokens of the text in order, positions counted in the text; raises ImpossibleTime."""
    plain, origins = _plain(text)
    tokens: list[Token] = []
    position = 0
    while position < len(plain):
        if plain[position].isspace() or plain[position] in ".()!:":
            position += 1
            continue
        token, length = _next_token(
            plain, position, days, written=lambda first, last: text[origins[first] : origins[last - 1] + 1]
        )
        start, end = origins[position], origins[position + length - 1] + 1
        tokens.append(
            Token(kind=token.kind, word=token.word, day=token.day, number=token.number, start=start, end=end)
        )
        position += length
    return tokens


def _next_token(
    plain: str, position: int, days: Sequence[dt.date], *, written: Callable[[int, int], str]
) -> tuple[Token, int]:
    for pattern, make in _numeric_patterns():
        if match := pattern.match(plain, position):
            try:
                return make(match, days), match.end() - position
            except ImpossibleTime as error:
                # The reader is told in the words of the list.
                words = written(match.start(), match.end()).strip(" ,")
                raise ImpossibleTime(error.code, **dict.fromkeys(error.params, words)) from error
    for phrase, kind, word in _phrases():
        if plain.startswith(phrase, position) and _is_whole(plain, position, phrase):
            if kind == "weekdays":
                day = next((day for day in days if day.weekday() == int(word)), None)
                return _token("date" if day else "absent_day", day=day, word=word), len(phrase)
            if kind == "days":
                index = len(days) - 1 if word == "last" else int(word) - 1
                return _token("date", day=days[index]) if index < len(days) else _token("absent_day"), len(
                    phrase
                )
            return _token(kind, word=word), len(phrase)
    match = re.compile(r"[a-z']+|\d+|.", re.DOTALL).match(plain, position)
    length = match.end() - position if match else 1
    return _token("unknown"), length


def _is_whole(plain: str, position: int, phrase: str) -> bool:
    """Latin words must not begin or end inside another; German compounds have been cut apart before."""
    if not phrase[0].isascii() or not phrase[0].isalpha():
        return True
    before = plain[position - 1 : position]
    after = plain[position + len(phrase) : position + len(phrase) + 1]
    return not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha())


def _plain(text: str) -> tuple[str, list[int]]:
    """Lower case without accents, and for each character where it stood in the text."""
    same_length = simplified(text)
    source = same_length if len(same_length) == len(text) else text
    signs: list[str] = []
    origins: list[int] = []
    for index, sign in enumerate(source):
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", sign).casefold())
        for plain in folded:
            if not unicodedata.combining(plain):
                signs.append(plain)
                origins.append(index)
    return _cut_compounds("".join(signs), origins)


def _cut_compounds(plain: str, origins: list[int]) -> tuple[str, list[int]]:
    """'freitagnachmittag' → 'freitag nachmittag'."""
    result: list[str] = []
    places: list[int] = []
    last = 0
    for match in re.finditer(
        r"(?:mon|diens|donners|frei|sams|sonn)tag(?=vor|nach|mit|abend)|mittwoch(?=vor|nach|mit|abend)", plain
    ):
        result += [*plain[last : match.end()], " "]
        places += [*origins[last : match.end()], origins[match.end() - 1]]
        last = match.end()
    return "".join([*result, *plain[last:]]), [*places, *origins[last:]]


def _token(kind: str, *, word: str = "", day: dt.date | None = None, number: int = 0) -> Token:
    return Token(kind=kind, word=word, day=day, number=number, start=0, end=0)


@cache
def _phrases() -> tuple[tuple[str, str, str], ...]:
    """Phrase, group and meaning, the longest phrase first."""
    found = [
        (_plain(phrase)[0], group, word)
        for group, meanings in _DATA.items()
        if group != "months"
        for word, phrases in meanings.items()
        for phrase in phrases
    ]
    return tuple(sorted(found, key=lambda item: -len(item[0])))


@cache
def _months() -> dict[str, int]:
    return {_plain(word)[0]: int(number) for number, words in _DATA["months"].items() for word in words}


_Maker = Callable[[re.Match[str], Sequence[dt.date]], Token]


@cache
def _numeric_patterns() -> tuple[tuple[re.Pattern[str], _Maker], ...]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    year = r"(?P<year>\d{4})"
    day, hour, minute = r"(?P<day>\d{1,2})", r"(?P<hour>\d{1,2})", r"(?P<minute>\d{2})"
    half = r"(?P<half>[ap])\.?m\b\.?"
    return (
        (re.compile(rf"{year}[-/.](?P<month>\d{{1,2}})[-/.]{day}(?!\d)(?:t(?=\d))?"), _date),
        (re.compile(rf"(?:{year}\s*年\s*)?(?P<month>\d{{1,2}})\s*月\s*{day}(?!\d)\s*[日号]?"), _date),
        (
            re.compile(
                rf"{day}(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?P<name>{month})(?![a-z])\.?(?:,?\s*{year})?"
            ),
            _date,
        ),
        (re.compile(rf"(?P<name>{month})\.?\s*{day}(?:st|nd|rd|th)?(?![:\d])(?:,?\s*{year})?"), _date),
        (
            re.compile(
                rf"{day}\.\s?(?P<month>\d{{1,2}})\.(?:\s?(?P<year>\d{{4}}|(?<=\.)\d{{2}})(?![\d:])(?!\s*(?:uhr|h)\b))?"
            ),
            _date,
        ),
        (re.compile(rf"{hour}(?::|：){minute}(?::00)?(?!\d)\s*(?:uhr\b|h\b|hrs\b)?\s*(?:{half})?"), _time),
        (
            re.compile(
                rf"{hour}\.{minute}(?:\s*(?:uhr\b|h\b|{half})|(?=\s*[-–—]\s*\d{{1,2}}\.\d{{2}}\s*(?:uhr|h)))"
            ),
            _time,
        ),
        (re.compile(rf"{hour}\s*(?:uhr|h|o'clock)(?![a-z])"), _time),
        (re.compile(rf"{hour}\s*{half}"), _time),
        (re.compile(rf"{hour}\s*[点时](?:\s*(?P<half_hour>半)|\s*(?P<minute>\d{{1,2}})分?)?"), _time),
        (re.compile(rf"{day}/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?(?!\d)"), _slashed_date),
        (re.compile(rf"{day}\s*[日号]"), _day_of_month),
        (
            re.compile(
                r"(?:day|tag)\s*(?P<n>[1-9])(?!\d)|(?P<m>[1-9])(?:st|nd|rd|th|\.)\s*(?:day|tag)\b|第\s*(?P<k>[1-9])\s*天"
            ),
            _nth_day,
        ),
        (re.compile(r"(?P<number>\d{1,2})(?!\d)(?:st|nd|rd|th|\.)?"), _number),
    )


def _date(match: re.Match[str], days: Sequence[dt.date]) -> Token:
    groups = match.groupdict()
    month = _months()[groups["name"]] if groups.get("name") else int(groups["month"])
    return _token("date", day=_make_day(groups["year"], month, int(groups["day"]), days, match.group()))


def _slashed_date(match: re.Match[str], days: Sequence[dt.date]) -> Token:
    """'1/11' is 1 November or, for Americans, 11 January: the reading that lies in the event wins."""
    first, second, year = int(match["day"]), int(match["month"]), match["year"]
    readings: list[dt.date] = []
    for month, day in ((second, first), (first, second)):
        try:
            readings.append(_make_day(year, month, day, days, match.group()))
        except ImpossibleTime:
            continue
    if not readings:
        raise ImpossibleTime("no_such_day", day=match.group().strip(" ,."))
    return _token("date", day=next((day for day in readings if day in days), readings[0]))


def _day_of_month(match: re.Match[str], days: Sequence[dt.date]) -> Token:
    number = int(match["day"])
    if not 1 <= number <= 31:
        raise ImpossibleTime("no_such_day", day=match.group())
    return _token("day_of_month", number=number, day=next((day for day in days if day.day == number), None))


def _nth_day(match: re.Match[str], days: Sequence[dt.date]) -> Token:
    index = int(match["n"] or match["m"] or match["k"]) - 1
    return _token("date", day=days[index]) if index < len(days) else _token("absent_day")


def _time(match: re.Match[str], _days: Sequence[dt.date]) -> Token:
    groups = match.groupdict()
    hour, minute = int(groups["hour"]), int(groups.get("minute") or 0)
    if groups.get("half_hour"):
        minute = 30
    if groups.get("half"):
        is_twelve_hours = 1 <= hour <= 12
        hour = hour % 12 + (12 if groups["half"] == "p" else 0) if is_twelve_hours else 99
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise ImpossibleTime("no_such_time", time=match.group().strip())
    return _token("time", number=hour * 60 + minute, word=groups.get("half") or "")


def _number(match: re.Match[str], _days: Sequence[dt.date]) -> Token:
    return _token("number", number=int(match["number"]))


def _make_day(year: str | None, month: int, day: int, days: Sequence[dt.date], words: str) -> dt.date:
    """The day meant; without a year, the one nearest to the event."""
    years = (
        [int(year) + (2000 if len(year) == 2 else 0)]
        if year
        else sorted({d.year for d in days}) or [_ANY_YEAR]
    )
    found: list[dt.date] = []
    for candidate in years:
        try:
            found.append(dt.date(candidate, month, day))
        except ValueError:
            continue
    if not found:
        raise ImpossibleTime("no_such_day", day=words.strip(" ,."))
    return next((candidate for candidate in found if candidate in days), found[0])
