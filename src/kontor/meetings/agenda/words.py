"""An agenda in words: times on two clocks, places, and the sentence that says the state of a day.

Everything is composed in the active language; documents activate the reader's language around it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.lists import format_list
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

from kontor.meetings.agenda.entries import AgendaDay, AgendaEntry, LocalTime, Zone, current_entry, next_entry
from kontor.ui import formatting

LONG_WEEKDAY_AND_DAY = {"de": "EEEE, d. MMMM y", "en": "EEEE, d MMMM y", "zh": "y年M月d日 EEEE"}

STILL_THERE = timedelta(minutes=30)
"""So long after an entry its owner is taken to be in the same hall."""


@lru_cache(maxsize=4096)
def local_time(moment: datetime, *, place: Zone, reader: Zone) -> LocalTime:
    there, here = moment.astimezone(place.info), moment.astimezone(reader.info)
    if there.utcoffset() == here.utcoffset():
        return LocalTime(place=f"{there:%H:%M}", reader=None, reader_day=None)
    other_day = here.date() if here.date() != there.date() else None
    return LocalTime(place=f"{there:%H:%M}", reader=f"{here:%H:%M}", reader_day=other_day)


def both_times(moment: datetime, *, place: Zone, reader: Zone) -> str:
    """Both clocks with their cities: "14:00 Jinan · 07:00 Dresden"."""
    clocks = formatting.format_both_times(moment, place.info, reader.info, place=place.city, home=reader.city)
    return " · ".join(filter(None, clocks))


def format_day(on: date, *, with_year: bool = False) -> str:
    """Thursday, 1 November, with the year on paper that is kept."""
    return formatting.format_day(on, LONG_WEEKDAY_AND_DAY if with_year else formatting.WEEKDAY_AND_DAY)


def pair_name(pair: tuple[str, str], language: str | None = None) -> str:
    first, second = (formatting.language_name(one, language) for one in pair)
    return f"{first}–{second}"


def place_words(entry: AgendaEntry) -> str:
    """Where an entry is: "Table A07, Hall E"."""
    return table_words(entry.table, entry.booth, entry.hall.name.text if entry.hall else "")


def table_words(table: str, booth: str, hall: str) -> str:
    """Where a meeting is: "Table A07, Hall E", a booth instead of the table, the hall alone where it has neither."""
    return _place(table, booth, hall, get_language())


@lru_cache(maxsize=4096)
def _place(table: str, booth: str, hall: str, _language: str | None) -> str:
    if table:
        return gettext("Table %(table)s, %(hall)s") % {"table": table, "hall": hall}
    if booth:
        return gettext("Booth %(booth)s, %(hall)s") % {"booth": booth, "hall": hall}
    return hall


def state_words(entry: AgendaEntry, place: Zone) -> str:
    """What people have to know of an entry that is not as it was planned first: "moved from 13:40", "cancelled"."""
    if entry.state == "cancelled":
        return pgettext("meeting", "cancelled")
    if entry.state == "planned":
        return ""
    if entry.moved_from is None:
        return pgettext("meeting", "other table")
    before, now = (moment.astimezone(place.info) for moment in (entry.moved_from, entry.starts_at))
    if before.date() == now.date():
        return gettext("moved from %(time)s") % {"time": f"{before:%H:%M}"}
    words = {"day": format_day(before.date()), "time": f"{before:%H:%M}"}
    return gettext("moved from %(day)s, %(time)s") % words


def title_words(entry: AgendaEntry) -> str:
    """Whom or what an entry is about, in the reader's script: organisations of a meeting, title of a session."""
    if entry.title is not None:
        return entry.title.reading.text
    names = [(person.organisation or person.name).reading.text for person in entry.counterparts]
    return _join(list(dict.fromkeys(names)))


# The sentence under the heading


def lead(day: AgendaDay, *, at: datetime, place: Zone) -> str:
    """The state of a day in words: how much there is, and what comes next when and where."""
    today = at.astimezone(place.info).date()
    amount = amount_words(day)
    if not amount:
        return gettext("Nothing is planned for you on this day.")
    words = {"things": amount}
    if day.on == today:
        sentences = [gettext("%(things)s today.") % words, _what_comes_next(day, at=at, place=place)]
    else:
        first = next(entry for entry in day.entries if entry.takes_place)
        starts = f"{first.starts_at.astimezone(place.info):%H:%M}"
        sentences = [gettext("%(things)s on this day.") % words]
        if day.on > today:
            is_one = sum(entry.takes_place for entry in day.entries) == 1
            told = gettext("It starts at %(time)s.") if is_one else gettext("The first starts at %(time)s.")
            sentences.append(told % {"time": starts})
    cancelled = sum(entry.state == "cancelled" for entry in day.entries)
    if cancelled:
        sentences.append(
            ngettext("One meeting is cancelled.", "%(count)s meetings are cancelled.", cancelled)
            % {"count": cancelled}
        )
    separator = "" if _is_chinese() else " "
    return separator.join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def amount_words(day: AgendaDay) -> str:
    """How much takes place on a day: "four meetings and one forum"; empty if nothing does."""
    going = [entry for entry in day.entries if entry.takes_place]
    meetings = sum(entry.kind == "meeting" for entry in going)
    forums = sum(entry.session_kind == "forum" for entry in going)
    return _amount(meetings, forums, len(going) - meetings - forums, get_language())


@lru_cache(maxsize=1024)
def _amount(meetings: int, forums: int, sessions: int, _language: str | None) -> str:
    things = []
    if meetings:
        things.append(ngettext("one meeting", "%(count)s meetings", meetings) % {"count": _count(meetings)})
    if forums:
        things.append(ngettext("one forum", "%(count)s forums", forums) % {"count": _count(forums)})
    if sessions:
        things.append(ngettext("one session", "%(count)s sessions", sessions) % {"count": _count(sessions)})
    return _join(things)


def _what_comes_next(day: AgendaDay, *, at: datetime, place: Zone) -> str:
    now, entry = current_entry(day.entries, at=at), next_entry(day.entries, at=at)
    if now is not None and now.kind == "meeting":
        ends = f"{now.ends_at.astimezone(place.info):%H:%M}"
        return gettext("Your meeting runs until %(time)s.") % {"time": ends}
    if entry is None:
        return (
            gettext("Nothing more is planned for you today.")
            if now is None
            else _session_runs(now, place=place)
        )
    words = {
        "when": _when(entry, at=at, place=place),
        "where": _where(entry, day, at=at),
        "title": title_words(entry),
    }
    if entry.kind == "meeting" and words["where"]:
        return gettext("Your next meeting starts %(when)s, %(where)s.") % words
    if entry.kind == "meeting":
        return gettext("Your next meeting starts %(when)s.") % words
    if words["where"]:
        return gettext("“%(title)s” starts %(when)s, %(where)s.") % words
    return gettext("“%(title)s” starts %(when)s.") % words


def _session_runs(entry: AgendaEntry, *, place: Zone) -> str:
    ends = f"{entry.ends_at.astimezone(place.info):%H:%M}"
    return gettext("“%(title)s” runs until %(time)s.") % {"title": title_words(entry), "time": ends}


def _when(entry: AgendaEntry, *, at: datetime, place: Zone) -> str:
    # Rounded up: whoever reads "in one minute" must not find the others already seated.
    minutes = -((at - entry.starts_at) // timedelta(minutes=1))
    if minutes <= 60:
        return ngettext("in one minute", "in %(count)s minutes", minutes) % {"count": minutes}
    return gettext("at %(time)s") % {"time": f"{entry.starts_at.astimezone(place.info):%H:%M}"}


def _where(entry: AgendaEntry, day: AgendaDay, *, at: datetime) -> str:
    before = [other for other in day.entries if other.takes_place and other.starts_at <= at and other.hall]
    if before and before[-1].hall == entry.hall and at - before[-1].ends_at <= STILL_THERE:
        return gettext("in the hall you are in")
    words = {"table": entry.table, "booth": entry.booth, "hall": entry.hall.name.text if entry.hall else ""}
    if entry.table:
        return gettext("at table %(table)s, %(hall)s") % words
    if entry.booth:
        return gettext("at booth %(booth)s, %(hall)s") % words
    return words["hall"]


_NUMBERS = (
    pgettext_lazy("number", "two"),
    pgettext_lazy("number", "three"),
    pgettext_lazy("number", "four"),
    pgettext_lazy("number", "five"),
    pgettext_lazy("number", "six"),
    pgettext_lazy("number", "seven"),
    pgettext_lazy("number", "eight"),
    pgettext_lazy("number", "nine"),
    pgettext_lazy("number", "ten"),
    pgettext_lazy("number", "eleven"),
    pgettext_lazy("number", "twelve"),
)


def _count(number: int) -> str:
    """Small numbers as words where the language writes them so."""
    return str(_NUMBERS[number - 2]) if 2 <= number <= 12 else str(number)


def _join(things: Sequence[str]) -> str:
    return format_list(things, locale=_locale())


def _is_chinese() -> bool:
    return formatting.short_language() == "zh"


def _locale() -> Locale:
    return formatting.LOCALES[formatting.short_language()]
