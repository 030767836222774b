"""Limiting a list to a topic, as quickly for a rare one as for a frequent one."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from kontor.search.models import DocumentTopic

FEW = 1_000
"""documents that are looked up one by one; of more than these a list in its own order meets enough soon"""
Row = TypeVar("Row", bound=Model)


def limit_to_topic(rows: QuerySet[Row], *, kind: str, concept: str) -> QuerySet[Row]:
    """Those of these rows that name the concept or one below it; `kind` is what the search calls them. One statement.

    Neither way suits both: a rare topic would make the list look at every row, a frequent one at every key.
    """
    documents = DocumentTopic.objects.filter(kind=kind, concept=concept)
    keys = list(documents.values_list("key", flat=True)[: FEW + 1])
    if len(keys) <= FEW:
        return rows.filter(public_id__in=keys)
    return rows.filter(Exists(documents.filter(key=OuterRef("public_id"))))
