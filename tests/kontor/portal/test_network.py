"""The public page of a network: what is known on a day, in the reader's language, and nothing that is private."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Milestone
from kontor.agreements.services import save_agreement
from kontor.directory.models import Cluster, ClusterPartnership, Membership, Organisation
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim
from kontor.i18n import Text
from kontor.news.models import Article
from kontor.news.services import move_article, save_article
from kontor.portal.network import Network, read_network


@pytest.fixture
def partnership(saxony: Cluster) -> ClusterPartnership:
    """Dresden and Jinan work together."""
    zone = Cluster.objects.create(
        slug="zone", name=Text.of("zh", zh="济南高新区"), country="CN", is_published=True
    )
    return ClusterPartnership.objects.create(first=saxony, second=zone)


def read(at: datetime, language: str = "en") -> Network:
    with override(language):
        return read_network(at=at)


def a_step(partnership: ClusterPartnership, day: date, words: str) -> Milestone:
    return Milestone.objects.create(
        partnership=partnership, day=day, title=Text.of("en", en=words), source="Chronicle"
    )


def an_agreement(partnership: ClusterPartnership, at: datetime, **fields: object) -> Agreement:
    agreement = Agreement(partnership=partnership, kind="intent", title=Text.of("en", en="Letter"), **fields)
    return save_agreement(agreement, parties=[partnership.first, partnership.second], by=None, at=at)


def an_article(slug: str, at: datetime, **fields: object) -> Article:
    text = Text.of("en", en=slug)
    article = save_article(Article(slug=slug, title=text, teaser=text, body=text, **fields), by=None, at=at)
    for state in ("review", "published"):
        move_article(article, to=state, by=None, at=at)
    return article


def test_the_story_ends_today_and_counts_public_signatures(
    partnership: ClusterPartnership, now: datetime
) -> None:
    a_step(partnership, date(2013, 8, 27), "Office opens")
    a_step(partnership, date(2019, 6, 12), "Matchmaking")
    signed = {"state": "signed", "signed_on": date(2012, 5, 1), "signed_precision": "month"}
    an_agreement(partnership, now, is_public=True, **signed)
    an_agreement(partnership, now, is_public=False, **signed)
    an_agreement(partnership, now, is_public=True)
    network = read(now)
    assert [(one.day, str(one.title)) for one in network.moments] == [
        ("May 2012", "Letter"),
        ("27 August 2013", "Office opens"),
    ]
    assert (network.num_agreements, network.first_agreement) == (1, "May 2012")
    assert network.num_moments == 3  # the page of the relation tells the later one too


def test_a_long_story_shows_its_beginning_its_signatures_and_what_is_latest(
    partnership: ClusterPartnership, now: datetime
) -> None:
    for year in range(2001, 2011):
        a_step(partnership, date(year, 1, 1), f"Step {year}")
    an_agreement(
        partnership, now, is_public=True, state="signed", signed_on=date(2004, 5, 1), signed_precision="year"
    )
    network = read(now)
    assert [str(one.title) for one in network.moments] == [
        "Step 2001",
        "Letter",
        "Step 2008",
        "Step 2009",
        "Step 2010",
    ]
    assert (network.num_moments, network.since) == (11, "1 January 2001")


def test_the_regions_that_work_together_are_linked(
    partnership: ClusterPartnership, now: datetime, browse: Callable[..., Client]
) -> None:
    page = browse().get("/en/network/").content.decode().partition("Partner regions")[2]
    assert page.index('href="/en/clusters/elbe-valley/"') < page.index('href="/en/clusters/zone/"')


def test_a_figure_speaks_the_language_of_its_reader(
    partnership: ClusterPartnership, saxony: Cluster, now: datetime
) -> None:
    scope = Text.of("de", de="Mitglieder", zh="家会员单位")
    for value, day in ((340, date(2018, 10, 1)), (280, None), (355, date(2020, 11, 24))):
        enter_claim(
            Claim(cluster=saxony, measure="members", qualifier="about", value=value, scope=scope, source="S",
                  status="self_reported", as_of=day, as_of_precision="month"),
            by=None, at=now,
        )  # fmt: skip
    seen = {
        language: [
            (one.amount, one.scope, one.as_of, one.num_differing) for one in read(now, language).figures
        ]
        for language in ("de", "zh-hans")
    }
    assert seen == {
        "de": [("rund\N{NO-BREAK SPACE}340", "Mitglieder", "Stand Okt. 2018", 1)],
        "zh-hans": [("约340", "家会员单位", "截至2018年10月", 1)],
    }


def test_news_are_the_latest_three_whose_hour_has_come(db: None, now: datetime) -> None:
    for number in range(4):
        an_article(f"day-{number}", now - timedelta(days=9 - number))
    an_article("held", now, embargo_until=now + timedelta(hours=1))
    assert [one.slug for one in read(now).articles] == ["day-3", "day-2", "day-1"]
    assert [one.slug for one in read(now + timedelta(hours=1)).articles] == ["held", "day-3", "day-2"]


@pytest.mark.parametrize(("day", "shown"), [(0, "smec-2018"), (30, "later"), (99, "later")])
def test_the_event_is_the_one_that_comes_next_or_else_the_last(
    day: int, shown: str, smec: Event, forum: Event, now: datetime
) -> None:
    Event.objects.filter(pk=forum.pk).update(
        slug="later", starts_on=smec.ends_on + timedelta(days=20), ends_on=smec.ends_on + timedelta(days=20)
    )
    Event.objects.update(is_announced=True)
    event = read(now + timedelta(days=day)).event
    assert event is not None
    assert event.slug == shown


def test_fields_are_counted_once_per_listed_active_member(saxony: Cluster, now: datetime) -> None:
    differently: list[dict[str, object]] = [{}, {}, {"is_listed": False}, {"state": "suspended"}]
    for number, fields in enumerate(differently):
        one = Organisation.objects.create(
            name=Text.of("de", de=f"Werk {number}"), topics=["mems", "sensors"], state="published"
        )
        Membership.objects.create(
            cluster=saxony, organisation=one, **{"state": "active", "is_listed": True, **fields}
        )
    topics = read(now).topics
    assert topics
    assert {one.num_members for one in topics} == {2}


def test_a_network_that_has_only_begun_says_what_it_is(
    partnership: ClusterPartnership, now: datetime, browse: Callable[..., Client]
) -> None:
    page = browse().get("/en/network/").content.decode()
    assert "Elbe Valley Cluster and 济南高新区 connect manufacturers" in page
    assert "Relation since" not in page


def test_a_cluster_alone_still_shows_its_members(saxony: Cluster, now: datetime) -> None:
    network = read(now)
    assert (network.cluster, network.partnership, list(network.moments)) == (saxony, None, [])


def test_a_hidden_cluster_is_not_on_the_page(
    partnership: ClusterPartnership, saxony: Cluster, clara: User, now: datetime
) -> None:
    Cluster.objects.filter(pk=saxony.pk).update(is_published=False)
    network = read(now)
    assert network.partnership is None
    assert network.cluster == partnership.second
