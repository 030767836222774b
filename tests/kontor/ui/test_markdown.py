"""Longer texts with a few marks: what becomes of them, and what never does."""

import pytest

from kontor.ui.markdown import references, render_markdown, tidy_pasted


def test_marks_become_markup() -> None:
    html = render_markdown("## Head\n\n- one\n- **two**\n\n> said")
    assert html.split("\n") == [
        "<h2>Head</h2>", "<ul>", "<li>one</li>", "<li><strong>two</strong></li>", "</ul>",
        "<blockquote>", "<p>said</p>", "</blockquote>", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,y)",
    ],
)
def test_nothing_in_a_text_runs(text: str) -> None:
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_a_reference_leads_where_its_resolver_says() -> None:
    text = "[340](claim:abc) and [x](other:1)"
    html = render_markdown(text, resolve=lambda kind, key: f"/{key}/" if kind == "claim" else None)
    assert html == '<p><a href="/abc/" class="reference">340</a> and <a>x</a></p>\n'
    assert references(text) == {("claim", "abc"), ("other", "1")}


def test_pasted_bullets_and_numbers_become_lists() -> None:
    assert tidy_pasted("•\tone\n·\u00a0two\no\tthree\n1.\tfour\nfive\x0bsix") == (
        "- one\n- two\n- three\n1. four\nfive\nsix"
    )
