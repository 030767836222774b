"""Compile the scoring and keep it on disk, so that nobody waits later: `python -m kontor_engines.matching.compile`."""

from dataclasses import dataclass, field

import numpy as np

from kontor_engines.matching import LANGUAGES, Profile, WordLists, compile_lexicon, prepare
from kontor_engines.matching._asked import Asked
from kontor_engines.matching._kernel import best_partners_compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concept:
    id: str = "laser"
    broader: str | None = None
    related: tuple[str, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"de": ("Laser",), "en": ("laser",), "zh": ("激光",)}
    )
    hint: dict[str, str] = field(default_factory=dict)


def compile_kernels() -> None:
    """Rank two tiny profiles with the compiled functions."""
    none = WordLists(function=frozenset(), quiet=frozenset(), generic=frozenset(), negation=frozenset())
    lexicon = compile_lexicon([_Concept()], words=dict.fromkeys(LANGUAGES, none), simplify={})
    profiles = [
        Profile(id="a", language="de", offers="Laser", seeks="Optik"),
        Profile(id="b", language="en", offers="optics", seeks="laser"),
    ]
    prepared = prepare(profiles, lexicon)
    asked = Asked(
        is_oneway=np.zeros(2, dtype=np.bool_),
        pools=np.full(2, -1, dtype=np.int32),
        selves=np.arange(2, dtype=np.int32),
    )
    best_partners_compiled(prepared.packed, prepared, asked, width=1)


if __name__ == "__main__":
    compile_kernels()
