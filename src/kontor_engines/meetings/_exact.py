"""The exact arm of the search: what the SAT solvers are asked, and what their answers prove about every valid plan."""

from functools import partial

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Ints, Model
from kontor_engines.meetings._race import Race, Suspects

MOST_LEFT_OUT = 20
"""Meetings that a plan may leave out if its gaps are looked at: beyond, a formula says next to nothing."""
SPARE = 4
"""Meetings left out that can be counted beyond those of the best plan, which may break a limit."""


class Exact:
    """One race after the other: how few meetings must be left out, and how few gaps plans have that leave out no more worth than
    the best. While nothing shows that some must be left out, a plan of all is asked for gaps at once."""

    def __init__(self, model: Model, placeable: npt.NDArray[np.bool_], first_gaps: int) -> None:
        self.missing = 0
        """No valid plan leaves out fewer of the placeable meetings."""
        self.is_at_work = False
        self.first_gaps = first_gaps
        """What is known without solvers: no plan of all has fewer gaps."""
        self._model, self._placeable = model, placeable
        self._sums = np.concatenate([[0.0], np.cumsum(np.sort(model.priority[placeable]))])
        self._least: dict[float, int] = {}
        self._samples: dict[Suspects, tuple[float, int]] = {}
        self._race: Race | None = None
        self._most: int | None = None
        """How many meetings may be left out in the race for gaps; None in the race for meetings."""
        self._is_missing_final = False

    @property
    def lost(self) -> float:
        """No valid plan leaves out less worth."""
        return float(self._sums[min(self.missing, len(self._sums) - 1)])

    def least_gaps(self, lost: float) -> int:
        """No valid plan that leaves out at most this worth has fewer gaps."""
        return max((gaps for worth, gaps in self._least.items() if lost <= worth + 1e-6), default=0)

    def note(self, suspects: Suspects, lost: float, gaps: int) -> None:
        """Remember who has gaps in a good plan."""
        self._samples[suspects] = (lost, gaps)

    def follow(self, plan: Ints, lost: float, gaps: int) -> dict[int, int] | None:
        """Let the solvers go on beside the search, whose best plan leaves out this worth; the slots of a plan that they found."""
        left_out = int(np.count_nonzero(self._placeable & (plan[0] == NONE)))
        may_be_left_out = int(np.searchsorted(self._sums, lost + 1e-6, side="right")) - 1
        most = may_be_left_out if left_out == self.missing or self._is_missing_final else None
        if most is not None and most > MOST_LEFT_OUT:
            return None
        if self._race is None or most != self._most:
            self.end()
            self._race, self._most = self._new_race(most, left_out, gaps), most
        race = self._race
        race.follow(sorted(self._samples, key=self._samples.__getitem__))
        if most is None:
            self.missing = max(self.missing, race.low)
            self._is_missing_final = race.is_over
        elif race.is_impossible:
            self.missing = max(self.missing, most + 1)
        else:
            self._least[lost] = max(self.least_gaps(lost), min(race.low, gaps))
        found, race.found = race.found, None
        return None if found is None else found[1]

    def _new_race(self, most: int | None, left_out: int, gaps: int) -> Race:
        # PySAT is slow to import
        from kontor_engines.meetings._formula import gap_formula, left_out_formula

        self.is_at_work = True
        if most is None:
            limits = max(left_out, self.missing) + SPARE
            return Race(left_out_formula(self._model, self._placeable, limits), self.missing)
        narrowed = partial(gap_formula, self._model, self._placeable, gaps, missing=most)
        return Race(narrowed(), self.first_gaps if most == 0 else 0, narrowed)

    def end(self) -> None:
        """Stop the solvers."""
        if self._race is not None:
            self._race.end()
