"""The index: what each document is found by, in one language and for one audience, and the topics it names."""

from typing import ClassVar

from django.db import models

from kontor.i18n.fields import TextField


class SearchRow(models.Model):
    """Tokens of one document, and what a list of results shows of it without asking anybody.

    Both databases keep an index of `tokens` in step with the rows (see the migration): FTS5 by triggers, PostgreSQL
    by a generated column. The rows are private: only `queries` reads them, always for the audiences of a reader.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=24)
    language = models.CharField(max_length=2)
    audience = models.CharField(max_length=40)
    title = TextField()
    sort_key = models.CharField(max_length=60)
    names = models.JSONField(default=list)
    place = TextField()
    country = models.CharField(max_length=2, blank=True)
    category = models.CharField(max_length=20, blank=True)
    address = models.JSONField(default=list)
    is_sample = models.BooleanField(default=False)
    tokens = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key", "language", "audience"], name="one_row_per_language_and_audience"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.language} {self.audience}"


class DocumentTopic(models.Model):
    """A topic that a document names itself, and each one above it: lists are limited to a topic by these rows."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=24)
    concept = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "concept", "key"], name="a_document_names_a_topic_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="topics_of_a_document")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.concept}"
