"""Texts that people wrote: escaped, in paragraphs, without invisible controls."""

import pytest

from kontor.ui.usertext import clean_user_text, markup_language, render_user_text


def test_paragraphs_and_line_breaks_are_kept() -> None:
    text = "Erste Zeile\r\nzweite Zeile\r\n \r\n\r\nNeuer Absatz\n"
    assert render_user_text(text, "de") == (
        '<p lang="de">Erste Zeile<br>zweite Zeile</p>\n<p lang="de">Neuer Absatz</p>'
    )


def test_markup_is_shown_and_addresses_do_not_become_links() -> None:
    assert render_user_text("<b>1 & 2</b> https://example.org", "en") == (
        '<p lang="en">&lt;b&gt;1 &amp; 2&lt;/b&gt; https://example.org</p>'
    )


def test_an_empty_text_is_nothing() -> None:
    assert render_user_text(" \n\u200b ", "zh") == ""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("pay\u202egpj.exe", "paygpj.exe"),
        ("泉\u200b城\ufeff", "泉城"),
        ("a\x00b\x1bc\td", "abc\td"),
        ("\u2066left\u2069", "left"),
        ("a\U000e0041b", "ab"),
        ("one\u2028two", "one\ntwo"),
        ("Müller-Lüdenscheidt 王伟 🙂", "Müller-Lüdenscheidt 王伟 🙂"),
    ],
)
def test_controls_that_hide_or_reorder_letters_disappear(text: str, cleaned: str) -> None:
    assert clean_user_text(text) == cleaned


@pytest.mark.parametrize(
    ("code", "markup"),
    [("zh", "zh-Hans"), ("zh-hans", "zh-Hans"), ("zh_Hans", "zh-Hans"), ("de", "de"), ("fi", "fi")],
)
def test_chinese_is_marked_as_simplified(code: str, markup: str) -> None:
    assert markup_language(code) == markup
