"""How like the concepts of the vocabulary a term outside it is: by the parts that its words share with their labels.

"Hydraulikzylinder" shares parts with labels of hydraulics and of cylinders, and so does "液压缸"; that both are like
the same concepts makes them like each other, though no dictionary holds either. This is cross-language explicit
semantic analysis (Potthast, Stein & Anderka 2008, doi:10.1007/978-3-540-78646-7_51) over parts of words, with the
authored labels as the comparable texts.
"""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._text import HAN_RUN, common_stem, folded_words, han_text

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_BUCKETS = 1 << 18  # features are hashed: no dictionary to store, collisions are rare
_LONGEST = 120  # characters of a term that are looked at
_MOST_CONCEPTS = 64  # that a term is compared by; the rest is noise
_BLOCK = 1024
_WORD, _GRAM, _HAN = (
    2.0,
    0.5,
    1.0,
)  # weights of a whole word, of a part of one, of one or two Chinese characters


def features_of(text: str, table: Mapping[int, str], small: frozenset[str]) -> dict[int, float]:
    """Hashed parts of a term with their weights: words, runs of 3 to 5 letters, Chinese characters and pairs."""
    found: dict[int, float] = {}
    runs = [] if text.isascii() else HAN_RUN.findall(han_text(text[:_LONGEST], table).text)
    for run in runs:
        for place in range(len(run)):
            found[_bucket(run[place])] = _HAN
            found[_bucket(run[place : place + 2])] = _HAN
    for folded in folded_words(text[:_LONGEST]):
        if folded not in small:
            found.update(_parts(common_stem(folded)))
    return found


@lru_cache(maxsize=65_536)
def _bucket(part: str) -> int:
    return zlib.crc32(part.encode()) % _BUCKETS


@lru_cache(maxsize=65_536)
def _parts(stem: str) -> Mapping[int, float]:
    framed = f"<{stem}>"
    found = {
        zlib.crc32(framed[place : place + length].encode()) % _BUCKETS: _GRAM
        for length in (3, 4, 5)
        for place in range(len(framed) - length + 1)
    }
    found[zlib.crc32(f"={stem}".encode()) % _BUCKETS] = _WORD
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Likeness:
    """Which concepts have which parts in their labels."""

    starts: NDArray[np.int32]
    """(buckets + 1) the concepts of part b are concepts[starts[b]:starts[b + 1]]."""
    concepts: NDArray[np.int32]
    weights: NDArray[np.float32]
    """Parallel to `concepts`: share of the part in the labels of the concept, times its rarity."""
    rarity: NDArray[np.float32]
    """(buckets) inverse document frequency over the concepts."""
    among_starts: NDArray[np.int32]
    """(concepts + 1) the concepts that concept c is most like are among[among_starts[c]:among_starts[c + 1]]."""
    among: NDArray[np.int32]
    among_values: NDArray[np.float32]
    """Parallel to `among`: 0 … 1, each row of length 1."""
    num_concepts: int
    table: Mapping[int, str]
    small: frozenset[str]

    @cached_property
    def concept_directions(self) -> "csr_array":
        """(concepts, concepts) which concepts each concept is like; rows of length 1, to compare terms with."""
        from scipy.sparse import csr_array  # slow import, only for terms outside the vocabulary

        shape = (self.num_concepts, self.num_concepts)
        return csr_array((self.among_values, self.among, self.among_starts), shape=shape)

    @cached_property
    def _matrix(self) -> "csr_array":
        from scipy.sparse import csr_array  # slow import, only for terms outside the vocabulary

        return csr_array((self.weights, self.concepts, self.starts), shape=(_BUCKETS, self.num_concepts))

    def rows(self, terms: Sequence[str]) -> "csr_array":
        """(terms, concepts) cosine of each term with each of the concepts that it is most like, 0 … 1."""
        from scipy.sparse import csr_array, vstack  # slow import, only for terms outside the vocabulary

        blocks = [csr_array((0, self.num_concepts), dtype=np.float32)]
        blocks += [
            _strongest((self._features(terms[first : first + _BLOCK]) @ self._matrix).tocsr())
            for first in range(0, len(terms), _BLOCK)
        ]
        return csr_array(vstack(blocks, format="csr"))

    def _features(self, terms: Sequence[str]) -> "csr_array":
        from scipy.sparse import csr_array  # slow import, only for terms outside the vocabulary

        starts = [0]
        buckets: list[int] = []
        weights: list[float] = []
        for term in terms:
            found = features_of(term, self.table, self.small)
            buckets.extend(found)
            weights.extend(found.values())
            starts.append(len(buckets))
        values = np.multiply(
            np.array(weights, dtype=np.float32), self.rarity[np.array(buckets, dtype=np.int64)]
        )
        return _normalised(csr_array((values, buckets, starts), shape=(len(terms), _BUCKETS)))


def unit_rows(rows: "csr_array") -> "csr_array":
    """The rows at length 1, so that the product of two is their cosine."""
    return _normalised(rows.copy())


def build_likeness(
    labels: Iterable[Iterable[Iterable[str]]], *, table: Mapping[int, str], small: frozenset[str]
) -> Likeness:
    """Count the parts of the labels of each concept; the labels come in one group per language.

    Each language is brought to length 1 by itself, so that many letters do not outweigh few characters.
    """
    from scipy.sparse import csr_array  # slow import, only to compile

    owners: list[int] = []  # the concept of each group
    sizes: list[int] = []
    found: list[int] = []
    values: list[float] = []
    for concept, groups in enumerate(labels):
        for group in groups:
            parts: dict[int, float] = {}
            for label in group:
                parts.update(features_of(label, table, small))
            owners.append(concept)
            sizes.append(len(parts))
            found.extend(parts)
            values.extend(parts.values())
    num_concepts = max(owners, default=-1) + 1
    group_of = np.repeat(np.arange(len(sizes)), sizes)
    concept_of = np.array(owners, dtype=np.int64)[group_of]
    buckets = np.array(found, dtype=np.int64)
    # A cell is a part in a concept; several languages may share it.
    cells, where = np.unique(buckets * num_concepts + concept_of, return_inverse=True)
    counts = np.bincount(cells // max(num_concepts, 1), minlength=_BUCKETS)
    rarity = np.where(counts > 0, np.log1p(num_concepts / np.maximum(counts, 1)) - math.log(2) + 0.01, 0)
    weights_of = np.array(values) * rarity[buckets]
    lengths = np.sqrt(np.bincount(group_of, weights=weights_of**2, minlength=len(sizes)))
    shares = np.zeros(len(cells))
    np.maximum.at(shares, where, weights_of / lengths[group_of])
    ends = np.zeros(_BUCKETS + 1, dtype=np.int32)
    np.cumsum(counts, out=ends[1:])
    concepts = (cells % max(num_concepts, 1)).astype(np.int32)
    weights = shares.astype(np.float32)
    among = _among_themselves(csr_array((weights, concepts, ends), shape=(_BUCKETS, num_concepts)))
    return Likeness(
        starts=ends,
        concepts=concepts,
        weights=weights,
        rarity=rarity.astype(np.float32),
        among_starts=among.indptr.astype(np.int32),
        among=among.indices.astype(np.int32),
        among_values=among.data.astype(np.float32),
        num_concepts=num_concepts,
        table=table,
        small=small,
    )


def _among_themselves(parts: "csr_array") -> "csr_array":
    from scipy.sparse import csr_array, vstack  # slow import, only to compile

    rows = _normalised(csr_array(parts.T.tocsr()))
    blocks = [
        _strongest((rows[first : first + _BLOCK] @ rows.T).tocsr())
        for first in range(0, rows.shape[0], _BLOCK)
    ]
    return _normalised(csr_array(vstack(blocks, format="csr"))) if blocks else rows @ rows.T


def _normalised(rows: "csr_array") -> "csr_array":
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.indptr)).astype(rows.data.dtype)
    return rows


def _strongest(rows: "csr_array") -> "csr_array":
    """Only the strongest entries of each row."""
    for row in range(rows.shape[0]):
        data = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
        if len(data) > _MOST_CONCEPTS:
            data[data < np.partition(data, -_MOST_CONCEPTS)[-_MOST_CONCEPTS]] = 0
    rows.eliminate_zeros()
    return rows
