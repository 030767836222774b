"""Names, parts of a sentence and sentences in a row, with the separators of the reader's language."""

from collections.abc import Iterable

from kontor.ui.formatting import BETWEEN_SENTENCES, short_language

BETWEEN_NAMES = {"de": ", ", "en": ", ", "zh": "、"}
BETWEEN_CLAUSES = {"de": "; ", "en": "; ", "zh": "；"}


def join_names(names: Iterable[str], language: str | None = None) -> str:
    """Anna, Ben · 安娜、本; times and places too."""
    return BETWEEN_NAMES[short_language(language)].join(filter(None, names))


def join_clauses(clauses: Iterable[str], language: str | None = None) -> str:
    """Parts that may hold commas themselves."""
    return BETWEEN_CLAUSES[short_language(language)].join(filter(None, clauses))


def join_sentences(sentences: Iterable[str], language: str | None = None) -> str:
    """Whole sentences, each with its full stop."""
    return BETWEEN_SENTENCES[short_language(language)].join(filter(None, sentences))
