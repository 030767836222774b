"""Every code has a sentence in three languages, and every sentence its parameters."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import kontor.directory
from kontor.directory.lists.messages import (
    CANDIDATES,
    FILE_SENTENCES,
    NOTICE_SENTENCES,
    NOTICE_TITLES,
    REFUSAL_SENTENCES,
    REFUSAL_TITLES,
    REPETITION,
    UnreadableFile,
    sentence,
)

GROUPS = {"file": FILE_SENTENCES, "refusal": REFUSAL_SENTENCES, "notice": NOTICE_SENTENCES}
FOLDERS = ("lists", "services/imports")
SOURCE = "".join(
    path.read_text("utf-8")
    for folder in FOLDERS
    for path in (Path(kontor.directory.__file__).parent / folder).glob("*.py")
)
# Codes that are put together from a word.
COMPOSED = {f"country_is_{kind}" for kind in ("region", "province", "city", "continent", "unknown")}


# Codes of what only the participants of an event can tell.
SEEN_LATER = {"pair_unknown_address", "pair_unknown_name", "pair_of_several", "pair_of_colleagues"}


def test_every_sentence_is_used():
    codes = {code for group in GROUPS.values() for code in group}
    titles = {*REFUSAL_TITLES, *NOTICE_TITLES}
    uses = {code: SOURCE.count(f'"{code}"') - (code in titles) for code in codes}
    assert {code for code, number in uses.items() if number < 2} == COMPOSED | SEEN_LATER


def test_every_reason_has_a_title_under_which_many_rows_are_told():
    assert set(REFUSAL_TITLES) == set(REFUSAL_SENTENCES)
    assert set(NOTICE_TITLES) == set(NOTICE_SENTENCES)
    titles = [str(title) for title in (*REFUSAL_TITLES.values(), *NOTICE_TITLES.values())]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", ["de", "zh-hans"])
def test_every_sentence_is_translated_with_the_same_parameters(language):
    groups = [*GROUPS.values(), REFUSAL_TITLES, NOTICE_TITLES]
    sentences = [*(text for group in groups for text in group.values()), REPETITION, CANDIDATES]
    for text in sentences:
        with translation.override("en"):
            english = str(text)
        with translation.override(language):
            translated = str(text)
        assert translated != english
        assert sorted(re.findall(r"%\(\w+\)s", translated)) == sorted(re.findall(r"%\(\w+\)s", english))


def test_a_file_says_why_it_is_not_read():
    error = UnreadableFile("too_large", size=21, limit=20)
    assert isinstance(error, ValueError)
    with translation.override("de"):
        assert str(error) == "Diese Datei hat 21 MB; gelesen werden höchstens 20 MB."


def test_long_values_are_cut_in_sentences():
    text = sentence(REFUSAL_SENTENCES, "name_is_no_name", {"value": "1" * 500})
    assert text == f"“{'1' * 79}…” is no name."
