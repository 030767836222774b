"""Words about time cut into clauses, each with one polarity, its days and its times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kontor.directory.lists.phrases import ImpossibleTime, Token, tokenise

DAY_MIN = 24 * 60
_NOON_MIN = 12 * 60
_STRETCHES = (["date", "date"], ["time", "time"])
_PARTS = {
    "morning": (0, _NOON_MIN),
    "noon": (_NOON_MIN, 14 * 60),
    "afternoon": (_NOON_MIN, 18 * 60),
    "evening": (18 * 60, DAY_MIN),
}


@dataclass(slots=True)
class Clause:
    """A part of the text with one polarity, one set of days and one set of times."""

    text: str
    join: str = ""
    """What stands before it: and, or, stop, or nothing."""
    polarity: str = ""
    is_polarity_last: bool = False
    whole: str = ""
    days: list[dt.date] = field(default_factory=list)
    from_day: dt.date | None = None
    until_day: dt.date | None = None
    parts: list[tuple[int, int]] = field(default_factory=list)
    from_min: int | None = None
    until_min: int | None = None
    is_limit_first: bool = False
    """The limit stands before the day: 'from 15:00 on 1 Nov' means from that moment on."""
    has_absent_day: bool = False
    is_understood: bool = True

    @property
    def has_times(self) -> bool:
        return bool(self.parts) or self.from_min is not None or self.until_min is not None

    @property
    def has_days(self) -> bool:
        return bool(self.days) or self.from_day is not None or self.until_day is not None

    @property
    def says_when(self) -> bool:
        return self.has_days or self.has_times or bool(self.whole) or self.has_absent_day


def read_clauses(text: str, days: Sequence[dt.date]) -> list[Clause]:
    """The clauses of a text in order; raises ImpossibleTime for a day or time there is not."""
    return _carry_polarity([_read_clause(part, text) for part in _cut(tokenise(text, days))])


def _cut(tokens: list[Token]) -> list[list[Token]]:
    """Cut at separators; 'and' between two plain days keeps them together: '1 and 2 November afternoon'."""
    tokens = _resolve_numbers([token for token in tokens if token.kind != "ignored"])
    parts: list[list[Token]] = [[]]
    for index, token in enumerate(tokens):
        if token.kind == "joins":
            previous, following = parts[-1][-1:], tokens[index + 1 : index + 2]
            is_listing = token.word != "stop" and _are_days(previous) and _are_days(following)
            is_between = any(t.word == "between" for t in parts[-1]) and token.word == "and"
            if is_between and following and following[0].kind == "time":
                parts[-1].append(replace(token, kind="limits", word="to"))
            elif not is_listing:
                parts.append([token])
            continue
        if token.word == "not" and any(t.word == "only" for t in parts[-1]):
            parts.append([])
        parts[-1].append(token)
    return [part for part in parts if any(token.kind != "joins" for token in part)]


def _are_days(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[0].kind in {"date", "day_of_month", "absent_day"}


def _resolve_numbers(tokens: list[Token]) -> list[Token]:
    """'1.–2.11.' and '10–12 Uhr': a bare number takes its month or its clock from what follows it."""
    result: list[Token] = []
    for token in reversed(tokens):
        following = next((t for t in reversed(result) if t.kind not in {"joins", "limits"}), None)
        gap = result[-1:] and result[-1].kind in {"joins", "limits"}
        is_short = token.kind == "number" and bool(gap)
        result.append(_like(token, following) if is_short and following else token)
    result.reverse()
    for index, token in enumerate(result):
        beside = [*result[max(index - 1, 0) : index], *result[index + 1 : index + 2]]
        is_limited = any(t.kind == "limits" for t in beside) or any(
            t.word == "between" for t in result[max(index - 3, 0) : index]
        )
        if token.kind == "number" and token.number <= 24 and is_limited:
            # 'from 10 to 12': nothing else has these numbers near such words.
            result[index] = replace(token, kind="time", number=token.number * 60)
            continue
        earlier = [t.day for t in result[:index] if t.kind == "date" and t.day]
        if token.kind == "day_of_month" and earlier:
            day = _replace_day(earlier[-1], token.number)
            result[index] = replace(token, kind="date", day=day)
        elif token.kind == "day_of_month":
            result[index] = replace(token, kind="date" if token.day else "absent_day")
    return _with_half_of_day(result)


def _like(number: Token, following: Token) -> Token:
    if following.kind == "date" and following.day:
        return replace(number, kind="date", day=_replace_day(following.day, number.number))
    if following.kind == "time" and number.number <= 24:
        minutes = number.number * 60
        if following.word == "p" and minutes + _NOON_MIN < following.number:
            minutes += _NOON_MIN
        return replace(number, kind="time", number=minutes)
    return number


def _replace_day(day: dt.date, number: int) -> dt.date:
    try:
        return day.replace(day=number)
    except ValueError as error:
        raise ImpossibleTime("no_such_day", day=f"{number}.{day.month}.") from error


def _with_half_of_day(tokens: list[Token]) -> list[Token]:
    """'下午3点' is one time, 15:00."""
    result: list[Token] = []
    for token in tokens:
        if token.kind != "time" or token.number >= _NOON_MIN + 60:
            result.append(token)
        elif result and result[-1].kind == "parts":
            part = result.pop()
            minute = _in_half(token.number, is_late=part.word in {"afternoon", "evening"})
            result.append(replace(token, number=minute, start=part.start, word=part.word))
        else:
            result.append(replace(token, number=_in_half(token.number, is_late=_follows_afternoon(result))))
    return result


def _in_half(minute: int, *, is_late: bool) -> int:
    return minute + _NOON_MIN if is_late and minute < _NOON_MIN else minute


def _follows_afternoon(tokens: list[Token]) -> bool:
    """In '下午2点到4点' the second time is in the afternoon too."""
    return (
        len(tokens) > 1
        and tokens[-1].kind == "limits"
        and tokens[-2].kind == "time"
        and tokens[-2].word in {"afternoon", "evening"}
    )


def _with_leading_limits(tokens: list[Token]) -> list[Token]:
    """'15–17 Uhr' as 'from 15 until 17' and '15点以后' as 'from 15': afterwards every limit stands before its value."""
    result: list[Token] = []
    for index, token in enumerate(tokens):
        word = {"to": "from", "onwards": "from", "backwards": "before"}.get(token.word, "")
        if (
            token.word == "until"
            and [t.kind for t in (*result[-1:], *tokens[index + 1 : index + 2])] in _STRETCHES
        ):
            # '1.11. bis 2.11.' and '10 bis 12 Uhr'
            word = "from"
        if token.kind != "limits" or not word:
            result.append(token)
            continue
        has_value = bool(result) and result[-1].kind in {"date", "time"}
        has_limit = any(t.kind == "limits" for t in result[-3:])
        if has_value and not has_limit:
            result.insert(len(result) - 1, replace(token, word=word))
        if has_value and token.word in {"to", "until"}:
            result.append(replace(token, word="until"))
    return result


def _read_clause(tokens: list[Token], text: str) -> Clause:
    join = tokens[0].word if tokens[0].kind == "joins" else ""
    body = tokens[1:] if join else tokens
    clause = Clause(text=text[body[0].start : body[-1].end].strip(), join=join)
    last = body[-1]
    clause.is_polarity_last = len(body) > 1 and (last.kind == "polarity" or last.word == "beside")
    mode = ""
    body = _with_leading_limits(body)
    for index, token in enumerate(body):
        match token.kind:
            case "polarity":
                if token.word != "can" or not clause.polarity:
                    clause.polarity = token.word
            case "limits" if token.word == "beside":
                clause.polarity = "not"
            case "limits":
                mode = "from" if token.word == "between" else token.word
            case "whole":
                clause.whole = token.word
            case "parts" if mode or (
                bool(clause.from_day) != bool(clause.until_day) and not clause.has_times
            ):
                start, end = _PARTS[token.word]
                is_end = mode == "until" or (not mode and clause.until_day and token.word != "noon")
                _apply_time(clause, end if is_end and token.word != "noon" else start, mode)
                mode = ""
            case "parts":
                clause.parts.append(_PARTS[token.word])
            case "time":
                _apply_time(clause, token.number, mode)
                mode = ""
            case "date" if token.day:
                is_moment = index + 1 < len(body) and body[index + 1].kind == "time"
                _apply_day(clause, token.day, mode, is_moment=is_moment)
                mode = ""
            case "absent_day":
                clause.has_absent_day = True
                mode = ""
            case _:
                clause.is_understood = False
    if clause.polarity == "not" and not clause.says_when:
        # 'not available' alone.
        clause.whole = "always"
    if mode:
        clause.is_understood = False
    _refuse_backwards(clause)
    return clause


def _apply_day(clause: Clause, day: dt.date, mode: str, *, is_moment: bool) -> None:
    one_day = dt.timedelta(days=0 if is_moment else 1)
    if mode == "from":
        clause.from_day = day
    elif mode == "after":
        clause.from_day = day + one_day
    elif mode == "until":
        clause.until_day = day
    elif mode == "before":
        clause.until_day = day - one_day
    else:
        clause.days.append(day)


def _apply_time(clause: Clause, minute: int, mode: str) -> None:
    if mode in {"until", "before"} or (not mode and clause.until_day and clause.until_min is None):
        clause.until_min = minute
    elif mode or (clause.from_day and clause.from_min is None):
        clause.from_min = minute
    else:
        # '15:00' alone says neither from nor until.
        clause.is_understood = False
    clause.is_limit_first = bool(mode) and not clause.days


def _refuse_backwards(clause: Clause) -> None:
    days_equal = clause.from_day == clause.until_day
    is_backwards = clause.from_day and clause.until_day and clause.from_day > clause.until_day
    if clause.from_min is not None and clause.until_min is not None and days_equal:
        is_backwards = is_backwards or clause.from_min >= clause.until_min
    if is_backwards:
        raise ImpossibleTime("ends_before_it_begins", value=clause.text)


def _carry_polarity(clauses: list[Clause]) -> list[Clause]:
    """'not Friday and Saturday' excludes both, '1日下午、2日上午不行' too; a comma starts afresh."""
    for previous, clause in pairwise(clauses):
        if clause.has_times and not clause.has_days and previous.has_times and not clause.polarity:
            # '1 Nov 10–12 and 14–16'
            clause.days = list(previous.days)
        if clause.join != "stop" and not clause.polarity and not clause.whole:
            clause.polarity = previous.polarity
    for clause, following in reversed(list(pairwise(clauses))):
        may_wait = following.join != "stop" and following.is_polarity_last
        if may_wait and not clause.polarity and not clause.whole:
            clause.polarity = following.polarity
            clause.is_polarity_last = True
    return clauses
