"""Labels and what they name, as a mapping that is loaded in one go."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

Named = TypeVar("Named")
Default = TypeVar("Default")


class Labels(Mapping[str, tuple[Named, ...]], Generic[Named]):
    """Label → what it names; the names of all labels stand one behind the other."""

    __slots__ = ("_named", "_places", "_starts")

    def __init__(self, labels: Sequence[str], starts: Sequence[int], named: Sequence[Named]) -> None:
        """`starts` has one entry more than there are labels."""
        self._places = dict(zip(labels, range(len(labels)), strict=True))
        self._starts = starts
        self._named = named

    @classmethod
    def of(cls, labels: Mapping[str, Sequence[Named]]) -> "Labels[Named]":
        """The same as a mapping."""
        starts = [0]
        named: list[Named] = []
        for found in labels.values():
            named.extend(found)
            starts.append(len(named))
        return cls(list(labels), starts, named)

    def __getitem__(self, label: str) -> tuple[Named, ...]:
        place = self._places[label]
        return tuple(self._named[self._starts[place] : self._starts[place + 1]])

    @overload
    def get(self, label: str, /) -> tuple[Named, ...] | None: ...
    @overload
    def get(self, label: str, default: tuple[Named, ...] | Default, /) -> tuple[Named, ...] | Default: ...
    def get(
        self, label: str, default: tuple[Named, ...] | Default | None = None, /
    ) -> tuple[Named, ...] | Default | None:
        """Most words are no label, and that is found out fast."""
        place = self._places.get(label)
        return default if place is None else tuple(self._named[self._starts[place] : self._starts[place + 1]])

    def __contains__(self, label: object) -> bool:
        return label in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def lengths(self) -> list[int]:
        """How many each label names, in order."""
        return [end - begin for begin, end in zip(self._starts, self._starts[1:], strict=False)]

    def all_named(self) -> Sequence[Named]:
        """What all labels name, one behind the other."""
        return self._named
