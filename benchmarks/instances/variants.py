"""The six variants of a published event that the literature uses: more forbidden slots, fixed meetings, or precedences."""

import json
import random
from dataclasses import dataclass
from typing import Any

from instances.meetings import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One kind of change and how much of it."""

    kind: str
    """forbidden, fixed or order."""
    share: float
    """Of person-slots, of meetings, of meetings."""

    def __str__(self) -> str:
        return f"{self.kind} {self.share:.1%}"


VARIANTS = (
    Variant(kind="forbidden", share=0.003),
    Variant(kind="forbidden", share=0.007),
    Variant(kind="fixed", share=0.2),
    Variant(kind="fixed", share=0.4),
    Variant(kind="order", share=0.15),
    Variant(kind="order", share=0.25),
)


def vary(instance: Instance, variant: Variant, seed: int) -> Instance:
    """A copy with that change, the same for the same seed. Nothing promises that everything can still be placed."""
    rnd = random.Random(f"{instance['name']}/{variant}/{seed}")
    changed: dict[str, Any] = json.loads(json.dumps(instance))
    changed["name"] = f"{instance['name']}, {variant}"
    meetings = changed["meetings"]
    num_slots = len(changed["slots"])
    if variant.kind == "forbidden":
        for person in changed["people"]:
            more = {slot for slot in range(num_slots) if rnd.random() < variant.share}
            person["unavailable"] = sorted(more.union(person.get("unavailable") or []))
    elif variant.kind == "fixed":
        free = {person["id"]: _free(person, num_slots) for person in changed["people"]}
        taken: set[tuple[str, int]] = set()
        for meeting in rnd.sample(meetings, int(variant.share * len(meetings))):
            slots = set.intersection(*(free[name] for name in meeting["people"]))
            slots &= set(range(num_slots) if meeting.get("slots") is None else meeting["slots"])
            slots = {slot for slot in slots if not any((name, slot) in taken for name in meeting["people"])}
            if slots and meeting.get("slot") is None:
                meeting["slot"] = rnd.choice(sorted(slots))
                taken.update((name, meeting["slot"]) for name in meeting["people"])
    else:
        for number in rnd.sample(range(1, len(meetings)), int(variant.share * len(meetings))):
            earlier = meetings[number].get("after") or []
            meetings[number]["after"] = sorted({*earlier, meetings[rnd.randrange(number)]["id"]})
    return changed


def _free(person: dict[str, Any], num_slots: int) -> set[int]:
    slots = person.get("slots")
    return set(range(num_slots) if slots is None else slots) - set(person.get("unavailable") or [])
