"""The memory of the compiled search: four flat arrays and the table of what lies where in them.

Numba passes each array of a structure by value and counts its references, which makes small functions on a structure of fifty
arrays slow to compile and to run. So the kernel knows four arrays: `a` holds every part that consists of whole numbers, `f`
the real numbers, `b` the bits, and `o` the offset of each part, the sizes, and the counters of the running search.
`a[o[SLOT] + m]` is the slot of meeting m; `a[o[AT] + p * o[SLOTS] + t]` the meeting of person p in slot t.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Ints, Model

_entries = iter(range(200))


def _next(count: int) -> list[int]:
    return [next(_entries) for _ in range(count)]


# Sizes: of the problem, words of bits per person, words per day, limits of H9 and H10 (-1: none),
# words of bits that hold all slots.
MEETINGS, SLOTS, PEOPLE, HALLS, INTERPRETERS, WORDS, DAY_WORDS, MAX_GAPS, MAX_CHANGES, SLOT_WORDS = _next(10)

# Counters: meetings left out, people with gaps to lose, gaps, idle slots, changes, gaps beyond H9; last mark; meetings
# that gave way and that the last exchange moved; insertions in vain since the last that left fewer meetings out.
NUM_OUT, NUM_GAPPED, SUM_GAPS, SUM_IDLE, SUM_CHANGES, SUM_OVER, STAMP, NUM_SWITCHED, LIFTED, IN_VAIN = _next(
    10
)

# Parts of `a` that the search never writes; each is described in `Model`.
OPTION_START, OPTIONS, MEMBER_START, MEMBERS, AGENDA_START, AGENDA = _next(6)
BIT, SLOT_AT, JOINED, CAPACITY, HALL_WANTED, TAKES_TABLE, FAR, HAS_FAR = _next(8)
PAIR, SERVER_START, SERVERS, ON_DUTY, MAX_RUN = _next(5)
BEFORE_START, BEFORE, AFTER_START, AFTER, FIXED, WAS_SLOT, WAS_HALL = _next(7)

# Parts of `a` that hold the plan. Of each meeting (-1: none):
SLOT, HALL, INTERPRETER = _next(3)
# (people, slots), (interpreters, slots): the meeting there, -1: none. (halls, slots): tables taken.
AT, SERVES, USED = _next(3)
# Of each person: gaps, idle places, and the gaps that cannot be avoided.
GAPS, IDLE, LEAST = _next(3)
# The first NUM_OUT entries of OUT are the meetings left out that may be placed; OUT_PLACE says where each stands, -1: nowhere.
OUT, OUT_PLACE = _next(2)
# The same for people with more gaps than they must have.
GAPPED, GAPPED_PLACE = _next(2)
# (slots, meetings): the meetings of each slot in no order, how many, and where each stands.
TOGETHER, TOGETHER_COUNT, TOGETHER_PLACE = _next(3)
# Scratch of one move: chain that last held a meeting, meetings lifted and where they were, (64, 3) meetings that gave way, each
# with the hall and the interpreter it had. All but the first have one part for the present exchange and MAX_OWED parts for those
# that are owed for; how much of each is in use.
MARK, CHAIN, OLD_SLOT, OLD_HALL, OLD_INTERPRETER, SWITCHED, OWED_LIFTED, OWED_SWITCHED = _next(8)

# Parts of `f`: worth of each meeting, cost of leaving it out, cost of each person, and two single numbers: the sum of placed
# priorities and the weight of an idle slot.
PRIORITY, WEIGHT, COST, PLACED, IDLE_WEIGHT = _next(5)

# Parts of `b`: the domain of each meeting; of each person the places that count and the busy ones; and one number, the state of
# the random generator.
DOMAIN, OPEN, BUSY, RANDOM = _next(4)

NUM_ENTRIES = next(_entries)
MAX_SWITCHED = 64
MAX_OWED = 3
"""Exchanges that may be owed for at a time."""


class Memory(NamedTuple):
    """The four arrays, in the order in which every compiled function takes them."""

    a: npt.NDArray[np.int32]
    o: npt.NDArray[np.int64]
    f: npt.NDArray[np.float64]
    b: npt.NDArray[np.uint64]

    def part(self, entry: int, length: int) -> npt.NDArray[np.int32]:
        """One part of `a`, as a view."""
        begin = self.o[entry]
        return self.a[begin : begin + length]


EMPTY = Memory(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint64))


def new_memory(model: Model, seed: int, least: Ints | None = None) -> Memory:
    """A state in which nothing is placed yet; `least` says how many gaps each person cannot avoid."""
    num_meetings, num_slots = model.domain.shape
    num_people = len(model.counts)
    num_words = (int(model.bit.max(initial=0)) // 64 // model.day_words + 1) * model.day_words
    num_halls, num_interpreters = len(model.far), len(model.max_run)
    domain = _bits(model.domain)
    o = np.zeros(NUM_ENTRIES, np.int64)
    for entry, size in (
        (MEETINGS, num_meetings),
        (SLOTS, num_slots),
        (PEOPLE, num_people),
        (HALLS, num_halls),
        (INTERPRETERS, num_interpreters),
        (WORDS, num_words),
        (DAY_WORDS, model.day_words),
        (MAX_GAPS, model.max_gaps),
        (MAX_CHANGES, model.max_changes),
        (SLOT_WORDS, domain.shape[1]),
    ):
        o[entry] = size
    movable = np.flatnonzero((model.fixed == 0) & model.domain.any(axis=1))
    out = np.full(num_meetings, NONE, np.int32)
    out_place = out.copy()
    out[: len(movable)] = movable
    out_place[movable] = np.arange(len(movable))
    o[NUM_OUT] = len(movable)
    o[SUM_CHANGES] = np.count_nonzero(model.was_slot >= 0)

    slot_at = np.full(64 * num_words, NONE, np.int32)
    slot_at[model.bit] = np.arange(num_slots)

    def full(value: int, *shape: int) -> npt.NDArray[np.int32]:
        return np.full(shape, value, np.int32)

    whole = (
        (OPTION_START, model.option_start),
        (OPTIONS, model.options),
        (MEMBER_START, model.member_start),
        (MEMBERS, model.members),
        (AGENDA_START, model.agenda_start),
        (AGENDA, model.agenda),
        (BIT, model.bit),
        (SLOT_AT, slot_at),
        (JOINED, model.joined),
        (CAPACITY, model.capacity),
        (HALL_WANTED, model.hall_wanted),
        (TAKES_TABLE, model.takes_table),
        (FAR, model.far),
        (HAS_FAR, model.has_far),
        (PAIR, model.pair),
        (SERVER_START, model.server_start),
        (SERVERS, model.servers),
        (ON_DUTY, model.on_duty),
        (MAX_RUN, model.max_run),
        (BEFORE_START, model.before_start),
        (BEFORE, model.before),
        (AFTER_START, model.after_start),
        (AFTER, model.after),
        (FIXED, model.fixed),
        (WAS_SLOT, model.was_slot),
        (WAS_HALL, model.was_hall),
        (SLOT, full(NONE, num_meetings)),
        (HALL, full(NONE, num_meetings)),
        (INTERPRETER, full(NONE, num_meetings)),
        (AT, full(NONE, num_people, num_slots)),
        (SERVES, full(NONE, num_interpreters, num_slots)),
        (USED, full(0, num_halls, num_slots)),
        (GAPS, full(0, num_people)),
        (IDLE, full(0, num_people)),
        (LEAST, full(0, num_people) if least is None else least),
        (OUT, out),
        (OUT_PLACE, out_place),
        (GAPPED, full(NONE, num_people)),
        (GAPPED_PLACE, full(NONE, num_people)),
        (TOGETHER, full(NONE, num_slots, num_meetings)),
        (TOGETHER_COUNT, full(0, num_slots)),
        (TOGETHER_PLACE, full(NONE, num_meetings)),
        (MARK, full(0, num_meetings)),
        (CHAIN, full(NONE, 1 + MAX_OWED, num_meetings)),
        (OLD_SLOT, full(NONE, 1 + MAX_OWED, num_meetings)),
        (OLD_HALL, full(NONE, 1 + MAX_OWED, num_meetings)),
        (OLD_INTERPRETER, full(NONE, 1 + MAX_OWED, num_meetings)),
        (SWITCHED, full(NONE, 1 + MAX_OWED, MAX_SWITCHED, 3)),
        (OWED_LIFTED, full(0, 1 + MAX_OWED)),
        (OWED_SWITCHED, full(0, 1 + MAX_OWED)),
    )
    start = np.uint64((seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 | 1)
    real = (
        (PRIORITY, model.priority),
        (WEIGHT, model.weight),
        (COST, np.zeros(num_people)),
        (PLACED, np.zeros(1)),
        (IDLE_WEIGHT, np.array([model.idle_weight])),
    )
    opened = np.zeros((num_people, 64 * num_words), bool)
    opened[:, model.bit] = model.counts
    bits = (
        (OPEN, _bits(opened)),
        (DOMAIN, domain),
        (BUSY, np.zeros((num_people, num_words), np.uint64)),
        (RANDOM, np.array([start], np.uint64)),
    )
    return Memory(_pack(o, whole, np.int32), o, _pack(o, real, np.float64), _pack(o, bits, np.uint64))


def _bits(rows: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Each row of truth values as words of bits, the first value lowest."""
    padded = np.pad(rows != 0, ((0, 0), (0, -rows.shape[1] % 64)))
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _pack(
    o: npt.NDArray[np.int64], parts: Sequence[tuple[int, npt.NDArray[Any]]], kind: type[np.generic]
) -> npt.NDArray[Any]:
    """The parts one after the other; notes in `o` where each begins."""
    begin = 0
    for entry, values in parts:
        o[entry] = begin
        begin += values.size
    return np.concatenate([values.astype(kind).ravel() for _, values in parts])
