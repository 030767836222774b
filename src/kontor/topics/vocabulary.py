"""Concepts in three languages and their tree, read from one file per field."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("de", "en", "zh")
DATA = Path(__file__).parent / "data"

_KEYS = {"id", "broader", "related", "hint", *LANGUAGES}
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A field, a sub-field or a concept below one."""

    id: str
    broader: str | None
    """Id of the sub-field or field above; None for a field."""
    related: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]]
    """Labels in German, English and Chinese, the preferred one first."""
    hint: Mapping[str, str] = field(default_factory=dict)
    """Words per language that tell it from another concept with the same label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a line of a vocabulary file."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """All concepts, each above those that are narrower, fields in the order of their files."""

    concepts: tuple[Concept, ...]
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Id → file and line from which it was read."""
    by_id: Mapping[str, Concept] = field(init=False)
    _narrower: Mapping[str | None, tuple[Concept, ...]] = field(init=False)
    _related: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        narrower: defaultdict[str | None, list[Concept]] = defaultdict(list)
        for concept in self.concepts:
            narrower[concept.broader].append(concept)
        related: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for concept in self.concepts:
            for other in concept.related:
                related[concept.id][other] = None
                related[other][concept.id] = None
        object.__setattr__(self, "by_id", {concept.id: concept for concept in self.concepts})
        object.__setattr__(self, "_related", {name: tuple(others) for name, others in related.items()})
        object.__setattr__(self, "_narrower", {above: tuple(found) for above, found in narrower.items()})

    def __getitem__(self, concept_id: str) -> Concept:
        return self.by_id[concept_id]

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self.by_id

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts)

    def __len__(self) -> int:
        return len(self.concepts)

    def fields(self) -> tuple[Concept, ...]:
        """The top of the tree."""
        return self._narrower.get(None, ())

    def narrower(self, concept_id: str) -> tuple[Concept, ...]:
        """What stands directly below."""
        return self._narrower.get(concept_id, ())

    def related(self, concept_id: str) -> tuple[Concept, ...]:
        """What stands beside, whichever of the two lines says so."""
        return tuple(self.by_id[other] for other in self._related.get(concept_id, ()))

    def below(self, concept_id: str) -> Iterator[Concept]:
        """Everything below, depth first."""
        for concept in self.narrower(concept_id):
            yield concept
            yield from self.below(concept.id)

    def path(self, concept_id: str) -> tuple[Concept, ...]:
        """From the field down to the concept itself."""
        path = [self.by_id[concept_id]]
        while path[-1].broader is not None:
            path.append(self.by_id[path[-1].broader])
        return tuple(reversed(path))


def label(concept: Concept, language: str) -> str:
    """The preferred label in a language of the interface ("de", "en", "zh", "zh-hans", …)."""
    short = language[:2].lower()
    return concept.labels[short if short in LANGUAGES else "en"][0]


def as_title(text: str) -> str:
    """A label as it begins a heading or a line, unless its first word has its own spelling ("mRNA", "n-type")."""
    first = re.split(r"[ -]", text, maxsplit=1)[0]
    return text[0].upper() + text[1:] if len(first) > 1 and first.islower() else text


def read_vocabulary(folder: Path = DATA) -> tuple[Vocabulary, tuple[Fault, ...]]:
    """Everything usable in the files of a folder, and what is wrong in the rest, with file and line."""
    lines, faults = _read_lines(folder)
    kept: dict[str, tuple[Concept, str, int]] = {}
    for concept, file, number in lines:
        if concept.id in kept:
            _, first_file, first_number = kept[concept.id]
            text = f"id {concept.id!r} is already used in {first_file}:{first_number}"
            faults.append(Fault(file=file, line=number, text=text))
        else:
            kept[concept.id] = (concept, file, number)
    ids = {name: concept.broader for name, (concept, _, _) in kept.items()}
    for name, (_, file, number) in list(kept.items()):
        problem = _path_problem(name, ids)
        if problem:
            faults.append(Fault(file=file, line=number, text=problem))
            del kept[name]
    found = {name: _with_known_relations(entry, kept, faults) for name, entry in kept.items()}
    faults.extend(_shared_labels(kept.values()))
    faults.sort(key=lambda fault: (fault.file, fault.line, fault.text))
    places = {name: (file, number) for name, (_, file, number) in kept.items()}
    return Vocabulary(concepts=tuple(found.values()), places=places), tuple(faults)


def _read_lines(folder: Path) -> tuple[list[tuple[Concept, str, int]], list[Fault]]:
    lines: list[tuple[Concept, str, int]] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                lines.append((_concept(line), path.name, number))
            except ValueError as error:
                faults.append(Fault(file=path.name, line=number, text=str(error)))
    return lines, faults


def _concept(line: str) -> Concept:
    """One line as a concept; ValueError says what is wrong with it."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        msg = f"not JSON: {error.msg} at column {error.colno}"
        raise ValueError(msg) from error
    if not isinstance(row, dict):
        msg = "must be a JSON object"
        raise ValueError(msg)
    if unknown := sorted(set(row) - _KEYS):
        msg = f"unknown keys {', '.join(unknown)}"
        raise ValueError(msg)
    name = row.get("id")
    if not isinstance(name, str) or not name or not _ID.issuperset(name):
        msg = f"id must be lower-case ASCII letters, digits and hyphens, not {name!r}"
        raise ValueError(msg)
    broader = row.get("broader")
    if broader is not None and not isinstance(broader, str):
        msg = f"broader of {name!r} must be an id or null, not {broader!r}"
        raise ValueError(msg)
    labels = {language: _texts(row.get(language), f"{language} of {name!r}") for language in LANGUAGES}
    if empty := [language for language, found in labels.items() if not found]:
        msg = f"{name!r} has no label in {', '.join(empty)}"
        raise ValueError(msg)
    hint = row.get("hint") or {}
    if not isinstance(hint, dict) or not all(isinstance(text, str) for text in hint.values()):
        msg = f"hint of {name!r} must map languages to words"
        raise ValueError(msg)
    return Concept(
        id=name,
        broader=broader,
        related=_texts(row.get("related"), f"related of {name!r}"),
        labels=labels,
        hint=hint,
    )


def _texts(value: object, what: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        msg = f"{what} must be a list of words"
        raise ValueError(msg)
    return tuple(dict.fromkeys(text.strip() for text in value))


def _path_problem(name: str, broader: Mapping[str, str | None]) -> str | None:
    """Why the path of a concept reaches no field within three levels; None if it does."""
    path = [name]
    while (above := broader[path[-1]]) is not None:
        if above not in broader:
            return f"broader {above!r} of {path[-1]!r} does not exist"
        path.append(above)
        if len(path) > 3:
            return f"{' < '.join(path)}: more than three levels, or a circle"
    return None


def _with_known_relations(
    entry: tuple[Concept, str, int], known: Mapping[str, object], faults: list[Fault]
) -> Concept:
    concept, file, number = entry
    unknown = [other for other in concept.related if other not in known or other == concept.id]
    if not unknown:
        return concept
    faults.extend(
        Fault(file=file, line=number, text=f"related {other!r} of {concept.id!r} does not exist")
        for other in unknown
    )
    return Concept(
        id=concept.id,
        broader=concept.broader,
        related=tuple(other for other in concept.related if other not in unknown),
        labels=concept.labels,
        hint=concept.hint,
    )


def _shared_labels(lines: Iterable[tuple[Concept, str, int]]) -> Iterator[Fault]:
    """A label of two concepts of one language needs a hint at each of them."""
    users: defaultdict[tuple[str, str], list[tuple[Concept, str, int]]] = defaultdict(list)
    for entry in lines:
        for language, labels in entry[0].labels.items():
            for text in {" ".join(text.casefold().split()) for text in labels}:
                users[language, text].append(entry)
    for (language, text), found in users.items():
        if len(found) < 2:
            continue
        names = ", ".join(concept.id for concept, _, _ in found)
        for concept, file, number in found:
            if language not in concept.hint:
                words = f"{language} label {text!r} is shared by {names}: {concept.id!r} needs a hint in {language}"
                yield Fault(file=file, line=number, text=words)
