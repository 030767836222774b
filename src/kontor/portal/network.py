"""What the public home page of a network shows: figures with their dates, news, the next event, the story, members by topic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from kontor.accounts.models import User
from kontor.agreements.models import Milestone
from kontor.agreements.queries import Moment, timeline
from kontor.directory.models import Cluster, ClusterPartnership, Membership
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.figures.queries import Figure, figures
from kontor.news.models import Article
from kontor.topics.analysis import vocabulary
from kontor.topics.vocabulary import label

MOST_FIGURES = 3
MOST_NEWS = 3
MOST_TOPICS = 9


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
class Network:
    """Everything on the page."""

    cluster: Cluster | None
    partnership: ClusterPartnership | None
    figures: Sequence[ShownFigure]
    articles: Sequence[Article]
    event: Event | None
    moments: Sequence[tuple[Moment, str]]
    num_agreements: int
    first_agreement: str
    topics: Sequence[TopicCount]


def read_network(reader: User | AnonymousUser, *, at: datetime) -> Network:
    """The home page for this reader at this moment; at most eight statements."""
    language = get_language() or "en"
    clusters = Cluster.objects.filter(is_published=True)
    milestones = list(
        Milestone.objects.filter(partnership__first__in=clusters, partnership__second__in=clusters)
        .select_related("partnership__first", "partnership__second")
        .order_by("partnership", "day", "id")
    )
    partnership = milestones[0].partnership if milestones else None
    cluster = partnership.first if partnership else clusters.order_by("pk").first()
    own = [one for one in milestones if one.partnership_id == milestones[0].partnership_id]
    moments = timeline(partnership, reader=reader, milestones=own) if partnership else []
    signed = [one for one in moments if one.agreement]
    return Network(
        cluster=cluster,
        partnership=partnership,
        figures=_figures(cluster, at.date(), language) if cluster else [],
        articles=list(Article.objects.public(at)[:MOST_NEWS]),
        event=_next_event(at.date()),
        moments=[(one, one.words(language)) for one in moments if one.day <= at.date()],
        num_agreements=len(signed),
        first_agreement=signed[0].words(language) if signed else "",
        topics=_topics(cluster, language) if cluster else [],
    )


def _figures(cluster: Cluster, on: date, language: str) -> list[ShownFigure]:
    claims = Claim.objects.about(cluster).with_standing()
    return [_shown(one, language) for one in figures(claims, on=on)[:MOST_FIGURES]]


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
    announced = list(Event.objects.filter(is_announced=True).order_by("-starts_on", "-id")[:20])
    coming = [one for one in announced if one.ends_on >= on]
    return coming[-1] if coming else next(iter(announced), None)


def _topics(cluster: Cluster, language: str) -> list[TopicCount]:
    """The fields in which most members work."""
    known = vocabulary()
    found: Counter[str] = Counter()
    members = Membership.objects.filter(cluster=cluster, state=Membership.State.ACTIVE, is_listed=True)
    for topics in members.values_list("organisation__topics", flat=True):
        found.update({known.path(topic)[0].id for topic in topics if topic in known})
    return [
        TopicCount(id=field, name=label(known[field], language), num_members=number)
        for field, number in found.most_common(MOST_TOPICS)
    ]
