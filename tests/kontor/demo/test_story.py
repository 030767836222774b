"""What the sample site knows of the real regions: claims with sources, agreements, milestones, an article."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kontor.agreements.models import Agreement, Milestone
from kontor.demo import services
from kontor.demo.network import build_network
from kontor.directory.models import Cluster
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.figures.queries import figures
from kontor.i18n import LANGUAGES
from kontor.news.models import Article
from kontor.news.queries import mentions_of
from kontor.ui.formatting import NO_BREAK


@pytest.fixture
def jinan(db: None) -> Event:
    """The sample event without people, and the network around it."""
    event = services._build_setting()
    build_network(event)
    return event


def test_every_claim_agreement_and_milestone_names_its_source(jinan: Event) -> None:
    for rows in (Claim.objects.all(), Agreement.objects.all(), Milestone.objects.all()):
        assert rows.count() >= 3
        assert [one for one in rows if not one.source or not one.source_url.startswith("http")] == []


def test_the_members_are_about_340_and_one_undated_claim_differs(jinan: Event) -> None:
    cluster = Cluster.objects.get(slug="silicon-saxony")
    on = date(2018, 11, 1)
    members, _staff, revenue = figures(Claim.objects.about(cluster).with_standing(), on=on)
    sentence = wording.sentence(members.best, "de").replace(NO_BREAK, " ")
    assert sentence == "rund 340 Mitgliedsunternehmen, Stand November 2018"
    assert [one.value for one in members.differing] == [280]
    assert revenue.doubtful == {Claim.objects.get(value=4_000_000).pk}


def test_the_article_is_there_in_three_languages_and_quotes_its_figures(jinan: Event) -> None:
    article = Article.objects.get()
    assert article.quotes.count() == 2
    for language in LANGUAGES:
        assert "340" in article.body.in_language(language)
        assert "{" not in article.body.in_language(language)


def test_building_again_adds_nothing(jinan: Event) -> None:
    before = [rows.count() for rows in (Claim.objects, Agreement.objects, Milestone.objects, Article.objects)]
    build_network(jinan)
    assert [
        rows.count() for rows in (Claim.objects, Agreement.objects, Milestone.objects, Article.objects)
    ] == before


@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
def test_the_public_pages_show_it_in_every_language(
    language: str, jinan: Event, browse: Callable[..., Client]
) -> None:
    client = browse()
    article = Article.objects.get()
    page = client.get(f"/{language}/network/").content.decode()
    assert str(article.title.for_reader(language)) in page
    assert client.get(f"/{language}/relations/silicon-saxony/jinan-high-tech-zone/").status_code == 200
    assert client.get(f"/{language}/news/jinan-2018/").status_code == 200


def test_the_article_keeps_the_day_of_its_source_and_says_that_it_is_later_than_the_clock(
    jinan: Event, settings: Settings, browse: Callable[..., Client]
) -> None:
    settings.DEMO, settings.TEST_CLOCK = True, "2018-11-01T13:48:00+08:00"
    page = browse().get("/de/news/jinan-2018/").content.decode()
    assert Article.objects.get().published_at == datetime(2018, 11, 6, 17, 55, tzinfo=UTC)
    assert "6. November 2018" in page
    assert "Die Uhr dieser Vorführung steht auf dem" in page


def test_the_article_mentions_the_organisations_of_the_press_release(
    jinan: Event, browse: Callable[..., Client]
) -> None:
    mentions = mentions_of(Article.objects.get(), "de")
    assert [str(one.name) for one in mentions if one.kind == "organisation"] == [
        "Hightech-Zone Jinan",
        "Jinan-Dresden Kontaktbüro",
        "Robert Bosch GmbH",
        "Siemens AG",
        "Silicon Saxony e. V.",
        "Technische Universität Chemnitz",
        "Technische Universität Dresden",
    ]


def test_the_series_of_the_conference_and_of_its_results_are_there(jinan: Event) -> None:
    numbers = {
        of: {
            (one.measure, int(one.value))
            for one in Claim.objects.filter(**{f"{of}__isnull": False}).exclude(
                cluster__slug="silicon-saxony"
            )
        }
        for of in ("event", "cluster", "organisation")
    }
    assert numbers == {
        "event": {
            ("participants", 2000),
            ("participants", 800),
            ("participants", 100),
            ("foreign_guests", 170),
            ("companies", 100),
            ("projects", 27),
            ("investment", 21_440_000_000),
            ("investment", 2_560_000_000),
        },
        "cluster": {
            ("projects", 94),
            ("companies", 2630),
            ("projects", 105),
            ("companies", 2680),
            ("investment", 48_000_000_000),
        },
        "organisation": {("projects", 11), ("investment", 10_130_000_000), ("participants", 5000)},
    }


def test_the_members_over_time_are_those_of_the_sources(jinan: Event) -> None:
    cluster = Cluster.objects.get(slug="silicon-saxony")
    members = figures(Claim.objects.about(cluster).with_standing(), on=date(2026, 11, 22))[0]
    assert [int(one.value) for one in members.series] == [20, 321, 320, 340, 355]
    assert [int(one.value) for one in members.reported] == [35, 350, 375, 490]
    assert {int(one.value) for one in members.claims if one.as_of is None} == {280, 300, 550, 600}
