"""What machines read: alternates, the map of the site, the feed and JSON-LD, each taken by its own parser."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kontor.accounts.models import User
from kontor.agreements.models import Agreement
from kontor.agreements.services import save_agreement
from kontor.directory.models import Cluster, ClusterPartnership, Organisation
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim
from kontor.i18n import Text
from kontor.news.models import Article
from kontor.news.services import correct_article, move_article, save_article
from kontor.portal import sitemaps

LANGUAGES = {"de": "de", "en": "en", "zh-hans": "zh-Hans"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"


class Head(HTMLParser):
    """The links and the JSON-LD of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.alternates: dict[str, str] = {}
        self.data: list[dict[str, object]] = []
        self._is_data = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "link" and "hreflang" in found:
            self.alternates[found["hreflang"]] = found["href"]
        self._is_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(json.loads(data))


@pytest.fixture
def article(smec: Event, saxony: Cluster, clara: User, now: datetime) -> Article:
    """A public article in two languages about a company and the conference, corrected once."""
    Event.objects.filter(pk=smec.pk).update(is_announced=True)
    company = Organisation.objects.create(name=Text.of("de", de="Elbtal <Messtechnik>"), state="published")
    hidden = Organisation.objects.create(name=Text.of("de", de="Verborgen AG"), state="published")
    body = f"[Elbtal](organisation:{company.public_id}), [Verborgen](organisation:{hidden.public_id}), [SMEC](event:smec-2018)"
    found = Article(
        slug="jinan", title=Text.of("de", de="Reise & mehr", zh="济南之行"), teaser=Text.of("de", de="Was <geschah>"),
        body=Text.of("de", de=body), source="Dresden", source_url="https://example.org/press",
    )  # fmt: skip
    save_article(found, by=clara, at=now)
    for state in ("review", "published"):
        found = move_article(found, to=state, by=clara, at=now)
    correct_article(found, note=Text.of("de", de="Zahl"), by=clara, at=now + timedelta(hours=1))
    hidden.state = "draft"
    hidden.save()
    return found


@pytest.fixture
def relation(saxony: Cluster, clara: User, now: datetime) -> ClusterPartnership:
    """Dresden and Jinan agreed, and Dresden has a figure."""
    zone = Cluster.objects.create(
        slug="zone", name=Text.of("zh", zh="高新区"), country="CN", is_published=True
    )
    found = ClusterPartnership.objects.create(first=saxony, second=zone)
    save_agreement(
        Agreement(kind="intent", title=Text.of("en", en="Letter"), partnership=found, is_public=True),
        parties=[saxony, zone], by=clara, at=now,
    )  # fmt: skip
    enter_claim(
        Claim(cluster=saxony, measure="members", value=340, scope=Text.of("en", en="members"), source="S",
              status="self_reported", as_of=date(2018, 10, 1)),
        by=clara, at=now,
    )  # fmt: skip
    return found


def head(client: Client, path: str) -> Head:
    return Head(client.get(path).content.decode())


def test_every_public_page_names_itself_in_the_other_languages(
    article: Article, relation: ClusterPartnership, browse: Callable[..., Client]
) -> None:
    client = browse()
    agreement, claim = Agreement.objects.get(), Claim.objects.get()
    paths = [
        "", "network/", "news/", "news/jinan/", "events/smec-2018/about/", "figures/", "agreements/",
        "relations/elbe-valley/zone/", f"agreements/{agreement.public_id}/", f"figures/claims/{claim.public_id}/",
        f"figures/cluster/{relation.first.public_id}/", "organisations/", "clusters/elbe-valley/",
    ]  # fmt: skip
    for path in paths:
        for language in LANGUAGES:
            found = {
                code: urlsplit(link).path
                for code, link in head(client, f"/{language}/{path}").alternates.items()
            }
            expected = {code: f"/{prefix}/{path}" for prefix, code in LANGUAGES.items()}
            assert {**expected, **found} == found, path


def parts_of_the_map(client: Client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    parts = ET.fromstring(answer.content).findall(f"{SITEMAP}sitemap")
    return [urlsplit(one.findtext(f"{SITEMAP}loc") or "").path for one in parts]


def entries_of(client: Client, part: str) -> list[ET.Element]:
    answer = client.get(part)
    assert answer["Content-Type"] == "application/xml"
    return ET.fromstring(answer.content).findall(f"{SITEMAP}url")


def test_the_map_has_as_many_parts_as_its_organisations_need(
    now: datetime, db: None, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "SLICE", 2)
    client = browse()
    assert parts_of_the_map(client) == ["/sitemaps/network-1.xml"]
    for number in range(5):
        Organisation.objects.create(
            name=Text.of("de", de=f"Firma {number}"), name_key=str(number), state="published"
        )
    assert parts_of_the_map(client) == [
        "/sitemaps/network-1.xml",
        "/sitemaps/organisations-1.xml",
        "/sitemaps/organisations-2.xml",
        "/sitemaps/organisations-3.xml",
    ]
    found = [
        entry.findtext(f"{SITEMAP}loc")
        for part in (1, 2, 3)
        for entry in entries_of(client, f"/sitemaps/organisations-{part}.xml")
    ]
    assert (len(found), len(set(found))) == (15, 15)
    missing = ("organisations-4", "organisations-0", "network-2", "people-1")
    assert [client.get(f"/sitemaps/{part}.xml").status_code for part in missing] == [404] * 4


def test_the_map_of_the_site_lists_what_is_public_in_three_languages_and_nothing_else(
    article: Article, relation: ClusterPartnership, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    save_article(
        Article(slug="draft", title=Text.of("de", de="T"), teaser=Text.of("de", de="T")), by=clara, at=now
    )
    client = browse()
    entries = [entry for part in parts_of_the_map(client) for entry in entries_of(client, part)]
    paths = {urlsplit(one.findtext(f"{SITEMAP}loc") or "").path for one in entries}
    parts = {path.removeprefix("/de/") for path in paths if path.startswith("/de/")}
    agreement, company = Agreement.objects.get(), Organisation.objects.get(state="published")
    assert parts == {
        "", "organisations/", "clusters/", "figures/", "agreements/", "news/", "news/jinan/",
        "events/smec-2018/about/", f"organisations/{company.public_id}/", "clusters/elbe-valley/", "clusters/zone/",
        "relations/elbe-valley/zone/", f"agreements/{agreement.public_id}/",
        f"figures/cluster/{relation.first.public_id}/",
    }  # fmt: skip
    assert paths == {f"/{language}/{part}" for language in LANGUAGES for part in parts}
    for one in entries:
        assert {link.get("hreflang") for link in one.findall(f"{XHTML}link")} >= set(LANGUAGES)
    assert [path for path in paths if client.get(path).status_code != 200] == []


def test_the_feed_is_atom_with_ids_that_stay_and_days_that_tell_of_corrections(
    article: Article, now: datetime, browse: Callable[..., Client]
) -> None:
    feeds = {
        language: ET.fromstring(browse().get(f"/{language}/news/feed.atom").content) for language in LANGUAGES
    }
    entries = {language: feed.findall(f"{ATOM}entry") for language, feed in feeds.items()}
    assert {
        language: [one.findtext(f"{ATOM}title") for one in found] for language, found in entries.items()
    } == {
        "de": ["Reise & mehr"],
        "en": ["Reise & mehr"],
        "zh-hans": ["济南之行"],
    }
    (entry,) = entries["de"]
    assert entry.findtext(f"{ATOM}id") == f"urn:kontor:article:{article.public_id}"
    assert entry.findtext(f"{ATOM}summary") == "<p>Was &lt;geschah&gt;</p>\n"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published") or "") == now
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") == now + timedelta(hours=1)
    assert feeds["zh-hans"].get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"


def test_an_article_tells_machines_its_days_its_source_and_what_it_mentions(
    article: Article, now: datetime, browse: Callable[..., Client]
) -> None:
    (data,) = head(browse(), "/de/news/jinan/").data
    company = Organisation.objects.get(state="published")
    assert (data["@context"], data["@type"]) == ("https://schema.org", "NewsArticle")
    assert (data["headline"], data["inLanguage"]) == ("Reise & mehr", "de")
    assert datetime.fromisoformat(str(data["datePublished"])) == now
    assert datetime.fromisoformat(str(data["dateModified"])) == now + timedelta(hours=1)
    assert data["isBasedOn"] == "https://example.org/press"
    assert [(one["@type"], one["name"], urlsplit(one["url"]).path) for one in data["mentions"]] == [  # type: ignore[attr-defined]
        ("Event", "Veranstaltung smec-2018", "/de/events/smec-2018/about/"),
        ("Organization", "Elbtal <Messtechnik>", f"/de/organisations/{company.public_id}/"),
    ]


def test_the_title_of_a_page_is_words_alone(
    article: Article, relation: ClusterPartnership, browse: Callable[..., Client]
) -> None:
    paths = ("news/jinan/", "relations/elbe-valley/zone/", f"figures/cluster/{relation.first.public_id}/")
    titles = [
        re.findall(r"<title>(.*?)</title>", browse().get(f"/de/{path}").content.decode()) for path in paths
    ]
    assert titles == [
        ["Reise &amp; mehr · Kontor"],
        ["Elbtal-Cluster – 高新区 · Kontor"],
        ["Zahlen · Elbtal-Cluster · Kontor"],
    ]


def test_an_event_tells_machines_when_and_where(article: Article, browse: Callable[..., Client]) -> None:
    (data,) = head(browse(), "/en/events/smec-2018/about/").data
    assert (data["@type"], data["startDate"], data["endDate"]) == ("Event", "2018-11-01", "2018-11-02")
    assert urlsplit(str(data["url"])).path == "/en/events/smec-2018/about/"


def test_a_reader_sees_what_an_article_mentions_and_finds_the_news_of_an_organisation(
    article: Article,
    browse: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browse()
    company = Organisation.objects.get(state="published")
    page = client.get("/de/news/jinan/").content.decode()
    listed = page.partition("In diesem Artikel")[2]
    assert re.findall(r'<a href="(/de/[^"]+)"', listed)[:2] == [
        "/de/events/smec-2018/about/",
        f"/de/organisations/{company.public_id}/",
    ]
    assert "Verborgen AG" not in listed
    own = client.get(f"/de/news/?organisation={company.public_id}").content.decode()
    assert "/de/news/jinan/" in own
    assert client.get("/de/news/?organisation=nobody").status_code == 404
    link = f'<a href="/de/news/?organisation={company.public_id}">In den Meldungen</a>'
    address = f"/de/organisations/{company.public_id}/"
    with django_assert_max_num_queries(8):
        page = client.get(address).content.decode()
    assert link in page
    Article.objects.update(embargo_until=article.published_at, state="archived")
    assert "In den Meldungen" not in client.get(address).content.decode()
