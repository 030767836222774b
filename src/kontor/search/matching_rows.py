"""Which rows hold given tokens: one expression, written for FTS5 and for PostgreSQL's full text."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A token, or the beginning of one."""

    token: str
    is_beginning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds."""

    parts: Sequence["Expression"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """At least one part holds."""

    parts: Sequence["Expression"]


Expression = Term | All | Some

_SQLITE = """SELECT * FROM (
SELECT row.id, row.kind, row.key, row.language, row.country, row.sort_key, row.tokens
FROM search_tokens JOIN search_searchrow row ON row.id = search_tokens.rowid
WHERE search_tokens MATCH %s ORDER BY search_tokens.rowid LIMIT %s)"""
# The inner query has no limit, so the planner weighs it as a whole and takes the index for rare tokens; its rows are still
# made one by one, and the first ones are enough. In the order of the table: which of many comes first says nothing.
_POSTGRESQL = """(WITH found AS MATERIALIZED (
SELECT id, kind, key, language, country, sort_key, tokens FROM search_searchrow WHERE vector @@ %s::tsquery)
SELECT * FROM found LIMIT %s)"""
# Before the index is asked, 600 rows are looked at: a frequent token is met there often enough, for a tenth of the work.
_POSTGRESQL_TYPING = """(WITH wanted AS MATERIALIZED (SELECT %s::tsquery AS query, %s::int AS number),
first AS MATERIALIZED (
SELECT id, kind, key, language, country, sort_key, tokens
FROM (SELECT * FROM search_searchrow LIMIT 600) sample
WHERE vector @@ (SELECT query FROM wanted) LIMIT (SELECT number FROM wanted)),
found AS MATERIALIZED (
SELECT id, kind, key, language, country, sort_key, tokens FROM search_searchrow
WHERE vector @@ (SELECT query FROM wanted) AND (SELECT COUNT(*) FROM first) < (SELECT number FROM wanted))
SELECT * FROM first UNION ALL (SELECT * FROM found LIMIT (SELECT number FROM wanted)))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row that holds the tokens."""

    id: int
    kind: str
    key: str
    language: str
    country: str
    sort_key: str
    tokens: str
    """with a space around each: looking for one in a string is quicker than making sets of so many rows"""


def candidates(*expressions: Expression, limit: int, is_typing: bool = False) -> list[Candidate]:
    """Some rows that fulfil each of these expressions, all if they are no more than `limit`, each once; one statement.

    The beginnings of words that come while somebody types are mostly frequent; `is_typing` says so.
    """
    write, sql = _for_sqlite, _SQLITE
    if connection.vendor == "postgresql":
        write, sql = _for_postgresql, _POSTGRESQL_TYPING if is_typing else _POSTGRESQL
    parameters: list[str | int] = []
    for expression in expressions:
        parameters += [write(expression), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([sql] * len(expressions)), parameters)
        rows = {row[0]: row for row in cursor.fetchall()}
    return [
        Candidate(
            id=id_,
            kind=kind,
            key=key,
            language=language,
            country=country,
            sort_key=sort_key,
            tokens=f" {tokens} ",
        )
        for id_, kind, key, language, country, sort_key, tokens in rows.values()
    ]


def _for_sqlite(expression: Expression) -> str:
    if isinstance(expression, Term):
        quoted = '"' + expression.token.replace('"', "") + '"'
        return f"{quoted} *" if expression.is_beginning else quoted
    joint = " AND " if isinstance(expression, All) else " OR "
    return "(" + joint.join(_for_sqlite(part) for part in expression.parts) + ")"


def _for_postgresql(expression: Expression) -> str:
    if isinstance(expression, Term):
        quoted = "'" + expression.token.replace("\\", "").replace("'", "''") + "'"
        return f"{quoted}:*" if expression.is_beginning else quoted
    joint = " & " if isinstance(expression, All) else " | "
    return "(" + joint.join(_for_postgresql(part) for part in expression.parts) + ")"
