"""What the sample site knows of the real regions: claims with sources, agreements, milestones, an article."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

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
