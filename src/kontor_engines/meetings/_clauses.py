"""What every formula about slots is made of: variables, “one of these”, and where the gaps of somebody end."""

from collections.abc import Iterator, Sequence
from typing import Any


class Clauses:
    """Clauses of a formula that grows; literals are variables from 1 on, negative where they are denied."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = []
        self.top = 0
        """The last variable."""

    def new(self) -> int:
        """A variable of its own."""
        self.top += 1
        return self.top

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that is true if and only if one of these is."""
        if len(literals) == 1:
            return literals[0]
        some = self.new()
        self.clauses += [[some, -literal] for literal in literals]
        self.clauses.append([-some, *literals])
        return some

    def add(self, card: Any) -> None:
        """Take over the clauses of an encoding that were numbered from `top` on."""
        self.top = max(self.top, card.nv)
        self.clauses += card.clauses

    def ends_of_gaps(self, day: Sequence[int]) -> Iterator[list[int]]:
        """For each place of a day (the literal that says: busy; 0 where the person cannot be) the clause that no gap ends there:
        it is not busy after an idle place and a busy one before."""
        before = last = 0
        for now in day:
            if now and before:
                yield [-now, -before, *([last] if last else [])]
            if last:
                before = self.any_of([before, last]) if before else last
            last = now
