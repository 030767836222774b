"""When to stop searching: criteria that a solver asks after each batch of work."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Stop(Protocol):
    """Asked between batches; true means: finish with the best found so far."""

    def __call__(self, iterations: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Stop after a number of iterations; the only criterion that gives the same result on every machine."""

    iterations: int

    def __post_init__(self) -> None:
        if self.iterations < 0:
            raise ValueError(f"iterations must not be negative, got {self.iterations}")

    def __call__(self, iterations: int) -> bool:
        return iterations >= self.iterations


@dataclass(slots=True)
class MaxSeconds:
    """Stop after a wall time in seconds; the clock starts when the criterion is made."""

    seconds: float
    _start: float = field(default_factory=time.monotonic, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"seconds must not be negative, got {self.seconds}")

    @property
    def left_s(self) -> float:
        """Seconds that remain, never negative."""
        return max(0.0, self.seconds - (time.monotonic() - self._start))

    def __call__(self, iterations: int) -> bool:  # noqa: ARG002 -- the protocol passes it
        return self.left_s <= 0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Stop as soon as one of several criteria says so; a cancel button is one of them."""

    criteria: tuple[Callable[[int], bool], ...]

    def __call__(self, iterations: int) -> bool:
        return any(criterion(iterations) for criterion in self.criteria)
