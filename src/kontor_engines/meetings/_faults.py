"""Collecting what is wrong with a file, each fault with its place, and reading typed values on the way."""

import math
from collections.abc import Mapping, Sequence
from typing import NoReturn

MAX_FAULTS = 100


class FormatError(ValueError):
    """A file that breaks its format; `faults` says where and how, up to 100 of them."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults[:MAX_FAULTS])
        super().__init__("; ".join(self.faults))


class Faults:
    """Reads values of a parsed JSON file; a wrong one is noted and replaced by a harmless one, so that reading goes on."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, text: str) -> None:
        self.found.append(f"{place}: {text}" if place else text)

    def raise_if_any(self) -> None:
        if self.found:
            self.stop()

    def stop(self) -> NoReturn:
        raise FormatError(self.found)

    def mapping(
        self, value: object, place: str, *, required: Sequence[str] = (), optional: Sequence[str] = ()
    ) -> dict[str, object]:
        """An object with exactly the required keys and some of the optional ones."""
        if not isinstance(value, Mapping):
            self.add(place, f"must be an object, got {describe(value)}")
            return {}
        known = {*required, *optional}
        for key in value:
            if key not in known:
                self.add(place, f"unknown key {describe(key)}")
        for key in required:
            if key not in value:
                self.add(place, f'key "{key}" is missing')
        return {str(key): part for key, part in value.items()}

    def rows(self, value: object, place: str) -> list[object]:
        if isinstance(value, (list, tuple)):
            return list(value)
        self.add(place, f"must be a list, got {describe(value)}")
        return []

    def text(self, value: object, place: str) -> str:
        if isinstance(value, str) and value:
            return value
        self.add(place, f"must be a text that is not empty, got {describe(value)}")
        return ""

    def integer(
        self, value: object, place: str, *, low: int | None = None, high: int | None = None
    ) -> int | None:
        """A whole number within the limits, else None."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(place, f"must be a whole number, got {describe(value)}")
            return None
        if low is not None and value < low:
            self.add(place, f"must be at least {low}, got {value}")
            return None
        if high is not None and value > high:
            self.add(place, f"must be at most {high}, got {value}")
            return None
        return value

    def slot(self, value: object, place: str, num_slots: int) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(place, f"must be a slot number, got {describe(value)}")
            return None
        if not 0 <= value < num_slots:
            self.add(place, f"no slot {value}")
            return None
        return value

    def slot_set(self, value: object, place: str, num_slots: int) -> frozenset[int]:
        """A list of different slots."""
        found: set[int] = set()
        for number, part in enumerate(self.rows(value, place)):
            slot = self.slot(part, f"{place}[{number}]", num_slots)
            if slot is None:
                continue
            if slot in found:
                self.add(f"{place}[{number}]", f"slot {slot} stands twice")
            found.add(slot)
        return frozenset(found)

    def positive(self, value: object, place: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.add(place, f"must be a number, got {describe(value)}")
            return 1.0
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number) or number <= 0:
            self.add(place, f"must be a finite number above 0, got {describe(value)}")
            return 1.0
        return number

    def flag(self, value: object, place: str, default: bool) -> bool:
        if isinstance(value, bool):
            return value
        self.add(place, f"must be true or false, got {describe(value)}")
        return default


def describe(value: object) -> str:
    """A value as a message shows it: short, in JSON's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value[:60]}"'
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    return str(value)[:60]
