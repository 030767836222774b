"""Why a meeting has no place, and what would place it, as sentences in the reader's language."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kontor.i18n import content_language
from kontor.meetings.phrases import join_clauses, join_names, join_sentences
from kontor.meetings.queries.unplaced import Names
from kontor.ui.formatting import NO_BREAK, SHORT_WEEKDAY_AND_DAY, format_clock, format_day

_LOCALES = {code: Locale.parse(name) for code, name in (("de", "de"), ("en", "en_GB"), ("zh", "zh_Hans"))}
MANY = 3
"""more time slots than this are counted, not listed"""


def pair_name(pair: str) -> str:
    """German–Chinese, for "de-zh"."""
    languages = _LOCALES[content_language(get_language())].languages
    return "–".join(languages.get(code, code) for code in pair.split("-"))


def when(positions: Sequence[int], names: Names) -> str:
    """Thu 1 Nov 14:00, 14:25; Fri 2 Nov 09:00; or "8 time slots" where they are many."""
    if not positions:
        return ""
    if len(positions) > MANY:
        counted = ngettext("%(count)s time slot", "%(count)s time slots", len(positions))
        return (counted % {"count": len(positions)}).replace(" ", NO_BREAK, 1)
    moments = [names.slots[position] for position in positions]
    days = groupby(moments, lambda moment: format_day(moment, SHORT_WEEKDAY_AND_DAY, zone=names.zone))
    return join_clauses(
        f"{day} " + join_names(format_clock(moment, names.zone) for moment in its_moments)
        for day, its_moments in days
    )


def cause_sentence(cause: Mapping[str, Any], names: Names) -> str:
    """A cause, or a part of a contradiction. Codes are the planning engine's; an unknown one is a bug: KeyError."""
    params = cause["params"]
    slots = params.get("slots", ())
    facts = {
        "person": names.people.get(str(params.get("person", "")), _("somebody")),
        "hall": names.halls.get(str(params.get("hall", "")), ""),
        "pair": pair_name(str(params["pair"])) if params.get("pair") else "",
        "slots": when(slots, names) if isinstance(slots, list | tuple) else slots,
        "meetings": params.get("meetings", 0),
        "tables": params.get("tables", 0),
        "seats": params.get("seats", 0),
        "count": params.get("count", 0),
        "limit": params.get("limit", 0),
        "slot": when([params["slot"]], names) if isinstance(params.get("slot"), int) else "",
    }
    sentences = CAUSES if cause["code"] in CAUSES else CONTRADICTIONS
    return sentences[cause["code"]]() % facts


CAUSES = {
    "no_common_slot": lambda: _("The two have no time slot in common."),
    "slots_not_allowed": lambda: _("The meeting may not take place then: %(slots)s."),
    "slots_are_over": lambda: _("The time for it is over."),
    "person_full": lambda: _("%(person)s agreed to %(meetings)s meetings but has only %(slots)s time slots."),
    "person_busy": lambda: _("%(person)s has other meetings: %(slots)s."),
    "people_unavailable": lambda: _("One of the two is not available: %(slots)s."),
    "tables_full": lambda: _("All %(tables)s tables in %(hall)s are taken: %(slots)s."),
    "all_tables_full": lambda: _("All tables are taken: %(slots)s."),
    "no_interpreter": lambda: _("No interpreter for %(pair)s is there: %(slots)s."),
    "interpreters_busy": lambda: _("All interpreters for %(pair)s are busy: %(slots)s."),
    "interpreters_need_pause": lambda: _("The free interpreters for %(pair)s need a pause: %(slots)s."),
    "interpreters_too_far": lambda: _(
        "The free interpreters for %(pair)s could not walk there in time: %(slots)s."
    ),
    "halls_apart": lambda: _("The way from one hall to the other is too long: %(slots)s."),
    "order": lambda: _("It must come after another meeting."),
    "order_before": lambda: _("It must come before another meeting."),
    "locked_unplaced": lambda: _("It is locked as not placed."),
    "too_many_gaps": lambda: _("Somebody would have more than %(limit)s gaps."),
    "too_many_changes": lambda: _("More than %(limit)s published meetings would change."),
    "crowded_out": lambda: _("Each place it could have is taken by another meeting."),
}


CONTRADICTIONS = {
    "person_short": lambda: _(
        "%(person)s agreed to %(meetings)s meetings that could only take place then: %(slots)s."
    ),
    "pair_short": lambda: _(
        "Meetings that need an interpreter for %(pair)s: %(meetings)s. Interpreters can serve %(seats)s of them then: %(slots)s."
    ),
    "hall_short": lambda: _(
        "Meetings that need a table in %(hall)s: %(meetings)s. Its tables can hold %(seats)s of them then: %(slots)s."
    ),
    "tables_short": lambda: _(
        "Meetings that need a table: %(meetings)s. All tables can hold %(seats)s of them then: %(slots)s."
    ),
    "order_impossible": lambda: _("It can never lie after the meeting that must come first."),
}
"""What cannot work before any planning, by code of the planning engine; what is not here is among the causes."""


def remedy_sentence(remedy: Mapping[str, Any], places: int, names: Names) -> str:
    """What would place it, and how many meetings that places in all."""
    slots = remedy.get("slots") or ()
    people = join_names(names.people.get(one, _("somebody")) for one in remedy.get("people") or ())
    facts = {
        "people": people or _("one of the two"),
        "hall": names.halls.get(str(remedy.get("hall") or ""), ""),
        "pair": pair_name(remedy["pair"]) if remedy.get("pair") else "",
        "slots": when(slots, names),
    }
    sentence = REMEDIES[remedy["kind"]]() % facts
    if places > 1:
        helps = ngettext("(places %(count)s meeting)", "(places %(count)s meetings)", places) % {
            "count": places
        }
        return join_sentences((sentence, helps))
    return sentence


REMEDIES = {
    "free_slot": lambda: _("Ask %(people)s to be there: %(slots)s"),
    "other_hall": lambda: _("Allow another hall: %(hall)s"),
    "add_table": lambda: _("One more table in %(hall)s: %(slots)s"),
    "add_interpreter": lambda: _("One more interpreter for %(pair)s: %(slots)s"),
    "drop_after": lambda: _("Give up the fixed order of the meetings"),
    "longer_day": lambda: _("One more time slot at the end of the day"),
}
