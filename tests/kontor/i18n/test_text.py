"""A text in up to three languages: what each reader sees of it, and how the database holds it."""

import json

import pytest
from django.core import serializers
from django.db import connection

from kontor.directory.models import Organisation
from kontor.directory.names import organisation_key
from kontor.i18n import Text, Words
from kontor.i18n.text import State, content_language

HALL = Text.of("de", de="Halle E", zh="E厅")


@pytest.mark.parametrize(
    ("interface", "content"),
    [
        ("de", "de"),
        ("de-at", "de"),
        ("zh-hans", "zh"),
        ("zh_Hans", "zh"),
        ("fi", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_each_interface_language_has_one_of_content(interface: str | None, content: str) -> None:
    assert content_language(interface) == content


@pytest.mark.parametrize(
    ("written", "reader", "seen"),
    [
        ({"de", "en", "zh"}, "de", "de"),
        ({"de", "en", "zh"}, "en", "en"),
        ({"de", "en", "zh"}, "zh-hans", "zh"),
        ({"en", "zh"}, "de", "en"),
        ({"de", "zh"}, "en", "de"),
        ({"de", "en"}, "zh", "en"),
        ({"zh"}, "de", "zh"),
        ({"de"}, "zh", "de"),
        ({"de", "zh"}, "fi", "de"),
    ],
)
def test_readers_see_their_language_else_the_next_best(written: set[str], reader: str, seen: str) -> None:
    texts = {language: f"words in {language}" for language in sorted(written)}
    words = Text.of(min(written), **texts).for_reader(reader)
    assert (words.text, words.language) == (f"words in {seen}", seen)


def test_an_empty_text_is_empty_in_the_language_of_the_reader() -> None:
    assert Text().for_reader("zh-hans") == Words("", "zh")
    assert Text().original_words() == Words("", "en")
    assert (bool(Text()), str(Text()), Text().beside("de")) == (False, "", None)


def test_words_carry_the_language_for_markup() -> None:
    assert [HALL.for_reader(language).markup_language for language in ("de", "zh-hans")] == ["de", "zh-Hans"]


def test_empty_words_are_left_out_and_the_first_with_words_becomes_the_original() -> None:
    text = Text.of("en", en=" ", de=" Halle E ", zh="")
    assert (text.original, dict(text.as_json()["texts"])) == (
        "de",
        {"de": {"text": "Halle E", "state": "original"}},
    )


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"languages must be among .*, got \['fr'\]"):
        Text.of("fr", fr="Salle")


def test_the_original_stands_beside_other_words_and_not_beside_the_same() -> None:
    assert HALL.beside("zh") == Words("Halle E", "de")
    assert HALL.beside("de") is None
    assert Text.of("de", de="Kontor", en="Kontor").beside("en") is None


def test_exactly_one_language_can_be_asked_for() -> None:
    assert [HALL.in_language(language) for language in ("de", "en", "zh")] == ["Halle E", "", "E厅"]


def test_translations_say_how_they_came_to_be() -> None:
    text = HALL.with_version("en", "Hall E", State.MACHINE)
    assert {language: text.for_reader(language).state for language in ("de", "en", "zh")} == {
        "de": State.ORIGINAL,
        "en": State.MACHINE,
        "zh": State.HUMAN,
    }


def test_a_changed_original_makes_translations_stale_until_they_are_made_anew() -> None:
    changed = HALL.with_version("de", "Halle F")
    assert changed.for_reader("zh") == Words("E厅", "zh", State.STALE)
    assert changed.for_reader("de") == Words("Halle F", "de")
    assert changed.with_version("zh", "F厅").for_reader("zh") == Words("F厅", "zh", State.HUMAN)
    assert changed.with_version("de", "Halle E").for_reader("zh") == Words("E厅", "zh", State.HUMAN)


def test_an_emptied_translation_disappears() -> None:
    assert HALL.with_version("zh", "  ") == Text.of("de", de="Halle E")


def test_the_first_words_are_the_original() -> None:
    assert Text("en").with_version("zh", "展厅") == Text.of("zh", zh="展厅")


@pytest.mark.parametrize(
    "text",
    [Text(), HALL, HALL.with_version("de", "Halle F"), HALL.with_version("en", "Hall E", State.VERIFIED)],
    ids=["empty", "translated", "stale", "verified"],
)
def test_json_keeps_everything(text: Text) -> None:
    assert Text.from_json(text.as_json()) == text


def _organisation(name: Text) -> Organisation:
    return Organisation.objects.create(name=name, name_key=organisation_key(str(name)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", [Text(), HALL, HALL.with_version("de", "Halle F")], ids=["empty", "fresh", "stale"]
)
def test_the_database_gives_back_what_was_written(text: Text) -> None:
    row = _organisation(text)
    assert Organisation.objects.get(pk=row.pk).name == text
    assert Organisation.objects.values_list("name", flat=True).get() == text


@pytest.mark.django_db
def test_a_column_is_readable_json() -> None:
    _organisation(Text.of("de", de="Elbtal GmbH"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM directory_organisation")
        (stored,) = cursor.fetchone()
    assert json.loads(stored) == {
        "original": "de",
        "texts": {"de": {"text": "Elbtal GmbH", "state": "original"}},
    }


@pytest.mark.django_db
def test_texts_can_be_updated_in_bulk_and_asked_for_by_language() -> None:
    row = _organisation(HALL)
    Organisation.objects.filter(pk=row.pk).update(name=Text.of("en", en="Hall E"))
    assert Organisation.objects.filter(name__texts__en__text="Hall E").get() == row
    assert not Organisation.objects.filter(name__texts__de__text="Halle E").exists()


@pytest.mark.django_db
def test_texts_survive_export_and_import_of_rows() -> None:
    row = _organisation(HALL)
    exported = serializers.serialize("json", [row])
    Organisation.objects.all().delete()
    for found in serializers.deserialize("json", exported):
        found.save()
    assert Organisation.objects.get().name == HALL
