"""An optional second look: an embedding model moves partners a little. It invents no reason and is never needed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._index import Prepared
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._text import LANGUAGES
from kontor_engines.matching._types import Match, Ranking

MOST_SHIFT = 0.05  # of a score
CANDIDATES = 100  # of each list are looked at
_PROBES = 60  # concepts whose labels a model has to bring together
_LEAST_FOUND = 0.5  # share of the probes whose nearest English label is the right one

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What model2vec and sentence-transformers have in common."""

    def encode(self, sentences: list[str]) -> Vectors:
        """One vector per sentence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reranker:
    """A model, and the languages that it was found to read."""

    model: Embedder
    languages: frozenset[str]


def load_reranker(place: str, lexicon: Lexicon) -> Reranker:
    """A model from a local folder or a hub: of model2vec, or else of sentence-transformers.

    Languages whose labels it does not bring near the English ones are refused: an English-only model leaves Chinese
    and German profiles where they are.
    """
    model = _loaded(place)
    english = lexicon.preferred["en"]
    probes = [number for number, above in enumerate(lexicon.parent) if above >= 0]
    probes = probes[:: max(1, len(probes) // _PROBES)][:_PROBES]
    goal = _directions(model, [english[number] for number in probes])
    languages = {"en"}
    for language in LANGUAGES:
        labels = _directions(model, [lexicon.preferred[language][number] for number in probes])
        nearest = (labels @ goal.T).argmax(axis=1)
        if np.mean(nearest == np.arange(len(probes))) >= _LEAST_FOUND:
            languages.add(language)
    return Reranker(model=model, languages=frozenset(languages))


def rerank(rankings: Sequence[Ranking], prepared: Prepared, reranker: Reranker) -> list[Ranking]:
    """The same partners with the same reasons; each score moves by at most MOST_SHIFT.

    What one side seeks is compared with what the other offers, against the average of the list. Rankings of profiles
    that were not prepared, and pairs with a language that the model does not read, stay as they are.
    """
    named = {ranking.id for ranking in rankings} | {m.id for r in rankings for m in r.matches[:CANDIDATES]}
    places = [prepared.index[name] for name in sorted(named & prepared.index.keys())]
    texts = {text: 0 for place in places for text in _texts(prepared, place)}
    texts = {text: number for number, text in enumerate(texts)}
    vectors = _directions(reranker.model, list(texts))
    sides = {prepared.profiles[p].id: [vectors[texts[t]] for t in _texts(prepared, p)] for p in places}
    readable = {prepared.profiles[p].id for p in places if prepared.sides[p].language in reranker.languages}
    return [_moved(ranking, sides, readable) for ranking in rankings]


def _moved(ranking: Ranking, sides: dict[str, list[Vectors]], readable: set[str]) -> Ranking:
    if ranking.id not in readable:
        return ranking
    offers, seeks = sides[ranking.id]
    alike = {
        match.id: float(seeks @ sides[match.id][0] + offers @ sides[match.id][1]) / 2
        for match in ranking.matches[:CANDIDATES]
        if match.id in readable
    }
    middle = sum(alike.values()) / max(len(alike), 1)

    def moved(match: Match) -> Match:
        shift = MOST_SHIFT * min(1.0, max(-1.0, 2 * (alike.get(match.id, middle) - middle)))
        return replace(match, score=round(min(1.0, max(0.0001, match.score + shift)), 4))

    looked_at = sorted(map(moved, ranking.matches[:CANDIDATES]), key=lambda match: -match.score)
    return replace(ranking, matches=(*looked_at, *ranking.matches[CANDIDATES:]))


def _texts(prepared: Prepared, place: int) -> tuple[str, str]:
    return prepared.profiles[place].offers, prepared.profiles[place].seeks


def _directions(model: Embedder, texts: list[str]) -> Vectors:
    """Rows of length 1; of length 0 for a text that says nothing."""
    vectors = np.asarray(model.encode([text or " " for text in texts]), dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def _loaded(place: str) -> Embedder:
    """Static embeddings are for model2vec, whose folders look like those of sentence-transformers."""
    modules = Path(place) / "modules.json"
    if modules.exists() and "StaticEmbedding" not in modules.read_text(encoding="utf-8"):
        from sentence_transformers import (  # type: ignore[import-not-found]  # an optional package
            SentenceTransformer,
        )

        transformer: Embedder = SentenceTransformer(place)
        return transformer
    from model2vec import StaticModel  # an optional package

    loaded: Embedder = StaticModel.from_pretrained(place)
    return loaded
