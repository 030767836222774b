"""What the engine answers: seats, measures, bounds, and for each meeting left out the reason and a remedy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from kontor_engines.meetings._problem import Seat

FactParameter = str | int | float | tuple[int, ...] | tuple[str, ...]
RemedyKind = Literal["free_slot", "other_hall", "add_table", "add_interpreter", "drop_after", "longer_day"]
REMEDY_KINDS: tuple[RemedyKind, ...] = (
    "free_slot",
    "other_hall",
    "add_table",
    "add_interpreter",
    "drop_after",
    "longer_day",
)
"""Cheapest first."""

FACT_TEXTS: Mapping[str, str] = {
    "no_common_slot": "the people of this meeting have no slot in common",
    "slots_not_allowed": "its people share slots {slots}, but the meeting may not take place in them",
    "slots_are_over": "all slots it could take are over (before slot {slot})",
    "person_full": "{person} has {meetings} meetings but only {slots} slots",
    "person_busy": "{person} is in another meeting in slots {slots}",
    "people_unavailable": "its people are not available in slots {slots}",
    "tables_full": "all {tables} tables of hall {hall} are taken in slots {slots}",
    "all_tables_full": "all tables of all halls are taken in slots {slots}",
    "no_interpreter": "there is no {pair} interpreter in slots {slots}",
    "interpreters_busy": "all {count} {pair} interpreters are busy in slots {slots}",
    "interpreters_need_pause": "the free {pair} interpreters need a pause in slots {slots}",
    "interpreters_too_far": "the free {pair} interpreters are too far away in slots {slots}",
    "halls_apart": "the way from or to the neighbouring meeting is too far in slots {slots}",
    "order": "it must lie after {meeting}, which is in slot {slot}",
    "order_before": "it must lie before {meeting}, which is in slot {slot}",
    "locked_unplaced": "it is locked as not placed",
    "too_many_gaps": "somebody would have more than {limit} gaps",
    "too_many_changes": "more than {limit} meetings would change",
    "crowded_out": "every free slot is needed by other meetings of at least the same worth",
}
"""English sentence for each fact code of an unplaced meeting, with the names of its parameters."""

CONFLICT_TEXTS: Mapping[str, str] = {
    "no_common_slot": FACT_TEXTS["no_common_slot"],
    "slots_not_allowed": FACT_TEXTS["slots_not_allowed"],
    "slots_are_over": FACT_TEXTS["slots_are_over"],
    "person_short": "{meetings} meetings of {person} share only the slots {slots}",
    "person_full": FACT_TEXTS["person_full"],
    "pair_short": "{meetings} meetings need {pair} in slots {slots}, where its interpreters can serve {seats}",
    "hall_short": "{meetings} meetings need a table of hall {hall} in slots {slots}, which has {seats} in all",
    "tables_short": "{meetings} meetings need a table in slots {slots}, of which there are {seats} in all",
    "order_impossible": "it can never lie after {meeting}",
}
"""The same for the facts of a conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One reason in a form that any language can say."""

    code: str
    params: Mapping[str, FactParameter] = field(default_factory=dict)

    def __str__(self) -> str:
        return {**FACT_TEXTS, **CONFLICT_TEXTS}[self.code].format_map(
            {key: _words(value) for key, value in self.params.items()}
        )


def _words(value: FactParameter) -> str:
    """A list as people write it: `2, 3 and 5`."""
    if not isinstance(value, tuple):
        return str(value)
    words = [str(part) for part in value]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change of the problem that would place a meeting; which fields are set depends on the kind."""

    kind: RemedyKind
    slots: tuple[int, ...] = ()
    """free_slot, add_table, add_interpreter: where it is needed."""
    people: tuple[str, ...] = ()
    """free_slot: who would have to be free in the slots."""
    meeting: str | None = None
    """free_slot: the meeting that would be allowed there; other_hall: the meeting that would move there."""
    hall: str | None = None
    """other_hall, add_table."""
    pair: str | None = None
    """add_interpreter."""
    after: str | None = None
    """drop_after: `meeting` need no longer lie after this one."""
    day: int | None = None
    """longer_day: the day that would get one more slot at its end."""

    def to_json(self) -> dict[str, object]:
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value not in (None, ())
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Why a meeting was left out, and what would have helped."""

    rule: str
    """H1 to H10, the rule that stops it."""
    facts: tuple[Fact, ...]
    remedy: Remedy | None
    places: int
    """How many unplaced meetings the remedy places, found by applying it."""

    def to_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "facts": [str(fact) for fact in self.facts],
            "remedy": None if self.remedy is None else self.remedy.to_json(),
            "places": self.places,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a plan amounts to; the words are defined in the format."""

    placed: int
    priority: float
    gaps: int
    max_gaps: int
    idle_slots: int
    hall_changes: int
    changes: int
    interpreter_changes: int

    def rank(self, *, count_changes: bool = True) -> tuple[float, int, int, int, int, int]:
        """Smaller is better, in the order of the format; priorities are compared to 1e-6."""
        return (
            -round(self.priority, 6),
            self.changes if count_changes else 0,
            self.gaps,
            self.max_gaps,
            self.idle_slots,
            self.hall_changes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How good a plan can be at best."""

    priority: float
    """No valid plan places more."""
    gaps: int
    """No valid plan with at least this priority and at most these changes has fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A seat, or None, for every meeting of the problem."""

    seats: Mapping[str, Seat | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A plan with its measures, bounds and reasons."""

    instance: str
    seats: Mapping[str, Seat | None]
    unplaced: Mapping[str, Unplaced]
    measures: Measures
    bounds: Bounds
    proved: bool
    """Priority and gaps equal their bounds."""
    seed: int
    iterations: int
    wall_s: float
    cpu_s: float

    def to_json(self) -> dict[str, object]:
        """The file `kontor-plan/1`."""
        return {
            "format": "kontor-plan/1",
            "instance": self.instance,
            "meetings": {key: None if seat is None else seat.to_json() for key, seat in self.seats.items()},
            "unplaced": {key: reason.to_json() for key, reason in self.unplaced.items()},
            "measures": asdict(self.measures),
            "bounds": asdict(self.bounds),
            "proved": self.proved,
            "seed": self.seed,
            "iterations": self.iterations,
            "wall_s": round(self.wall_s, 3),
            "cpu_s": round(self.cpu_s, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The state of a running search."""

    placed: int
    priority: float
    gaps: int
    bound_priority: float
    bound_gaps: int
    iterations: int
    seconds: float
