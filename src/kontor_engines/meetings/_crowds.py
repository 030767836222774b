"""Crowds: meetings that together need more places than there are (a set that violates Hall's condition)."""

from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd(Generic[Place]):
    """Meetings of which at least those in `left_out` cannot be placed."""

    left_out: tuple[int, ...]
    """As many, and of as little worth, as possible at best."""
    members: frozenset[int]
    """All that compete with them."""
    places: frozenset[Place]
    """All that the members could take; each of them is full."""


def find_crowd(
    options: Mapping[int, Collection[Place]], room: Mapping[Place, int], worth: Mapping[int, float]
) -> Crowd[Place]:
    """Who must be left out if each meeting takes one of its places and each place holds so many.

    Meetings are seated in the order of their worth, each along a shortest augmenting path; sets that can be seated are a
    matroid (the transversal matroid), so what this leaves out is worth the least possible.
    """
    holders: dict[Place, set[int]] = defaultdict(set)
    left_out = [
        m
        for m in sorted(options, key=lambda m: (-worth[m], len(options[m]), m))
        if not _seat(m, options, room, holders)
    ]
    members: set[int] = set()
    places: set[Place] = set()
    for m in left_out:
        reached, taken = _reach(m, options, holders)
        members |= reached
        places |= taken
    return Crowd(left_out=tuple(left_out), members=frozenset(members), places=frozenset(places))


def fits(options: Mapping[int, Collection[Place]], room: Mapping[Place, int], members: Sequence[int]) -> bool:
    """Whether all these meetings can be seated together."""
    holders: dict[Place, set[int]] = defaultdict(set)
    return all(_seat(m, options, room, holders) for m in members)


def _seat(
    first: int,
    options: Mapping[int, Collection[Place]],
    room: Mapping[Place, int],
    holders: dict[Place, set[int]],
) -> bool:
    """Seat one more, moving others along a path (breadth first)."""
    if not options[first]:
        return False
    roomiest = max(options[first], key=lambda place: room.get(place, 0) - len(holders[place]))
    if room.get(roomiest, 0) > len(holders[roomiest]):
        holders[roomiest].add(first)
        return True
    came: dict[Place, int] = {}
    left: dict[int, Place] = {}
    queue = deque([first])
    while queue:
        m = queue.popleft()
        for place in options[m]:
            if place in came:
                continue
            came[place] = m
            if len(holders[place]) < room.get(place, 0):
                _pass_on(place, came, left, holders)
                return True
            for other in sorted(holders[place]):
                if other not in left and other != first:
                    left[other] = place
                    queue.append(other)
    return False


def _pass_on(
    place: Place, came: Mapping[Place, int], left: Mapping[int, Place], holders: dict[Place, set[int]]
) -> None:
    """Everybody on the path to a free place moves one place on."""
    while True:
        m = came[place]
        holders[place].add(m)
        if m not in left:
            return
        place = left[m]
        holders[place].discard(m)


def _reach(
    first: int, options: Mapping[int, Collection[Place]], holders: Mapping[Place, set[int]]
) -> tuple[set[int], set[Place]]:
    """Everybody who would have to give way for one who is left out, and the places in question."""
    members = {first}
    places: set[Place] = set()
    queue = deque([first])
    while queue:
        for place in options[queue.popleft()]:
            if place not in places:
                places.add(place)
                fresh = holders.get(place, set()) - members
                members |= fresh
                queue.extend(sorted(fresh))
    return members, places
