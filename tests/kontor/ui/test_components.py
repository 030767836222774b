"""Components: what they say, whom they say it to, and that nothing of a page needs style or script in the markup."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import translation
from django.utils.safestring import SafeString

from kontor.ui import charts, components, rows
from kontor.ui.paging import CursorPage
from kontor.ui.rows import draw_menus

Draw = Callable[..., str]
TEMPLATES = Path(components.__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class Words:
    text: str
    language: str
    state: str = "original"


@dataclass(frozen=True, kw_only=True)
class NavItem:
    label: str
    url: str = "/en/"
    is_current: bool = False
    badge: int = 0


class Person(SimpleNamespace):
    """Somebody signed in."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Lea Berger"


def text_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.mark.parametrize(("address", "language"), [("/de/", "de"), ("/en/", "en"), ("/zh-hans/", "zh-Hans")])
def test_a_page_says_its_language_and_has_one_heading(draw: Draw, address: str, language: str) -> None:
    page = draw("404.html", address)
    assert re.search(r"<html lang=\"([^\"]+)\"", page)[1] == language  # type: ignore[index]
    assert page.count("<h1>") == 1
    assert '<a class="skip-link" href="#main">' in page
    assert '<main id="main"' in page


def test_a_page_that_is_not_there_says_the_same_as_one_that_is_not_yours(draw: Draw) -> None:
    assert draw("404.html", exception="No Case matches", reason="foreign") == draw("404.html")
    assert "or it is not meant for you" in draw("404.html")


def test_the_page_for_faults_needs_nothing_that_could_be_broken() -> None:
    source = (TEMPLATES / "500.html").read_text(encoding="utf-8")
    assert "{%" not in source
    assert "{{" not in source
    assert re.findall(r'lang="([^"]+)"', source) == ["de", "en", "zh-Hans"]


def test_no_template_has_style_or_script_in_its_markup() -> None:
    pattern = re.compile(
        r"""\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|\|safe\b|javascript:|https?://(?!www\.w3)"""
    )
    found = [
        f"{path.name}: {match[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_title_holds_markup() -> None:
    titles = re.compile(r"{% block title %}(.*?){% endblock %}")
    marked = re.compile(r"{% (words|words_beside|person_name|user_text|day|clock|moment) ")
    found = [
        path.name
        for path in sorted(TEMPLATES.parent.parent.rglob("templates/**/*.html"))
        for title in titles.findall(path.read_text(encoding="utf-8"))
        if marked.search(title)
    ]
    assert found == []


def test_visitors_can_sign_in_and_have_no_menu(draw: Draw) -> None:
    page = draw("ui/base.html", "/de/")
    assert text_of(header_of(page)) == "Kontor de · Deutsch en · English 中文 Anmelden"
    assert 'class="main-nav"' not in page
    assert 'class="tabs"' not in page


def test_the_menu_marks_where_one_is_and_what_waits(draw: Draw) -> None:
    items = [NavItem(label="My day", is_current=True), NavItem(label="Requests", badge=3)]
    header = header_of(draw("ui/base.html", navigation=lambda: draw_menus(items), user=Person()))
    assert '<a href="/en/" aria-current="page">My day</a>' in header
    assert '<a href="/en/">Requests <span class="badge">3</span></a>' in header
    assert "Account of Lea Berger" in text_of(header)
    assert text_of(header).endswith("Lea Berger My events Settings Sign out")


def test_phones_have_four_tabs_and_the_rest_in_the_account_menu(draw: Draw) -> None:
    items = [NavItem(label=f"Item {number}") for number in range(1, 7)]
    page = draw("ui/base.html", navigation=lambda: draw_menus(items), user=Person())
    (tabs,) = re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert text_of(tabs) == "Item 1 Item 2 Item 3 Item 4"
    assert re.findall(r'<li class="phone-only"><a href="/en/">(.*?)</a>', page) == ["Item 5", "Item 6"]


def test_visitors_find_the_rest_of_the_menu_at_the_foot_of_a_phone(draw: Draw) -> None:
    menus = draw_menus([NavItem(label=f"Item {number}", is_current=number == 6) for number in range(1, 7)])
    of_phones = re.compile(r'<p class="phone-only no-print"><a href="/en/"(.*?)>(.*?)</a>')
    assert of_phones.findall(draw("ui/base.html", navigation=lambda: menus)) == [
        ("", "Item 5"),
        (' aria-current="page"', "Item 6"),
    ]
    assert of_phones.findall(draw("ui/base.html", navigation=lambda: menus, user=Person())) == []


def header_of(page: str) -> str:
    (header,) = re.findall(r'<header class="top-bar">.*?</header>', page, re.DOTALL)
    return header


def test_messages_are_announced(draw: Draw) -> None:
    notes = [
        SimpleNamespace(level_tag=constants.DEFAULT_TAGS[constants.SUCCESS], __str__=None),
        SimpleNamespace(level_tag=constants.DEFAULT_TAGS[constants.ERROR]),
    ]
    markup = draw("ui/base.html", messages=notes)
    assert re.findall(r'<p class="message (\w+)" role="(\w+)"', markup) == [
        ("success", "status"),
        ("error", "alert"),
    ]


@pytest.mark.parametrize(
    ("address", "reasons"),
    [
        (
            "/en/",
            (
                "You seek Leistungselektronik — they offer 功率半导体模块",
                "They seek 洁净室 — you offer Reinraum",
            ),
        ),
        (
            "/de/",
            ("Sie suchen Leistungselektronik – die Gegenseite bietet 功率半导体模块", "Sie bieten Reinraum"),
        ),
        ("/zh-hans/", ("您需要 Leistungselektronik ，对方提供 功率半导体模块", "您提供 Reinraum")),
    ],
)
def test_a_match_gives_its_reasons_in_both_languages(
    draw: Draw, address: str, reasons: tuple[str, str]
) -> None:
    match = components.MatchCard(
        title="Hanxin",
        url="/en/",
        score=92,
        facts=("Manufacturer", "420 people"),
        is_sample=True,
        reasons=[
            components.MatchReason(
                sought=Words(text="Leistungselektronik", language="de"),
                offered=Words(text="功率半导体模块", language="zh"),
                is_mine=True,
            ),
            components.MatchReason(
                sought=Words(text="洁净室", language="zh"),
                offered=Words(text="Reinraum", language="de"),
                is_mine=False,
            ),
        ],
    )
    markup = draw("ui/components/match_cards.html", address, matches=[match])
    assert all(reason in text_of(markup) for reason in reasons)
    assert '<span class="term" lang="zh-Hans">功率半导体模块</span>' in markup
    assert 'width="92.0"' in markup
    assert 'class="sample"' in markup


@pytest.mark.parametrize(
    ("address", "reasons"),
    [
        ("/en/", ["LI Na seeks A — the others offer B", "The others seek A — LI Na offers B"]),
        ("/de/", ["LI Na sucht A – die Gegenseite bietet B", "Die Gegenseite sucht A – LI Na bietet B"]),
        ("/zh-hans/", ["LI Na 需要 A ，对方提供 B", "对方需要 A ， LI Na 提供 B"]),
    ],
)
def test_a_match_of_somebody_else_names_that_person(draw: Draw, address: str, reasons: list[str]) -> None:
    sought, offered = Words(text="A", language="en"), Words(text="B", language="en")
    match = components.MatchCard(
        title="Hanxin",
        url="/en/",
        score=92,
        of=SafeString("<span>LI Na</span>"),
        reasons=[
            components.MatchReason(sought=sought, offered=offered, is_mine=is_mine)
            for is_mine in (True, False)
        ],
    )
    markup = draw("ui/components/match_cards.html", address, matches=[match])
    assert all(reason in text_of(markup) for reason in reasons)


def test_a_day_shows_both_clocks_what_is_now_and_who_is_there(draw: Draw) -> None:
    line = components.AgendaLine(
        kind="meeting",
        starts_at="2018-11-01T02:20:00+00:00",
        place_clock="10:20",
        home_clock="03:20",
        title="Luneng & Co",
        notes="Table 41",
        chips=[components.Chip(text="moved", tone="warn")],
        is_now=True,
        people=[("<Wentao>", "CEO")],
        interpreters=[("Lin Yue", "German–Chinese")],
    )
    markup = rows.agenda_lines([line])
    assert text_of(markup) == (
        "10:20 03:20 Now: Luneng &amp; Co moved Table 41 &lt;Wentao&gt; · CEO Interpreter: Lin Yue (German–Chinese)"
    )
    assert '<li class="entry meeting now" aria-current="time">' in markup
    assert '<span class="chip warn">moved</span>' in markup


def test_a_table_says_its_headings_in_each_cell(draw: Draw) -> None:
    table = components.Table(
        columns=[
            components.Column(heading="Choose", is_bare=True),
            components.Column(heading="Name"),
            components.Column(heading="Matches", is_number=True),
        ],
        rows=[(rows.chip("x", "ok"), "Köhler & Söhne", "3"), ("", rows.link("/en/?a=1&b=2", "<b>"), "0")],
        caption="Who",
    )
    markup = draw("ui/components/table.html", table=table)
    assert text_of(markup) == "Who Choose Name Matches x Köhler &amp; Söhne 3 &lt;b&gt; 0"
    assert re.findall(r"<td[^>]*>.*?</td>", markup) == [
        '<td role="cell"><span class="chip ok">x</span></td>',
        '<td role="cell" data-label="Name">Köhler &amp; Söhne</td>',
        '<td role="cell" class="num" data-label="Matches">3</td>',
        '<td role="cell"></td>',
        '<td role="cell" data-label="Name"><a href="/en/?a=1&amp;b=2">&lt;b&gt;</a></td>',
        '<td role="cell" class="num" data-label="Matches">0</td>',
    ]


def test_a_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match=r"row \('a',\) has 1 cells for 0 columns"):
        components.Table(columns=[], rows=[("a",)])


def test_the_board_says_states_in_words_and_scrolls_by_keyboard(draw: Draw) -> None:
    board = components.Board(
        caption="1 November, Hall 1",
        corner="Table",
        slots=["09:00", "09:20"],
        rows=[
            components.BoardRow(
                label="Table 1",
                seats=[
                    components.Seat(text="Qilu×TU Lab", state="fixed", url="/en/", detail="late"),
                    None,
                ],
            )
        ],
    )
    markup = draw("ui/components/board.html", board=board)
    assert text_of(markup) == "1 November, Hall 1 Table 09:00 09:20 Table 1 Qilu×TU Lab (locked)"
    assert 'role="region" tabindex="0" aria-label="1 November, Hall 1"' in markup


def test_a_board_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="row 'Table 1' has 1 seats for 2 slots"):
        components.Board(
            caption="c",
            corner="t",
            slots=["a", "b"],
            rows=[components.BoardRow(label="Table 1", seats=[None])],
        )


def test_progress_asks_again_until_it_is_finished(draw: Draw) -> None:
    running = components.Progress(
        done=1041, total=2000, sentence="Reading the list.", poll_url="/en/events/smec/"
    )
    markup = draw("ui/components/progress.html", "/de/", progress=running)
    assert 'hx-get="/en/events/smec/"' in markup
    assert '<progress max="2000" value="1041"' in markup
    assert text_of(markup) == "Reading the list. 1.041 von 2.000"
    done = components.Progress(done=1, total=1, sentence="Done.", is_finished=True, poll_url="/en/")
    assert "hx-get" not in draw("ui/components/progress.html", progress=done)


def test_the_pager_keeps_the_query(draw: Draw) -> None:
    page: CursorPage = CursorPage(rows=[], after="zz", before="aa")  # type: ignore[type-arg]
    markup = draw("ui/components/pager.html", "/en/?q=laser&after=mm", page=page)
    assert re.findall(r'href="([^"]+)"', markup) == ["?q=laser&amp;before=aa", "?q=laser&amp;after=zz"]
    assert draw("ui/components/pager.html", page=CursorPage(rows=[])).strip() == ""


@pytest.mark.parametrize("name", ["bars", "chain", "histogram", "line"])
def test_every_chart_has_its_finding_and_a_table(draw: Draw, name: str) -> None:
    words = {"label_heading": "Step", "value_heading": "Count"}
    chart = {
        "bars": lambda: charts.bar_chart("Held is most", [("planned", 3), ("held", 2.5)], **words),
        "chain": lambda: charts.chain_chart(
            "Held is most", [("planned", 3, ""), ("held", 2, "of 3")], **words
        ),
        "histogram": lambda: charts.histogram("Held is most", [("planned", 3), ("held", 2)], **words),
        "line": lambda: charts.line_chart(
            "Held is most", ["a", "b"], [("n", [1, 2.5])], label_heading="Step"
        ),
    }[name]()
    markup = draw(f"ui/charts/{name}.html", "/de/", chart=chart)
    assert "<figcaption>Held is most</figcaption>" in markup
    assert markup.count('<th scope="row">') == 2
    assert not re.search(r'="[\d.]+,\d', markup.replace('points="', "points=")), "a comma in a coordinate"


class TrialForm(forms.Form):
    name = forms.CharField(help_text="As registered.")
    languages = forms.MultipleChoiceField(choices=[("de", "German")], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(required=False)
    consent = forms.BooleanField(label="Show my name")

    def clean(self) -> None:
        self.add_error(None, "The list is closed.")


def test_a_form_binds_help_and_errors_to_its_fields(draw: Draw, settings: SimpleNamespace) -> None:
    form = TrialForm({"note": "x"})
    markup = draw("django/forms/div.html", **form.get_context())
    assert '<label for="id_name">Name</label>' in markup
    assert 'aria-describedby="id_name_helptext id_name_error"' in markup
    assert 'id="id_name_error"' in markup
    assert '<fieldset aria-describedby="id_languages_error">' in markup
    assert '<label for="id_note">Note <span class="optional">optional</span></label>' in markup


def test_wrong_forms_begin_with_a_summary_that_leads_to_the_fields(draw: Draw) -> None:
    form = TrialForm({"note": "x"})
    markup = draw("ui/components/error_summary.html", form=form)
    assert re.findall(r'<a href="#([^"]+)">', markup) == ["id_name", "id_languages", "id_consent"]
    assert "4 things are not right yet. Your entries were kept." in markup
    assert "<li>The list is closed.</li>" in markup
    assert draw("ui/components/error_summary.html", form=TrialForm()).strip() == ""


def test_the_site_draws_forms_with_these_templates() -> None:
    assert 'class="field' in str(TrialForm())


@pytest.mark.parametrize(
    ("language", "choose", "unstated"),
    [
        ("de", "Bitte wählen", "keine Angabe"),
        ("en", "Please choose", "not stated"),
        ("zh-hans", "请选择", "未填写"),
    ],
)
def test_nothing_chosen_says_what_it_means(language: str, choose: str, unstated: str) -> None:
    choices = [*BLANK_CHOICE_DASH, ("x", "X")]
    fields = (
        forms.ChoiceField(choices=choices),
        forms.ChoiceField(choices=choices, required=False),
        forms.ChoiceField(choices=[("", "no booth"), ("x", "X")], required=False),
    )
    with translation.override(language):
        drawn = [str(field.get_bound_field(forms.Form(), "one")) for field in fields]
    words = [re.findall(r"<option[^>]*>([^<]*)</option>", markup) for markup in drawn]
    assert words == [[choose, "X"], [unstated, "X"], ["no booth", "X"]]
