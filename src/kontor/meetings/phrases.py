"""Several sentences in a row, as the reader's language sets them."""

from collections.abc import Iterable

from kontor.ui.formatting import short_language


def join_sentences(sentences: Iterable[str], language: str | None = None) -> str:
    """With a space between two sentences; in Chinese the full stop is wide enough."""
    return ("" if short_language(language) == "zh" else " ").join(
        sentence for sentence in sentences if sentence
    )
