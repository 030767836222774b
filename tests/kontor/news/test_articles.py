"""Articles: who reads them when, what they quote, how they are corrected, and what photographs need."""

import re
import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Organisation
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim, withdraw_claim
from kontor.i18n import Text
from kontor.jobs.models import Mail
from kontor.jobs.runner import run_waiting_jobs
from kontor.news import services
from kontor.news.models import Article, Photo, Quote
from kontor.news.queries import figures_to_quote
from kontor.search.queries import search


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def claim(saxony: Cluster, now: datetime) -> Claim:
    return enter_claim(
        Claim(cluster=saxony, measure="members", value=340, scope=Text.of("de", de="Mitglieder"), source="S",
              status="self_reported", as_of=date(2018, 11, 6)),
        by=None, at=now,
    )  # fmt: skip


def write(by: User, at: datetime, *, body: str = "Text", **fields: object) -> Article:
    values = {
        "slug": "jinan",
        "title": Text.of("de", de="Reise nach Jinan", zh="济南之行"),
        "teaser": Text.of("de", de="Was geschah"),
        "body": Text.of("de", de=body),
    }
    return services.save_article(Article(**(values | fields)), by=by, at=at)


def publish(article: Article, by: User, at: datetime) -> Article:
    services.move_article(article, to="review", by=by, at=at)
    return services.move_article(article, to="published", by=by, at=at)


def test_figures_to_quote_stand_under_what_they_are_about_as_marks_without_gaps_in_chinese(
    claim: Claim, saxony: Cluster
) -> None:
    claim.scope = Text.of("zh", zh="家会员企业")
    claim.save()
    (name,) = figures_to_quote("zh-hans")
    assert name == str(saxony.name.for_reader("zh"))
    assert [row.mark for row in figures_to_quote("zh-hans")[name]] == [
        f"[340家会员企业](claim:{claim.public_id})"
    ]


def test_a_draft_is_read_by_the_desk_alone(
    clara: User, stranger: User, now: datetime, browse: Callable[..., Client]
) -> None:
    write(clara, now)
    assert browse(clara).get("/en/news/jinan/").status_code == 200
    assert browse(stranger).get("/en/news/jinan/").status_code == 404
    assert browse().get("/en/news/jinan/").status_code == 404


def test_what_is_published_is_read_by_everybody_and_found(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    publish(write(clara, now, body="Leistungselektronik aus Sachsen"), clara, now)
    assert "Leistungselektronik aus Sachsen" in browse().get("/de/news/jinan/").content.decode()
    assert [hit.kind for hit in search("功率电子", audiences=("public",), language="zh").hits] == ["article"]


def test_an_embargo_ends_at_its_hour_in_every_zone(
    clara: User, now: datetime, settings: Settings, browse: Callable[..., Client]
) -> None:
    clara.time_zone = "Europe/Berlin"
    clara.save()
    data = {
        "title_de": "T",
        "teaser_de": "T",
        "body_de": "T",
        "slug": "later",
        "embargo_until": "2018-10-15T06:00",
    }
    browse(clara).post("/de/news/new/", data)
    article = publish(Article.objects.get(), clara, now)
    assert article.embargo_until == datetime.fromisoformat("2018-10-15T12:00:00+08:00")
    assert browse().get("/en/news/later/").status_code == 404
    assert "later" not in browse().get("/en/news/feed.atom").content.decode()
    settings.TEST_CLOCK = (now + timedelta(hours=2)).isoformat()
    assert browse().get("/en/news/later/").status_code == 200
    assert services.release_due(now + timedelta(hours=2)) == 1
    assert services.release_due(now + timedelta(hours=2)) == 0


@pytest.mark.parametrize(
    ("zone", "words", "moment"),
    [
        ("Asia/Shanghai", "2018-10-28T02:30", "2018-10-27T18:30:00+00:00"),
        ("America/New_York", "2018-10-27T14:30", "2018-10-27T18:30:00+00:00"),
        # an hour that Berlin's clocks show twice that night means its first time
        ("Europe/Berlin", "2018-10-28T02:30", "2018-10-28T00:30:00+00:00"),
        # and one that they leave out in spring is an hour later on the clock
        ("Europe/Berlin", "2019-03-31T02:30", "2019-03-31T01:30:00+00:00"),
    ],
)
def test_the_hour_of_an_embargo_is_that_of_its_author(
    zone: str, words: str, moment: str, clara: User, browse: Callable[..., Client]
) -> None:
    clara.time_zone = zone
    clara.save()
    data = {"title_de": "T", "teaser_de": "T", "body_de": "T", "slug": "later", "embargo_until": words}
    browse(clara).post("/de/news/new/", data)
    article = Article.objects.get()
    assert article.embargo_until == datetime.fromisoformat(moment)
    shown = article.embargo_until.astimezone(ZoneInfo(zone))
    assert f'value="{shown:%Y-%m-%dT%H:%M}"' in browse(clara).get("/de/news/later/edit/").content.decode()


def test_a_figure_in_the_text_is_linked_with_its_claim(
    claim: Claim, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    article = write(clara, now, body=f"Die [rund 340 Mitglieder](claim:{claim.public_id}) und mehr.")
    assert [one.claim for one in article.quotes.all()] == [claim]
    publish(article, clara, now)
    assert f'/de/figures/claims/{claim.public_id}/"' in browse().get("/de/news/jinan/").content.decode()


def test_a_text_that_quotes_a_withdrawn_figure_is_marked_and_not_published(
    claim: Claim, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    body = f"[340](claim:{claim.public_id})"
    publish(write(clara, now, body=body), clara, now)
    draft = write(clara, now, body=body, slug="second")
    services.move_article(draft, to="review", by=clara, at=now)
    withdraw_claim(claim, reason=Text.of("en", en="Typing error"), by=clara, at=now)
    with pytest.raises(services.QuotesWithdrawnFigure):
        services.move_article(draft, to="published", by=clara, at=now)
    desk = browse(clara).get("/en/news/desk/").content.decode()
    assert "1 article quotes a figure that no longer stands" in desk
    assert browse().get("/en/news/jinan/").status_code == 200


@pytest.mark.parametrize("way", ["withdrawn", "replaced"])
def test_the_author_is_told_once_when_a_quoted_figure_no_longer_stands(
    way: str, claim: Claim, clara: User, stranger: User, now: datetime
) -> None:
    clara.language = "de"
    clara.save()
    publish(write(clara, now, body=f"[340](claim:{claim.public_id})"), clara, now)
    write(stranger, now, slug="without")
    if way == "withdrawn":
        withdraw_claim(claim, reason=Text.of("en", en="Typing error"), by=clara, at=now)
    else:
        better = Claim(cluster=claim.cluster, measure="members", value=341, scope=claim.scope, source="S",
                       status="self_reported", as_of=date(2018, 11, 7), supersedes=claim)  # fmt: skip
        enter_claim(better, by=clara, at=now)
    run_waiting_jobs()
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject) == (
        "clara@example.org",
        "Eine Zahl in „Reise nach Jinan“ gilt nicht mehr",
    )
    assert "340 Mitglieder, Stand 6. November 2018" in mail.body
    assert "/de/news/jinan/" in mail.body
    assert services.tell_authors(Claim.objects.with_standing().get(pk=claim.pk)) == 1
    assert Mail.objects.count() == 1


def test_a_figure_that_stands_brings_nobody_a_mail(claim: Claim, clara: User, now: datetime) -> None:
    publish(write(clara, now, body=f"[340](claim:{claim.public_id})"), clara, now)
    assert services.tell_authors(Claim.objects.with_standing().get(pk=claim.pk)) == 0
    assert not Mail.objects.exists()


def test_a_reference_that_leads_nowhere_is_named_and_nothing_is_saved(
    clara: User, browse: Callable[..., Client]
) -> None:
    data = {"title_de": "T", "teaser_de": "T", "body_de": "[x](claim:000)", "slug": "x"}
    page = browse(clara).post("/en/news/new/", data)
    assert "“claim:000” leads nowhere" in str(page.context["form"].errors["body"])
    assert not Article.objects.exists()


def test_a_text_leads_to_the_organisations_it_names_and_only_to_published_ones(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    named = Organisation.objects.create(name=Text.of("de", de="Elbtal Messtechnik GmbH"), state="published")
    hidden = Organisation.objects.create(name=Text.of("de", de="Verborgen AG"))
    article = write(clara, now, body=f"Bei [Elbtal](organisation:{named.public_id}).")
    assert list(article.organisations.all()) == [named]
    publish(article, clara, now)
    page = browse().get("/de/news/jinan/").content.decode()
    assert f'/de/organisations/{named.public_id}/"' in page
    with pytest.raises(services.UnknownReference):
        write(clara, now, body=f"[x](organisation:{hidden.public_id})", slug="second")


def test_an_emptied_reference_is_no_quote_any_more(claim: Claim, clara: User, now: datetime) -> None:
    article = write(clara, now, body=f"[340](claim:{claim.public_id})")
    article.body = Text.of("de", de="Ohne Zahl")
    services.save_article(article, by=clara, at=now)
    assert not Quote.objects.exists()


def test_scripts_in_a_text_are_words(clara: User, now: datetime, browse: Callable[..., Client]) -> None:
    publish(write(clara, now, body="<script>alert(1)</script> [x](javascript:alert(1))"), clara, now)
    html = browse().get("/de/news/jinan/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    "body",
    [
        '<img src="x" onerror="alert(1)">',
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](<javascript:alert(1)>)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<style>body{display:none}</style>",
        "<iframe src=//example.org></iframe>",
        '[x](https://example.org/" onclick="alert(1))',
    ],
)
def test_no_text_brings_markup_or_an_address_that_acts(
    body: str, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    publish(write(clara, now, body=body), clara, now)
    prose = browse().get("/de/news/jinan/").content.decode().partition('<div class="prose">')[2]
    prose = prose.partition("</article>")[0].lower()
    assert re.findall(r"<(?!/?(?:p|a|div)\b)", prose) == []
    assert re.findall(r'href="(?!https://)', prose) == []
    assert re.findall(r"<[^>]*\son\w+=", prose) == []


def test_a_correction_says_what_and_keeps_the_earlier_words(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    publish(write(clara, now, body="zweitausend"), clara, now)
    client = browse(clara)
    data = {"title_de": "Reise nach Jinan", "teaser_de": "Was geschah", "body_de": "rund 1.900"}
    assert "correction_note" in client.post("/de/news/jinan/edit/", data).context["form"].errors
    client.post("/de/news/jinan/edit/", data | {"correction_note_de": "Zahl der Teilnehmenden"})
    page = browse().get("/de/news/jinan/").content.decode()
    assert "Zahl der Teilnehmenden" in page
    assert "zweitausend" in page


def test_a_preview_saves_nothing(clara: User, browse: Callable[..., Client]) -> None:
    data = {"title_de": "T", "teaser_de": "T", "body_de": "## Kopf", "slug": "x", "preview": "1"}
    assert "<h2>Kopf</h2>" in browse(clara).post("/de/news/new/", data).content.decode()
    assert not Article.objects.exists()


def test_text_of_a_word_processor_becomes_a_list(clara: User, browse: Callable[..., Client]) -> None:
    data = {"title_de": "T", "teaser_de": "T", "body_de": "•\tErstens\r\n•\tZweitens", "slug": "x"}
    browse(clara).post("/de/news/new/", data)
    assert Article.objects.get().body.in_language("de") == "- Erstens\n- Zweitens"


def test_text_pasted_from_word_keeps_its_words_lists_and_paragraphs(
    clara: User, browse: Callable[..., Client]
) -> None:
    pasted = (
        "„Neue Wege“ – Bericht\u00a02018\r\n\r\n"
        "\uf0b7\tErstens: 5\u202f% mehr\r\n\uf0b7\tZweitens\x0bmit Umbruch\r\n\r\n"
        "1.\tPunkt eins\r\n2.\tPunkt zwei\r\no\tUnterpunkt\r\n\r\nZum Schluss… 济南"
    )
    browse(clara).post("/de/news/new/", {"title_de": "T", "teaser_de": "T", "body_de": pasted, "slug": "x"})
    assert Article.objects.get().body.in_language("de").split("\n") == [
        "„Neue Wege“ – Bericht\u00a02018",
        "",
        "- Erstens: 5\u202f% mehr",
        "- Zweitens",
        "mit Umbruch",
        "",
        "1. Punkt eins",
        "2. Punkt zwei",
        "- Unterpunkt",
        "",
        "Zum Schluss… 济南",
    ]


def test_nothing_goes_into_review_without_a_text(clara: User, now: datetime) -> None:
    with pytest.raises(services.NothingToRead):
        services.move_article(write(clara, now, body=""), to="review", by=clara, at=now)


def test_a_draft_is_not_published_past_the_review(clara: User, now: datetime) -> None:
    with pytest.raises(services.NotThatWay):
        services.move_article(write(clara, now), to="published", by=clara, at=now)


def a_picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    packed = BytesIO()
    Image.new("RGB", (width, height), "teal").save(packed, kind)
    return packed.getvalue()


def a_photo(article: Article) -> Photo:
    return Photo(article=article, description=Text.of("de", de="Halle"), credit="A. Muster", rights="own")


def test_a_photograph_is_packed_and_shown_with_its_article(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    article = publish(write(clara, now), clara, now)
    photo = services.add_photo(
        a_photo(article), name="a.png", content=a_picture(3200, 200, "PNG"), by=clara, at=now
    )
    assert (photo.width, photo.height) == (1600, 100)
    answer = browse().get(f"/en/news/photos/{photo.public_id}.jpg")
    assert (answer["Content-Type"], answer.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_a_photograph_of_a_draft_is_hidden(clara: User, now: datetime, browse: Callable[..., Client]) -> None:
    photo = services.add_photo(
        a_photo(write(clara, now)), name="a.jpg", content=a_picture(9, 9), by=clara, at=now
    )
    assert browse().get(f"/en/news/photos/{photo.public_id}.jpg").status_code == 404


def test_a_photograph_without_rights_does_not_come_in(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    write(clara, now)
    upload = BytesIO(a_picture(9, 9))
    upload.name = "a.jpg"
    data = {
        "photo-file": upload,
        "photo-description_de": "Halle",
        "photo-credit": "A. Muster",
        "photo-rights": "",
    }
    answer = browse(clara).post("/en/news/jinan/photos/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["rights"])
    assert not Photo.objects.exists()


def test_a_hundred_megapixels_are_refused_unread(clara: User, now: datetime) -> None:
    content = bytearray(a_picture(8, 8, "PNG"))
    content[16:24] = (10_000).to_bytes(4, "big") + (10_000).to_bytes(4, "big")
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    with pytest.raises(services.TooManyPixels):
        services.add_photo(a_photo(write(clara, now)), name="a.png", content=bytes(content), by=clara, at=now)


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='x'/>", b"GIF89a" + b"\0" * 20, b"\xff\xd8\xff\xe0broken"]
)
def test_what_is_no_photograph_is_refused(content: bytes, clara: User, now: datetime) -> None:
    with pytest.raises(services.NotAPhoto):
        services.add_photo(a_photo(write(clara, now)), name="a", content=content, by=clara, at=now)


def test_the_feed_speaks_the_language_of_its_address(
    clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    publish(write(clara, now), clara, now)
    assert "济南之行" in browse().get("/zh-hans/news/feed.atom").content.decode()
    assert "Reise nach Jinan" in browse().get("/de/news/feed.atom").content.decode()


def test_machines_read_the_article_too(clara: User, now: datetime, browse: Callable[..., Client]) -> None:
    publish(write(clara, now, title=Text.of("de", de="</script><b>")), clara, now)
    page = browse().get("/de/news/jinan/").content.decode()
    assert '"@type": "NewsArticle", "headline": "\\u003C/script\\u003E\\u003Cb\\u003E"' in page
