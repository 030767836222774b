"""Template tags: words carry their language, names their order, pages their translations."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, resolve
from django.utils import translation

from kontor.ui.formatting import format_moment
from kontor.ui.templatetags import kontor as tags


@dataclass(frozen=True, kw_only=True)
class Words:
    text: str
    language: str
    state: str = "original"


@dataclass(frozen=True, kw_only=True)
class Name:
    latin: str = ""
    native: str = ""
    titles: str = ""


LYU = Name(latin="LYU Wentao", native="吕文涛")
HANXIN = Words(text="山东汉芯半导体", language="zh")


def drawn(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template("{% load kontor %}" + source).render(Context(context))


def test_words_carry_their_language() -> None:
    assert drawn("{% words w %}", w=HANXIN) == '<span lang="zh-Hans">山东汉芯半导体</span>'
    assert (
        drawn('{% words w "quiet" %}', w=HANXIN) == '<span class="quiet" lang="zh-Hans">山东汉芯半导体</span>'
    )


def test_words_are_escaped_and_free_of_invisible_controls() -> None:
    assert (
        drawn("{% words w %}", w=Words(text="<b>\u202ex", language="de"))
        == '<span lang="de">&lt;b&gt;x</span>'
    )
    assert drawn("{% words w %}", w="<b>") == "&lt;b&gt;"


def test_no_words_leave_nothing() -> None:
    assert drawn("{% words w %}", w=None) == ""
    assert drawn("{% words w %}", w=Words(text="", language="de")) == ""


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("original", ""),
        ("human", ""),
        ("machine", ' <small class="text-state">machine-translated</small>'),
        ("stale", ' <small class="text-state">older than the original</small>'),
        ("verified", ' <small class="text-state">verified translation</small>'),
    ],
)
def test_the_state_of_a_translation_is_said_where_asked_for(state: str, note: str) -> None:
    words = Words(text="Halle", language="de", state=state)
    assert drawn("{% words w show_state=True %}", w=words) == f'<span lang="de">Halle</span>{note}'


def test_the_original_stands_beside_other_words_only() -> None:
    shown = Words(text="Hall", language="en")
    assert drawn("{% words_beside a b %}", a=shown, b=HANXIN) == (
        '<span lang="en">Hall</span> <span class="quiet" lang="zh-Hans">山东汉芯半导体</span>'
    )
    assert drawn("{% words_beside a b %}", a=shown, b=shown) == '<span lang="en">Hall</span>'


def test_user_text_becomes_paragraphs_in_its_language() -> None:
    assert drawn("{% user_text w %}", w=Words(text="一\n\n二", language="zh")) == (
        '<p lang="zh-Hans">一</p>\n<p lang="zh-Hans">二</p>'
    )
    assert drawn("{% user_text w %}", "de", w="eins") == '<p lang="de">eins</p>'


def test_readers_of_latin_letters_see_the_latin_name_first() -> None:
    assert drawn("{% person_name n %}", n=LYU) == (
        '<span class="name" translate="no">LYU Wentao</span> '
        '<span class="name quiet" lang="zh-Hans" translate="no">吕文涛</span>'
    )


def test_chinese_readers_see_the_characters_first() -> None:
    assert drawn("{% person_name n %}", "zh-hans", n=LYU) == (
        '<span class="name" lang="zh-Hans" translate="no">吕文涛</span> '
        '<span class="name quiet" lang="en" translate="no">LYU Wentao</span>'
    )
    assert drawn("{% person_name n False %}", "zh-hans", n=LYU) == (
        '<span class="name" lang="zh-Hans" translate="no">吕文涛</span>'
    )


def test_names_keep_the_order_of_their_owner() -> None:
    anna = Name(latin="Anna Köhler", titles="Dr.")
    assert drawn("{% person_name n %}", n=anna) == '<span class="name" translate="no">Dr. Anna Köhler</span>'
    only_native = Name(native="吕文涛")
    assert drawn("{% person_name n %}", n=only_native) == (
        '<span class="name" lang="zh-Hans" translate="no">吕文涛</span>'
    )


@pytest.mark.parametrize(("native", "language"), [("김민준", "ko"), ("さとう健", "ja"), ("王伟", "zh-Hans")])
def test_the_script_of_a_name_tells_its_language(native: str, language: str) -> None:
    assert f'lang="{language}"' in drawn("{% person_name n %}", n=Name(latin="X", native=native))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Lea Berger", "LB"), ("王伟", "王"), ("Anna Maria von Köhler", "AK"), ("lea", "L"), ("", "")],
)
def test_initials_have_at_most_two_letters(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_numbers_follow_the_language_of_the_page() -> None:
    assert (
        drawn("{{ n|number }} {{ n|number:2 }} {{ s|share }}", "de", n=1234.5, s=0.5)
        == "1.234,5 1.234,50 50\u00a0%"
    )
    assert drawn('{{ n|quantity:"分钟" }}', "zh-hans", n=20) == "20\u00a0分钟"
    assert drawn("{{ n|number }}", n=None) == ""


def test_attributes_of_svg_have_a_dot_in_every_language() -> None:
    assert drawn("{{ a|coordinate }} {{ a|percent_of:3 }}", "de", a=1.5) == "1.5 50.0"
    assert tags.percent_of(1, 0) == "0"


def test_days_and_clocks_carry_their_machine_readable_form() -> None:
    moment = datetime(2018, 10, 31, 17, 0, tzinfo=UTC)
    assert drawn('{% day m "weekday" "Asia/Shanghai" %}', "zh-hans", m=moment) == (
        '<time datetime="2018-11-01">11月1日 星期四</time>'
    )
    assert (
        drawn('{% clock m "Asia/Shanghai" %}', m=moment)
        == '<time datetime="2018-10-31T17:00:00+00:00">01:00</time>'
    )
    assert drawn('{% moment m "Asia/Shanghai" %}', "de", m=moment) == (
        '<time datetime="2018-10-31T17:00:00+00:00">1. November 2018, 01:00\u00a0Shanghai</time>'
    )
    assert drawn("{% days a b %}", "de", a=date(2018, 11, 1), b=date(2018, 11, 2)) == "1.–2. November 2018"
    assert drawn("{% day m %}{% clock m %}", m=None) == ""


def test_both_times_are_shown_where_two_places_are_involved() -> None:
    moment = datetime(2018, 11, 1, 6, 0, tzinfo=UTC)
    assert drawn('{% both_times m "Asia/Shanghai" "Europe/Berlin" "Jinan" "Dresden" %}', m=moment) == (
        '<time datetime="2018-11-01T06:00:00+00:00">14:00\u00a0Jinan</time>'
        ' · <span class="home-time">07:00\u00a0Dresden</span>'
    )


@pytest.mark.parametrize(
    ("user", "zone"),
    [
        (SimpleNamespace(time_zone="Asia/Shanghai"), "Asia/Shanghai"),
        (SimpleNamespace(), "UTC"),
        (None, "UTC"),
    ],
)
def test_a_print_says_when_by_the_clock_of_its_reader(
    user: object, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2018, 11, 1, 6, 0, tzinfo=UTC)
    monkeypatch.setattr(tags.timezone, "now", lambda: moment)
    assert drawn("{% printed_words %}", "de", user=user) == f"Gedruckt: {format_moment(moment, zone, 'de')}"


@pytest.mark.parametrize(
    ("language", "marks"), [("de", "Name: x, y. Z"), ("en", "Name: x, y. Z"), ("zh-hans", "Name：x、y.Z")]
)
def test_marks_between_words_are_those_of_the_language(language: str, marks: str) -> None:
    assert drawn("Name{% colon %}x{% list_comma %}y.{% sentence_gap %}Z", language) == marks


def links(address: str, method: str = "get") -> list[str]:
    request = getattr(RequestFactory(), method)(address)
    with translation.override(address.split("/")[1]):
        request.resolver_match = resolve(request.path)
        return addresses(tags.language_links(Context({"request": request})))


def addresses(markup: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', markup)


def test_the_language_switch_keeps_the_page_and_its_query() -> None:
    assert links("/de/events/smec/?day=2&x=1") == [
        "/de/events/smec/?day=2&amp;x=1",
        "/en/events/smec/?day=2&amp;x=1",
        "/zh-hans/events/smec/?day=2&amp;x=1",
    ]


def test_the_language_switch_says_where_one_is() -> None:
    request = RequestFactory().get("/en/events/smec/")
    request.resolver_match = resolve("/en/events/smec/")
    assert tags.language_links(Context({"request": request})) == (
        '<a href="/de/events/smec/" lang="de" hreflang="de">de'
        '<span class="visually-hidden"> · Deutsch</span></a>'
        '<a href="/en/events/smec/" lang="en" hreflang="en" aria-current="true">en'
        '<span class="visually-hidden"> · English</span></a>'
        '<a href="/zh-hans/events/smec/" lang="zh-Hans" hreflang="zh-Hans">中文</a>'
    )


def test_an_answer_to_a_form_leads_to_the_home_page_of_the_other_language() -> None:
    assert links("/de/events/smec/", "post") == ["/de/", "/en/", "/zh-hans/"]


def test_a_page_that_does_not_exist_still_has_a_language_switch() -> None:
    context = Context({"request": SimpleNamespace(resolver_match=None, method="GET")})
    assert addresses(tags.language_links(context)) == ["/de/", "/en/", "/zh-hans/"]


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Sign out" %}',
        '{% translate "Print" context "verb" %}',
        '{% translate "Print" context "verb" as label %}[{{ label }}]',
        '{% translate "Sign out"|upper %}',
        '{% translate "Sign out" noop %}',
        "{% translate word %}",
        '{% translate "Print" context kind %}',
        '{% translate "50 %" %}',
        '{% translate "<b>" as label %}{{ label }}',
    ],
)
@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
def test_texts_of_the_interface_are_those_of_django(source: str, language: str) -> None:
    with translation.override(language):
        theirs = Template("{% load i18n %}" + source).render(Context({"word": "Sign out", "kind": "verb"}))
    assert drawn("{% load i18n kontor %}" + source, language, word="Sign out", kind="verb") == theirs


@pytest.mark.parametrize(
    "source",
    [
        "{% url 'portal:home' %}",
        "{% url 'event' slug %}",
        "{% url 'event' slug as there %}[{{ there }}]",
        "{% url 'event' slug=slug %}",
        "{% url name slug %}",
        "{% url 'event' nobody as there %}[{{ there }}]",
        "{% url 'nowhere' slug as there %}[{{ there }}]",
    ],
)
@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
def test_addresses_of_pages_are_those_of_django(source: str, language: str) -> None:
    given = {"slug": "smec", "name": "event"}
    with translation.override(language):
        theirs = Template(source).render(Context(given))
    assert drawn(source, language, **given) == drawn(source, language, **given) == theirs


@pytest.mark.parametrize("source", ["{% url 'nowhere' %}", "{% url 'event' nobody %}"])
def test_a_page_that_does_not_exist_has_no_address(source: str) -> None:
    with pytest.raises(NoReverseMatch):
        drawn(source)
