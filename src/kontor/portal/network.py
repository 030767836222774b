"""What the public home page of a network shows: figures with their dates, news, the next event, the story, members by topic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, QuerySet, Value
from django.utils.translation import get_language

from kontor.agreements.models import Agreement, Milestone
from kontor.directory.models import Cluster, ClusterPartnership, Membership
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.queries import Figure, claims_about_cluster, figures
from kontor.i18n import Text
from kontor.news.models import Article
from kontor.prepared import PreparedRows, instance
from kontor.topics.analysis import vocabulary
from kontor.topics.vocabulary import as_title, label
from kontor.ui.formatting import format_known_day

MOST_FIGURES = 3
MOST_NEWS = 3
MOST_TOPICS = 9
MOST_SIGNATURES = 3
LATEST_STEPS = 3
MOST_EVENTS = 20
"""announced ones, newest first, among which the next is looked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigure:
    """A figure as the home page shows it."""

    amount: str
    scope: str
    scope_language: str
    as_of: str
    num_differing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """How many members work in a field."""

    id: str
    name: str
    num_members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A step of the story of two regions."""

    day: str
    """as exactly as it is known"""
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Everything on the page."""

    cluster: Cluster | None
    partnership: ClusterPartnership | None
    figures: Sequence[ShownFigure]
    articles: Sequence[Article]
    event: Event | None
    since: str
    """the day of the first step"""
    moments: Sequence[Moment]
    """the first step, the latest signatures and the latest steps"""
    num_moments: int
    """how many steps the page of the relation tells"""
    num_agreements: int
    first_agreement: str
    topics: Sequence[TopicCount]

    @property
    def partners(self) -> list[Cluster]:
        """Both sides of the partnership."""
        return [self.partnership.first, self.partnership.second] if self.partnership else []


_Step = tuple[Any, ...]
"""a row of the story: day, how exact, title, whether it is an agreement"""

# ── the columns that the page shows ──────────────────────────────────────────────────────────────

_CLUSTER = ("id", "public_id", "slug", "name", "region", "is_sample")
_ARTICLE = ("id", "slug", "title", "teaser", "published_at")
_EVENT = ("id", "slug", "name", "place", "starts_on", "ends_on", "is_sample")


def _partnerships() -> QuerySet[ClusterPartnership, tuple[Any, ...]]:
    rows = ClusterPartnership.objects.filter(first__is_published=True, second__is_published=True)
    sides = [f"{side}__{column}" for side in ("first", "second") for column in _CLUSTER]
    return rows.order_by("pk").values_list("id", *sides)[:1]


def _clusters() -> QuerySet[Cluster, tuple[Any, ...]]:
    return Cluster.objects.filter(is_published=True).order_by("pk").values_list(*_CLUSTER)[:1]


def _story(partnership: int) -> QuerySet[Any, tuple[Any, ...]]:
    """Milestones and public signed agreements in one list."""
    steps = Milestone.objects.filter(partnership=partnership).order_by()
    signed = Agreement.objects.filter(partnership=partnership, is_public=True, signed_on__isnull=False)
    is_agreement = {kind: Value(kind, output_field=BooleanField()) for kind in (False, True)}
    return steps.values_list("day", "day_precision", "title", is_agreement[False]).union(
        signed.order_by().values_list("signed_on", "signed_precision", "title", is_agreement[True]), all=True
    )


def _articles(at: datetime) -> QuerySet[Article, tuple[Any, ...]]:
    return Article.objects.public(at).values_list(*_ARTICLE)[:MOST_NEWS]


def _events() -> QuerySet[Event, tuple[Any, ...]]:
    announced = Event.objects.filter(is_announced=True).order_by("-starts_on", "-id")
    return announced.values_list(*_EVENT)[:MOST_EVENTS]


def _topics_of_members(cluster: int) -> QuerySet[Membership, tuple[Any, ...]]:
    members = Membership.objects.filter(cluster=cluster, state=Membership.State.ACTIVE, is_listed=True)
    return members.order_by().values_list("organisation__topics")


_PARTNERSHIPS = PreparedRows(_partnerships)
_CLUSTERS = PreparedRows(_clusters)
_STORY = PreparedRows(_story)
_ARTICLES = PreparedRows(_articles)
_EVENTS = PreparedRows(_events)
_TOPICS_OF_MEMBERS = PreparedRows(_topics_of_members)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────


def read_network(*, at: datetime) -> Network:
    """What everybody may see at this moment; six statements."""
    language = get_language() or "en"
    partnership = _partnership()
    cluster = partnership.first if partnership else _only_cluster()
    story = sorted(_STORY.read(partnership=partnership.pk), key=lambda row: row[0]) if partnership else []
    signed = [(day, precision) for day, precision, _title, is_agreement in story if is_agreement]
    past = [row for row in story if row[0] <= at.date()]
    shown = [
        Moment(day=format_known_day(day, precision, language=language), title=title)
        for day, precision, title, _is_agreement in _telling(past)
    ]
    return Network(
        cluster=cluster,
        partnership=partnership,
        figures=_figures(cluster, at.date(), language) if cluster else [],
        articles=[instance(Article, _ARTICLE, row) for row in _ARTICLES.read(at=at)],
        event=_next_event(at.date()),
        since=shown[0].day if shown else "",
        moments=shown,
        num_moments=len(story),
        num_agreements=len(signed),
        first_agreement=format_known_day(*signed[0], language=language) if signed else "",
        topics=_topics(cluster, language) if cluster else [],
    )


def _telling(story: Sequence[_Step]) -> list[_Step]:
    """Of a long story the beginning, the latest signatures and the latest steps, in their order."""
    signatures = [number for number, row in enumerate(story) if row[3]][-MOST_SIGNATURES:]
    latest = range(max(0, len(story) - LATEST_STEPS), len(story))
    return [story[number] for number in sorted({*range(min(1, len(story))), *signatures, *latest})]


def _partnership() -> ClusterPartnership | None:
    """The oldest one between two published clusters."""
    for key, *sides in _PARTNERSHIPS.read():
        first = instance(Cluster, _CLUSTER, sides[: len(_CLUSTER)])
        second = instance(Cluster, _CLUSTER, sides[len(_CLUSTER) :])
        return ClusterPartnership(pk=key, first=first, second=second)
    return None


def _only_cluster() -> Cluster | None:
    return next((instance(Cluster, _CLUSTER, row) for row in _CLUSTERS.read()), None)


def _figures(cluster: Cluster, on: date, language: str) -> list[ShownFigure]:
    found = figures(claims_about_cluster(cluster.pk), on=on)
    return [_shown(one, language) for one in found[:MOST_FIGURES]]


def _shown(figure: Figure, language: str) -> ShownFigure:
    scope = figure.best.scope.for_reader(language)
    return ShownFigure(
        amount=wording.amount(figure.best, language, is_short=True),
        scope=scope.text,
        scope_language=scope.markup_language,
        as_of=wording.as_of(figure.best, language, is_short=True),
        num_differing=len(figure.differing),
    )


def _next_event(on: date) -> Event | None:
    """The announced event that is now or comes next; else the last one."""
    announced = [instance(Event, _EVENT, row) for row in _EVENTS.read()]
    coming = [one for one in announced if one.ends_on >= on]
    return coming[-1] if coming else next(iter(announced), None)


def _topics(cluster: Cluster, language: str) -> list[TopicCount]:
    """The fields in which most members work."""
    known = vocabulary()
    found: Counter[str] = Counter()
    for (topics,) in _TOPICS_OF_MEMBERS.read(cluster=cluster.pk):
        found.update({known.path(topic)[0].id for topic in topics if topic in known})
    return [
        TopicCount(id=field, name=as_title(label(known[field], language)), num_members=number)
        for field, number in found.most_common(MOST_TOPICS)
    ]
