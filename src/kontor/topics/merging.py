"""What a file from elsewhere would change in the vocabulary, and the data files with those changes in them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kontor.topics.skos import Described
from kontor.topics.vocabulary import LANGUAGES, Concept, Vocabulary, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What comes of it."""

    changed: tuple[Concept, ...]
    """new concepts and changed ones, as they would be; those above first"""
    sentences: tuple[str, ...]
    """each change in a line"""
    unusable: tuple[str, ...]
    """what cannot be taken over, and why"""


def merge(vocabulary: Vocabulary, described: Iterable[Described]) -> Merge:
    """A concept that is described whole replaces ours; otherwise its labels join ours. What is not named stays."""
    changed: list[Concept] = []
    sentences: list[str] = []
    unusable: list[str] = []
    for one in described:
        known = vocabulary.by_id.get(one.id)
        if known is None and not one.is_whole:
            missing = ", ".join(language for language in LANGUAGES if language not in one.labels)
            lacking = f"no label in {missing}" if missing else "a language without a preferred label"
            unusable.append(f"{one.id}: not in the vocabulary, and {lacking}")
            continue
        wanted = _wanted(one, known)
        if known is None:
            names = " · ".join(label(wanted, language) for language in LANGUAGES)
            sentences.append(f"{one.id}: new below {one.broader or 'nothing, as a field'}: {names}")
        else:
            found = list(_changes(known, wanted))
            if not found:
                continue
            sentences.extend(f"{one.id}: {change}" for change in found)
        changed.append(wanted)
    return Merge(changed=tuple(changed), sentences=tuple(sentences), unusable=tuple(unusable))


def _wanted(one: Described, known: Concept | None) -> Concept:
    """The concept as it would be; labels that stay keep their order."""
    labels = {}
    for language in LANGUAGES:
        given = one.labels.get(language, ())
        ours = known.labels[language] if known else ()
        if one.is_whole:
            first, rest = given[:1], set(given[1:])
            kept = [text for text in ours if text in rest]
            labels[language] = (*first, *kept, *(text for text in given[1:] if text not in kept))
        else:
            labels[language] = (*ours, *(text for text in given if text not in ours))
    if known is not None and not one.is_whole:
        return Concept(
            id=one.id, broader=known.broader, related=known.related, labels=labels, hint=known.hint
        )
    related = one.related
    if known is not None and set(known.related) == set(related):
        related = known.related
    return Concept(id=one.id, broader=one.broader, related=related, labels=labels, hint=one.hint)


def _changes(old: Concept, new: Concept) -> Iterator[str]:
    if old.broader != new.broader:
        yield f"moves from {old.broader or 'the top'} to {new.broader or 'the top'}"
    for language in LANGUAGES:
        before, after = old.labels[language], new.labels[language]
        if before[0] != after[0]:
            yield f"{language} is called {after[0]!r} instead of {before[0]!r}"
        if gone := [text for text in before if text not in after]:
            yield f"{language} loses {', '.join(map(repr, gone))}"
        if come := [text for text in after[1:] if text not in before]:
            yield f"{language} gains {', '.join(map(repr, come))}"
    if gone := sorted(set(old.related) - set(new.related)):
        yield f"is no longer related to {', '.join(gone)}"
    if come := sorted(set(new.related) - set(old.related)):
        yield f"becomes related to {', '.join(come)}"
    if dict(old.hint) != dict(new.hint):
        yield f"hint becomes {dict(new.hint)}"


def changed_files(folder: Path, vocabulary: Vocabulary, changed: Iterable[Concept]) -> dict[str, str]:
    """Name → new content of each data file that the changes touch; other lines stay as their authors wrote them."""
    place = {name: file for name, (file, _) in vocabulary.places.items()}
    replaced: defaultdict[str, dict[str, Concept]] = defaultdict(dict)
    for concept in changed:
        if concept.id not in place:
            place[concept.id] = place.get(concept.broader or "", f"{concept.id}.jsonl")
        replaced[place[concept.id]][concept.id] = concept
    return {file: _content(folder / file, concepts) for file, concepts in replaced.items()}


def _content(path: Path, changed: Mapping[str, Concept]) -> str:
    """The lines of a file with the changed ones in their places and each new one behind its siblings."""
    rows: list[tuple[str, str | None, str]] = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
                rows.append((str(row["id"]), row.get("broader"), line))
            except (ValueError, KeyError, TypeError):
                rows.append(("", None, line))  # a broken line is its author's to mend
    for concept in changed.values():
        entry = (concept.id, concept.broader, _line(concept))
        present = [number for number, (name, _, _) in enumerate(rows) if name == concept.id]
        if present:
            rows[present[0]] = entry
            continue
        family = [
            number
            for number, (name, above, _) in enumerate(rows)
            if concept.broader is not None and concept.broader in (name, above)
        ]
        rows.insert(family[-1] + 1 if family else len(rows), entry)
    return "".join(f"{line}\n" for _, _, line in rows)


def _line(concept: Concept) -> str:
    row: dict[str, object] = {"id": concept.id, "broader": concept.broader}
    if concept.related:
        row["related"] = concept.related
    row |= {language: concept.labels[language] for language in LANGUAGES}
    if concept.hint:
        row["hint"] = dict(concept.hint)
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
