"""Keeping the index in step: whoever changes a document indexes it again in the same transaction."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction

from kontor.i18n.text import LANGUAGES
from kontor.search.models import DocumentTopic, SearchRow
from kontor.search.registry import Document, Kind, kinds
from kontor.search.spelling import fold, romanise_text
from kontor.search.tokens import (
    audience_token,
    kind_token,
    tokens_in_every_language,
    tokens_in_language,
    with_topics_above,
)

BATCH = 400


def index(kind: str, *keys: str) -> None:
    """Bring the rows of these documents up to date; one that is gone, or that nobody may find, loses its rows.

    Documents that say something of them follow: who may find the figures of a cluster hangs on the cluster.
    """
    found = kinds()[kind]
    for batch in _batches(keys):
        _index_batch(found, batch)
        for other in kinds().values():
            for follower in _batches(other.follows(kind, batch)):
                _index_batch(other, follower)


def rebuild(kind: str) -> int:
    """Index all documents of a kind, and forget those that are gone; returns how many there are."""
    found = kinds()[kind]
    number = 0
    known: set[str] = set()
    for batch in _batches(found.keys()):
        _index_batch(found, batch)
        known.update(batch)
        number += len(batch)
    for model in (SearchRow, DocumentTopic):
        stored = model._default_manager.filter(kind=kind).values_list("key", flat=True).distinct()  # noqa: SLF001 -- Django documents it
        for batch in _batches([key for key in stored.iterator() if key not in known]):
            model._default_manager.filter(kind=kind, key__in=batch).delete()  # noqa: SLF001 -- as above
    return number


@transaction.atomic
def _index_batch(kind: Kind, keys: Sequence[str]) -> None:
    SearchRow.objects.filter(kind=kind.name, key__in=keys).delete()
    DocumentTopic.objects.filter(kind=kind.name, key__in=keys).delete()
    documents = list(kind.load(keys))
    rows = [row for document in documents for row in _rows_of(kind, document)]
    SearchRow.objects.bulk_create(rows, batch_size=BATCH)
    topics = [topic for document in documents for topic in _topics_of(kind, document)]
    DocumentTopic.objects.bulk_create(topics, batch_size=BATCH)


def _topics_of(kind: Kind, document: Document) -> Iterator[DocumentTopic]:
    if document.audiences:
        for concept in with_topics_above(document.topics):
            yield DocumentTopic(kind=kind.name, key=document.key, concept=concept)


def _rows_of(kind: Kind, document: Document) -> Iterator[SearchRow]:
    """One row per language in which the document says something, and per audience."""
    if not document.audiences:
        return
    shared = tokens_in_every_language(document) | {kind_token(kind.name)}
    sort_key = fold(romanise_text(str(document.title)))[:60]
    texts = [text for text in (document.title, *document.texts) if text]
    for language in LANGUAGES:
        if not any(text.in_language(language) for text in texts):
            continue
        tokens = shared | tokens_in_language(document, language)
        for audience in dict.fromkeys(document.audiences):
            yield SearchRow(
                kind=kind.name,
                key=document.key,
                language=language,
                audience=audience,
                title=document.title,
                sort_key=sort_key,
                names=list(document.names),
                place=document.place,
                country=document.country,
                category=document.category,
                address=list(document.address),
                is_sample=document.is_sample,
                tokens=" ".join(sorted(tokens | {audience_token(audience)})),
            )


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch
