"""The value of a text in up to three languages, each with its state."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

LANGUAGES = ("de", "en", "zh")
"""Codes of content; the interface calls zh "zh-hans"."""

# What a reader understands next best: their own script first, English before the other foreign language.
_FALLBACK = {"de": ("en", "zh"), "en": ("de", "zh"), "zh": ("en", "de")}
_MARKUP = {"de": "de", "en": "en", "zh": "zh-Hans"}


class State(StrEnum):
    """How a version of a text came to be; `stale` when the original changed afterwards."""

    ORIGINAL = "original"
    HUMAN = "human"
    MACHINE = "machine"
    VERIFIED = "verified"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Words:
    """What one reader sees: the words, the language they are in, and how they came to be."""

    text: str
    language: str
    state: State = State.ORIGINAL

    @property
    def markup_language(self) -> str:
        """The value for `lang=`."""
        return _MARKUP[self.language]

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class _Version:
    text: str
    state: State
    of: str = ""  # hash of the original that was translated


@lru_cache(maxsize=8192)
def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def content_language(interface_language: str | None) -> str:
    """The content language of an interface language: "zh-hans" → "zh"; English for anything unknown."""
    short = (interface_language or "en").lower()[:2]
    return short if short in LANGUAGES else "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in its original language and its translations. Empty: no versions at all."""

    original: str = "en"
    versions: Mapping[str, _Version] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, original: str, /, **texts: str) -> "Text":
        """`Text.of("de", de="Halle", zh="展厅")`: empty texts are left out; translations count as human.

        Raises ValueError for a language that is none of `LANGUAGES`. Without words in `original`, the first
        language that has some is the original.
        """
        if unknown := {original, *texts} - set(LANGUAGES):
            raise ValueError(f"languages must be among {LANGUAGES}, got {sorted(unknown)}")
        given = {language: words.strip() for language, words in texts.items() if words and words.strip()}
        if not given:
            return cls(original)
        if original not in given:
            original = next(iter(given))
        mark = _hash(given[original])
        return cls(
            original,
            MappingProxyType(
                {
                    language: _Version(words, State.ORIGINAL)
                    if language == original
                    else _Version(words, State.HUMAN, mark)
                    for language, words in given.items()
                }
            ),
        )

    def for_reader(self, language: str) -> Words:
        """The words for a reader of this (content or interface) language: theirs, else the next best."""
        wanted = content_language(language)
        for choice in (wanted, *_FALLBACK[wanted]):
            if choice in self.versions:
                return self._words(choice)
        return Words("", wanted)

    def original_words(self) -> Words:
        """The words in the language they were written in."""
        return self._words(self.original) if self.original in self.versions else Words("", self.original)

    def beside(self, language: str) -> Words | None:
        """The original, where a reader of `language` sees other words than it: to be shown beside them."""
        shown = self.for_reader(language)
        first = self.original_words()
        return first if first and first.text != shown.text else None

    def in_language(self, language: str) -> str:
        """The words in exactly this content language, or an empty string."""
        return self.versions[language].text if language in self.versions else ""

    def with_version(self, language: str, text: str, state: State = State.HUMAN) -> "Text":
        """A copy with one more or one other version; an emptied translation disappears."""
        versions = dict(self.versions)
        if not text.strip():
            versions.pop(language, None)
        elif language == self.original or not versions:
            return Text(
                language if not versions else self.original,
                MappingProxyType(versions | {language: _Version(text.strip(), State.ORIGINAL)}),
            )
        else:
            versions[language] = _Version(text.strip(), state, _hash(versions[self.original].text))
        return Text(self.original, MappingProxyType(versions))

    def as_json(self) -> dict[str, Any]:
        """The form in which the column holds it."""
        return {
            "original": self.original,
            "texts": {
                language: {"text": version.text, "state": str(version.state)}
                | ({"of": version.of} if version.of else {})
                for language, version in self.versions.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Text":
        """The reverse of `as_json`."""
        return cls(
            data["original"],
            MappingProxyType(
                {
                    language: _Version(entry["text"], State(entry["state"]), entry.get("of", ""))
                    for language, entry in data["texts"].items()
                }
            ),
        )

    def _words(self, language: str) -> Words:
        version = self.versions[language]
        is_stale = bool(version.of) and version.of != _hash(self.versions[self.original].text)
        return Words(version.text, language, State.STALE if is_stale else version.state)

    def __str__(self) -> str:
        return self.original_words().text

    def __bool__(self) -> bool:
        return bool(self.versions)
