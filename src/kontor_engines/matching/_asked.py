"""Who is asked for the best partners, what comes back, and the constants of the score: for the plain way and the compiled one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._packed import Ints

Floats = NDArray[np.float64]

ONE_WAY_SHARE = 0.05
SCORE_SCALE = 1e6  # scores are rounded: sums in another order must not change a ranking


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Who is asked for one asker, and how."""

    is_oneway: NDArray[np.bool_]
    """(askers) only the asker's needs count."""
    pools: Ints
    """(askers) place in LANGUAGES of the partners; -1: all."""
    selves: Ints
    """(askers) prepared profile that asks and is not returned; -1: none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Best:
    """The best partners of every asker; rows are padded with partner -1."""

    partners: Ints
    """(askers, top) prepared profiles, best first."""
    scores: Floats
    """(askers, top) 0 … 1."""
