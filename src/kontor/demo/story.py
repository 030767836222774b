"""What is known of the two regions: figures, agreements, milestones and an article, each with its source."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from kontor.agreements.models import Agreement, Milestone
from kontor.agreements.services import save_agreement
from kontor.directory.models import Cluster, ClusterPartnership, Organisation
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.models import Claim, Subject
from kontor.figures.services import enter_claim
from kontor.i18n import LANGUAGES, Text
from kontor.news.models import Article
from kontor.news.services import move_article, save_article
from kontor.ui.formatting import Precision

DATA = Path(__file__).parent / "data" / "story.toml"
CLUSTER, ZONE = "silicon-saxony", "jinan-high-tech-zone"
PUBLISHED_AT = datetime(2018, 11, 6, 17, 55, tzinfo=UTC)
"""18:55 in Dresden, when its source appeared; the clock of the demonstration stands five days earlier, and the page says so"""
ENTERED_AT = datetime(2018, 11, 1, 5, 0, tzinfo=UTC)
"""shortly before the clock of the demonstration"""
QUOTED = {"members": "members", "participants": "participants"}


class Source(NamedTuple):
    """Where something stands written."""

    title: str
    address: str
    published_on: date | None = None
    """None where the source does not say"""


@transaction.atomic
def build_story(event: Event, organisations: Mapping[str, Organisation]) -> None:
    """Write what is known, once."""
    if Claim.objects.exists():
        return
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    sources = {name: Source(*row) for name, row in data["sources"].items()}
    scopes = {name: _text(row) for name, row in data["scopes"].items()}
    subjects: dict[str, Subject] = {
        "cluster": Cluster.objects.get(slug=CLUSTER),
        "zone": Cluster.objects.get(slug=ZONE),
        "city": organisations["jinan"],
        "event": event,
    }
    claims = [_claim(row, subjects, scopes, sources) for row in data["claims"]]
    partnership = ClusterPartnership.objects.get()
    _write_milestones(data["milestones"], partnership, sources)
    _write_agreements(data["agreements"], partnership, organisations, sources)
    _write_article(data["article"], claims, organisations, sources)


def _text(row: Mapping[str, str]) -> Text:
    texts = {code: row[code] for code in LANGUAGES if code in row}
    return Text.of(row["original"], **texts)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)


def _claim(
    row: Mapping[str, Any],
    subjects: Mapping[str, Subject],
    scopes: Mapping[str, Text],
    sources: Mapping[str, Source],
) -> Claim:
    source = sources[row["source"]]
    subject = subjects[row["of"]]
    words = row.get("quotation", "")
    claim = Claim(
        measure=row["measure"],
        qualifier=row.get("qualifier", Claim.Qualifier.EXACT),
        value=Decimal(row["value"]),
        unit=row.get("unit", Claim.Unit.COUNT),
        scope=scopes[row["scope"]],
        as_of=row.get("as_of"),
        as_of_precision=row.get("precision", Precision.DAY),
        published_on=source.published_on if row.get("as_of") else None,
        status=row["status"],
        source=source.title,
        source_url=source.address,
        quotation=Text.of("de", de=words),
        **{type(subject).__name__.lower(): subject},
    )
    known_on = row.get("known_on") or min(source.published_on or ENTERED_AT.date(), ENTERED_AT.date())
    return enter_claim(claim, by=None, at=_at(known_on))


def _write_milestones(
    rows: Sequence[Mapping[str, Any]],
    partnership: ClusterPartnership,
    sources: Mapping[str, Source],
) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            partnership=partnership,
            day=row["day"],
            day_precision=row.get("precision", "day"),
            title=_text(row["title"]),
            detail=_text(row["detail"]) if "detail" in row else Text(),
            dispute_note=_text(row["dispute_note"]) if "dispute_note" in row else Text(),
            source=sources[row["source"]].title,
            source_url=sources[row["source"]].address,
        )
        for row in rows
    )


def _write_agreements(
    rows: Sequence[Mapping[str, Any]],
    partnership: ClusterPartnership,
    organisations: Mapping[str, Organisation],
    sources: Mapping[str, Source],
) -> None:
    written: list[Agreement] = []
    for row in rows:
        source = sources[row["source"]]
        agreement = Agreement(
            partnership=partnership,
            kind=row["kind"],
            title=_text(row["title"]),
            summary=_text(row["summary"]),
            state=row["state"],
            signed_on=row["day"],
            signed_precision=row["precision"],
            predecessor=written[row["follows"]] if "follows" in row else None,
            source=source.title,
            source_url=source.address,
            is_public=True,
        )
        parties = [organisations[key] for key in row["parties"]]
        written.append(save_agreement(agreement, parties=parties, by=None, at=_at(row["day"])))


def _write_article(
    row: Mapping[str, Any],
    claims: Sequence[Claim],
    organisations: Mapping[str, Organisation],
    sources: Mapping[str, Source],
) -> None:
    source = sources[row["source"]]
    quoted = {
        name: next(one for one in claims if one.measure == measure and one.source == source.title)
        for name, measure in QUOTED.items()
    }
    bodies = {
        code: _with_organisations(_with_figures(row[code], quoted, code), organisations) for code in LANGUAGES
    }
    article = Article(
        slug=row["slug"],
        title=_text(row["title"]),
        teaser=_text(row["teaser"]),
        body=Text.of("de", **bodies),
        source=source.title,
        source_url=source.address,
    )
    save_article(article, by=None, at=PUBLISHED_AT)
    for state in (Article.State.REVIEW, Article.State.PUBLISHED):
        move_article(article, to=state, by=None, at=PUBLISHED_AT)


def _with_figures(body: str, quoted: Mapping[str, Claim], code: str) -> str:
    """The text with each figure in the words of its language, linked with its claim."""
    gap = "" if code == "zh" else " "
    marks = {
        name: f"[{wording.amount(claim, code)}{gap}{claim.scope.for_reader(code)}](claim:{claim.public_id})"
        for name, claim in quoted.items()
    }
    return body.format(**marks)


def _with_organisations(body: str, organisations: Mapping[str, Organisation]) -> str:
    """The text with the ids of organisations in the place of their names in the data."""
    return re.sub(
        r"\(organisation:([a-z-]+)\)",
        lambda found: f"(organisation:{organisations[found[1]].public_id})",
        body,
    )
