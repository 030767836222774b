"""The whole event as a SAT formula in which only slots are chosen: what it cannot do, no plan can.

Halls, single interpreters, pauses and walks are left out, so its bounds are true for the event; where they do not matter, its
answers are plans. The variables and two implied rules (each person is busy in exactly as many slots as there are meetings; at
most two people per table and slot) follow Bofill et al., JAIR 2022, doi 10.1613/jair.1.12670.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pysat.card import CardEnc, EncType, ITotalizer

from kontor_engines.meetings._clauses import Clauses
from kontor_engines.meetings._model import NONE, Model, days_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Clauses, and for each limit k the assumption that says: at most k gaps (or at most k meetings left out)."""

    clauses: list[list[int]]
    at_most: list[int]
    """Assumption literal for k = 0, 1, 2 …; beyond the end no assumption is needed."""
    wishes: list[int]
    """Literals of which as many as possible should be true: each false one is a gap (or a meeting left out)."""
    people: dict[int, int]
    """Wish → the person whose gap it forbids; empty where meetings are counted."""
    places: dict[tuple[int, int], int]
    """(meeting, slot) → variable."""


def gap_formula(
    model: Model,
    placeable: npt.NDArray[np.bool_],
    most: int,
    suspects: frozenset[int] | None = None,
    *,
    missing: int = 0,
    in_pairs: bool = False,
) -> Formula:
    """Every placeable meeting but at most `missing` is placed; the limit counts gaps, up to `most`.

    With `suspects`, nobody else may have a gap: a much smaller formula. Its solutions are as good, but it refutes nothing, unless
    no gap at all is allowed. Where all meet in pairs at tables, `in_pairs` counts tables by all people instead of by hosts.
    """
    builder = _Builder(model, placeable, in_pairs=in_pairs)
    everybody = range(len(model.position))
    others = frozenset() if suspects is None else frozenset(everybody) - suspects
    if missing:
        builder.at_most([-meeting for meeting in builder.place_some()], missing)
        builder.keep_together(others)
    else:
        builder.place_all(others)
    gaps = {gap: p for p in everybody if p not in others for gap in builder.gaps(p)}
    return builder.finish(list(gaps), most, {-gap: p for gap, p in gaps.items()})


def left_out_formula(model: Model, placeable: npt.NDArray[np.bool_], most: int) -> Formula:
    """Meetings may be left out; the limit counts them, up to `most`."""
    builder = _Builder(model, placeable)
    if model.max_gaps >= 0:
        for p in range(len(model.position)):
            builder.gaps(p)
    return builder.finish([-meeting for meeting in builder.place_some()], most, {})


class _Builder(Clauses):
    def __init__(self, model: Model, placeable: npt.NDArray[np.bool_], *, in_pairs: bool = False) -> None:
        super().__init__()
        self.model = model
        self.in_pairs = in_pairs and not model.fixed.any() and bool((np.diff(model.member_start) == 2).all())
        self.places: dict[tuple[int, int], int] = {}
        self.slots_of: dict[int, list[int]] = {}
        self.at: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self.busy: dict[tuple[int, int], int] = {}
        self.wanted: Counter[int] = Counter()
        self.since: dict[int, list[int]] = {}
        for m in np.flatnonzero(placeable).tolist():
            own = []
            for t in model.options[model.option_start[m] : model.option_start[m + 1]].tolist():
                own.append(self.new())
                self.places[m, t] = self.top
                for p in model.members[model.member_start[m] : model.member_start[m + 1]].tolist():
                    self.at[p, t].append(self.top)
            self.wanted.update(model.members[model.member_start[m] : model.member_start[m + 1]].tolist())
            self.slots_of[m] = own
            self.clauses += [[-a, -b] for a, b in itertools.combinations(own, 2)]
        for key, variables in self.at.items():
            self.clauses += [[-a, -b] for a, b in itertools.combinations(variables, 2)]
            self.busy[key] = self.any_of(variables)
        self._resources()
        self._order()

    def at_most(self, literals: list[int], limit: int) -> None:
        if limit < len(literals):
            self.add(CardEnc.atmost(literals, bound=limit, top_id=self.top, encoding=EncType.totalizer))

    def place_all(self, without_gaps: frozenset[int]) -> None:
        """Every meeting in a slot; each person busy as often as there are meetings, these people in one run."""
        self.clauses += [*self.slots_of.values(), *([steps[0]] for steps in self.since.values())]
        for p, count in self.wanted.items():
            if p in without_gaps:
                self._run(p, count)
                continue
            busy = [var for (q, _), var in self.busy.items() if q == p]
            if count < len(busy):
                self.add(CardEnc.equals(busy, bound=count, top_id=self.top, encoding=EncType.seqcounter))

    def place_some(self) -> list[int]:
        """Variables that say which meetings are placed; each person is busy as often as meetings of the person are."""
        placed = {
            m: self.since[m][0] if m in self.since else self.any_of(own) for m, own in self.slots_of.items()
        }
        model = self.model
        for p, count in self.wanted.items():
            agenda = model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]].tolist()
            mine = self._sorted([placed[m] for m in agenda if m in placed], count)
            busy = self._sorted([var for (q, _), var in self.busy.items() if q == p], count)
            for some, slot in itertools.zip_longest(mine, busy):
                self.clauses += [[-some, slot], [some, -slot]] if slot else [[-some]]
        return list(placed.values())

    def keep_together(self, people: Iterable[int]) -> None:
        """These people have no gap."""
        for p in people:
            self.clauses += [[-level] for level in self.gaps(p)[:1]]

    def _run(self, p: int, count: int) -> None:
        """No gap on any day. On a single day the run is known by its first place, so that order variables (begun here or
        earlier) say everything in a few clauses."""
        days = [day for day in days_of(self.model, p) if any((p, t) in self.busy for t in day)]
        if len(days) != 1 or count > len(days[0]):
            self.keep_together([p])
            return
        latest = len(days[0]) - count
        begun = [self.new() for _ in range(latest + 1)]
        self.clauses += [[-earlier, later] for earlier, later in itertools.pairwise(begun)]
        self.clauses.append([begun[-1]])
        for i, t in enumerate(days[0]):
            inside = [begun[min(i, latest)], *([-begun[i - count]] if i >= count else [])]
            busy = self.busy.get((p, t))
            if busy:
                self.clauses += [[-busy, literal] for literal in inside]
            self.clauses.append([-literal for literal in inside] + ([busy] if busy else []))

    def _resources(self) -> None:
        """Tables (H3) and interpreters of each pair (H4) as numbers; kept meetings are not judged and count nowhere."""
        model = self.model
        hosts = self._hosts()
        for t in range(model.domain.shape[1]):
            here = [m for m, s in self.places if s == t and not model.fixed[m]]
            at_tables = [m for m in here if model.takes_table[m]]
            tables = int(model.capacity[:, t].sum())
            if self.in_pairs and at_tables == here:
                self._even([var for (_, s), var in self.busy.items() if s == t], 2 * tables)
            else:
                self._at_once(at_tables, t, tables, hosts)
            for hall in {int(model.hall_wanted[m]) for m in at_tables} - {NONE}:
                if model.capacity[hall, t] < tables:
                    own = [m for m in at_tables if model.hall_wanted[m] == hall]
                    self._at_once(own, t, int(model.capacity[hall, t]), hosts)
            for pair in {int(model.pair[m]) for m in here} - {NONE}:
                team = model.servers[model.server_start[pair] : model.server_start[pair + 1]]
                own = [m for m in here if model.pair[m] == pair]
                self._at_once(own, t, int(model.on_duty[team, t].sum()), hosts)

    def _hosts(self) -> dict[int, int]:
        """For each meeting one of its people, all of them together as few as a greedy choice finds."""
        left: defaultdict[int, set[int]] = defaultdict(set)
        for m in self.slots_of:
            for p in self.model.members[self.model.member_start[m] : self.model.member_start[m + 1]].tolist():
                left[p].add(m)
        hosts: dict[int, int] = {}
        while left:
            p = max(left, key=lambda q: len(left[q]))
            mine = left.pop(p)
            hosts.update(dict.fromkeys(mine, p))
            for rest in left.values():
                rest.difference_update(mine)
        return hosts

    def _at_once(self, meetings: list[int], t: int, limit: int, hosts: dict[int, int]) -> None:
        """At most so many of the meetings in the slot. Hosts who are busy with one are counted: there are as many, each has one
        at a time, and when the few hosts are busy, a solver then sees what fits before it knows who meets whom."""
        own: defaultdict[int, list[int]] = defaultdict(list)
        for m in meetings:
            own[hosts[m]].append(self.places[m, t])
        self.at_most(
            [
                self.busy[p, t] if variables == self.at[p, t] else self.any_of(variables)
                for p, variables in own.items()
            ],
            limit,
        )

    def _even(self, literals: list[int], limit: int) -> None:
        """An even number of the literals is true, and at most the limit: meetings of two take people two by two."""
        outputs = self._sorted(literals, limit + 1)
        self.clauses += [[-output] for output in outputs[limit:]]
        for odd, even in itertools.zip_longest(outputs[:limit:2], outputs[1:limit:2]):
            self.clauses.append([-odd] if even is None else [-odd, even])

    def _sorted(self, literals: list[int], most: int) -> list[int]:
        """Outputs of a totalizer in both directions, up to `most`: the n-th is true exactly if at least n of the literals are."""
        if len(literals) < 2:
            return literals
        half = len(literals) // 2
        left, right = self._sorted(literals[:half], most), self._sorted(literals[half:], most)
        outputs = [self.new() for _ in range(min(most, len(literals)))]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if i + j:
                    least = [-left[i - 1]] if i else []
                    least += [-right[j - 1]] if j else []
                    self.clauses.append([*least, outputs[min(i + j, most) - 1]])
                if i + j < len(outputs):
                    both = [left[i]] if i < len(left) else []
                    both += [right[j]] if j < len(right) else []
                    self.clauses.append([*both, -outputs[i + j]])
        return outputs

    def _order(self) -> None:
        """H6: if the earlier one is in this slot or later, the later one is in the next or later. Said of all slots from one on,
        not of single ones, each step that a solver takes moves the bounds of the whole chain."""
        model = self.model
        for m in self.slots_of:
            for q in model.before[model.before_start[m] : model.before_start[m + 1]].tolist():
                if q not in self.slots_of:
                    continue
                ours, theirs = self._from_slot_on(m), self._from_slot_on(q)
                for earlier, later in zip(theirs, ours[1:], strict=False):
                    if earlier:
                        self.clauses.append([-earlier, -ours[0], *([later] if later else [])])

    def _from_slot_on(self, m: int) -> list[int]:
        """For each slot, and the end, a variable: the meeting is placed in it or later (0: it cannot be)."""
        if m not in self.since:
            steps = [0] * (self.model.domain.shape[1] + 1)
            for t in range(len(steps) - 2, -1, -1):
                here, later = self.places.get((m, t), 0), steps[t + 1]
                steps[t] = self.any_of([here, later]) if here and later else here or later
            self.since[m] = steps
        return self.since[m]

    def gaps(self, p: int) -> list[int]:
        """Variables of which the n-th is true if the person has n gaps or more (H9: more than `max_gaps` are forbidden)."""
        ends = []
        for day in days_of(self.model, p):
            for end in self.ends_of_gaps([self.busy.get((p, t), 0) for t in day]):
                ends.append(self.new())
                self.clauses.append([ends[-1], *end])
        if not ends:
            return []
        levels = self._sorted(ends, max(1, self.wanted[p] - 1))
        self._stay_together(p, levels[0])
        if self.model.max_gaps >= 0:
            self.clauses += [[-level] for level in levels[self.model.max_gaps :]]
            levels = levels[: self.model.max_gaps]
        return levels

    def _stay_together(self, p: int, some_gap: int) -> None:
        """Implied: who has no gap is busy between two busy places, and these are not further apart than there are meetings. One
        clause for each pair lets a solver see at once what a wish for no gap means."""
        for day in days_of(self.model, p):
            for (i, s), (j, t) in itertools.combinations(enumerate(day), 2):
                if (p, s) not in self.busy or (p, t) not in self.busy:
                    continue
                ends = [some_gap, -self.busy[p, s], -self.busy[p, t]]
                between = [self.busy.get((p, u), 0) for u in day[i + 1 : j]]
                if j - i >= self.wanted[p] or not all(between):
                    self.clauses.append(ends)
                else:
                    self.clauses += [[*ends, busy] for busy in between]

    def finish(self, counted: list[int], most: int, people: dict[int, int]) -> Formula:
        outputs: list[int] = []
        if counted:
            total = ITotalizer(lits=counted, ubound=min(most, len(counted) - 1), top_id=self.top)
            self.clauses += total.cnf.clauses
            outputs = [-literal for literal in total.rhs]
            total.delete()
        return Formula(
            clauses=self.clauses,
            at_most=outputs,
            wishes=[-literal for literal in counted],
            people=people,
            places=self.places,
        )
