"""When somebody has time, from words such as 'not Friday afternoon' or '11月1日下午不行', as intervals on the event's days."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kontor.directory.lists.clauses import DAY_MIN, Clause, read_clauses

# Spreadsheets count days; a date cell without its format looks like 43405.
_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Time on one day of the event, half open, in the event's local time."""

    day: str
    """ISO date."""
    start_min: int
    """Minutes since midnight, 0 to 1440."""
    end_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityReading:
    """What the words leave of the event's days."""

    is_always: bool = True
    """Nothing is excluded; `intervals` is then empty."""
    intervals: tuple[Interval, ...] = ()
    not_understood: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    """Words about days on which the event does not take place."""


def read_availability(text: str, days: Sequence[dt.date]) -> AvailabilityReading:
    """Read the words against the event's days; a day or time there is not raises ImpossibleTime."""
    days = sorted(set(days))
    text = _without_spreadsheet_date(text.strip())
    if not text:
        return AvailabilityReading()
    clauses = read_clauses(text, days)
    unclear = tuple(clause.text for clause in clauses if not clause.is_understood)
    clauses = [clause for clause in clauses if clause.is_understood and clause.says_when]
    if not days:
        return AvailabilityReading(not_understood=(text,))
    outside = tuple(clause.text for clause in clauses if _is_outside(clause, days))
    mask = _combine(clauses, days)
    intervals = _intervals(mask, days)
    if mask == _full(days):
        return AvailabilityReading(not_understood=unclear, outside=outside)
    return AvailabilityReading(is_always=False, intervals=intervals, not_understood=unclear, outside=outside)


def _without_spreadsheet_date(text: str) -> str:
    if text.isdecimal() and len(text) == 5:
        return (_SPREADSHEET_EPOCH + dt.timedelta(days=int(text))).isoformat()
    return text


def _combine(clauses: list[Clause], days: list[dt.date]) -> int:
    """Stretches add up, limits such as an arrival narrow, exclusions are taken away."""
    windows: list[tuple[Clause, int]] = []
    limits, excluded = _full(days), 0
    for clause in clauses:
        mask, is_limit = _mask(clause, days)
        if clause.polarity == "not":
            excluded |= mask
        elif is_limit and clause.polarity != "only":
            limits &= mask
        else:
            windows.append((clause, mask))
    return _unite(windows, days) & limits & ~excluded


def _unite(windows: list[tuple[Clause, int]], days: list[dt.date]) -> int:
    if not windows:
        return _full(days)
    with_days = [(clause, mask) for clause, mask in windows if clause.has_days or clause.has_absent_day]
    without_days = [mask for clause, mask in windows if not (clause.has_days or clause.has_absent_day)]
    on_days = _union(mask for _, mask in with_days)
    if with_days and without_days and not any(clause.has_times for clause, _ in with_days):
        # '1 Nov, mornings only' is the morning of 1 November.
        return on_days & _union(without_days)
    return on_days | _union(without_days)


def _union(masks: Iterable[int]) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result


def _mask(clause: Clause, days: list[dt.date]) -> tuple[int, bool]:
    """The minutes of a clause, one bit each, and whether it is a limit of the whole stay such as an arrival."""
    if clause.whole == "never":
        return 0, False
    is_excluding = clause.polarity == "not"
    start, end = clause.from_min or 0, DAY_MIN if clause.until_min is None else clause.until_min
    is_one_sided = (clause.from_min is None) != (clause.until_min is None)
    if len(clause.days) == 1 and clause.is_limit_first and is_one_sided and clause.polarity in {"", "can"}:
        # 'from 15:00 on 1 Nov': from that moment on, the following days included.
        day = clause.days[0]
        moment = (
            _stretch(days, day, start, None, DAY_MIN)
            if clause.until_min is None
            else _stretch(days, None, 0, day, end)
        )
        return moment, True
    if clause.from_day or clause.until_day:
        if (
            clause.from_min is not None
            and clause.until_min is not None
            and not (clause.from_day and clause.until_day)
        ):
            # 'from 1 Nov 10–12': every day from then on, at these times.
            chosen = _stretch(days, clause.from_day, 0, clause.until_day, DAY_MIN)
            return chosen & _every_day(days, [(start, end)]), not is_excluding
        chosen = _stretch(days, clause.from_day, start, clause.until_day, end)
        if clause.parts:
            chosen &= _every_day(days, clause.parts)
        for day in clause.days:
            chosen |= _every_day([day], clause.parts or [(0, DAY_MIN)], among=days)
        return chosen, not (clause.from_day and clause.until_day)
    times = list(clause.parts)
    if clause.from_min is not None or clause.until_min is not None:
        times = [(max(start, a), min(end, b)) for a, b in times if max(start, a) < min(end, b)] or [
            (start, end)
        ]
    chosen_days = clause.days if clause.days or clause.has_absent_day else days
    return _every_day(chosen_days, times or [(0, DAY_MIN)], among=days), False


def _stretch(days: list[dt.date], first: dt.date | None, start: int, last: dt.date | None, end: int) -> int:
    """All minutes from a moment to a moment, over the days between."""
    result = 0
    for index, day in enumerate(days):
        if (first and day < first) or (last and day > last):
            continue
        lower = start if day == first or first is None else 0
        upper = end if day == last or last is None else DAY_MIN
        result |= _bits(index, lower, upper)
    return result


def _every_day(
    chosen: Sequence[dt.date], times: Sequence[tuple[int, int]], *, among: Sequence[dt.date] = ()
) -> int:
    days = list(among or chosen)
    return _union(
        _bits(days.index(day), start, end)
        for day in chosen
        if day in days
        for start, end in times
        if start < end
    )


def _bits(index: int, start: int, end: int) -> int:
    return ((1 << max(end - start, 0)) - 1) << (index * DAY_MIN + start)


def _full(days: list[dt.date]) -> int:
    return (1 << (len(days) * DAY_MIN)) - 1


def _is_outside(clause: Clause, days: list[dt.date]) -> bool:
    named = [*clause.days, *filter(None, (clause.from_day, clause.until_day))]
    return clause.has_absent_day or (bool(clause.days) and not any(day in days for day in named))


def _intervals(mask: int, days: list[dt.date]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for index, day in enumerate(days):
        minutes = (mask >> (index * DAY_MIN)) & ((1 << DAY_MIN) - 1)
        position = 0
        while minutes:
            skipped = (minutes & -minutes).bit_length() - 1
            minutes >>= skipped
            length = (~minutes & (minutes + 1)).bit_length() - 1
            position += skipped
            found.append(Interval(day=day.isoformat(), start_min=position, end_min=position + length))
            minutes >>= length
            position += length
    return tuple(found)
