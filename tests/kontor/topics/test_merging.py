"""Changes from elsewhere: what is described whole replaces, what is a mere label joins, the rest stays as it was."""

import json

from kontor.topics.merging import changed_files, merge
from kontor.topics.skos import Described, read_skos, write_labels, write_skos
from kontor.topics.vocabulary import Concept

GREEN = {"de": ("Grüntee",), "en": ("green tea",), "zh": ("绿茶",)}


def described(name, *, broader="drinks", related=(), labels=GREEN, hint=None, is_whole=True):
    return Described(
        id=name, broader=broader, related=related, labels=labels, hint=hint or {}, is_whole=is_whole
    )


def test_what_comes_back_unchanged_changes_nothing(drinks):
    content = write_skos(drinks, drinks, form="ttl", base="urn:x:")
    found = merge(drinks, read_skos(content, form="ttl"))
    assert (found.changed, found.sentences, found.unusable) == ((), (), ())


def test_a_new_concept_is_told_with_its_place(drinks):
    found = merge(drinks, [described("green-tea")])
    assert [concept.id for concept in found.changed] == ["green-tea"]
    assert found.sentences == ("green-tea: new below drinks: Grüntee · green tea · 绿茶",)


def test_every_change_of_a_concept_is_told(drinks):
    labels = {"de": ("Schwarztee", "Tee", "Chai"), "en": ("tea",), "zh": ("茶",)}
    found = merge(drinks, [described("tea", broader="food", labels=labels)])
    assert found.sentences == (
        "tea: moves from drinks to food",
        "tea: de is called 'Schwarztee' instead of 'Tee'",
        "tea: de loses 'Blatttee'",
        "tea: de gains 'Chai'",
        "tea: zh loses '茶叶'",
        "tea: is no longer related to beer",
        "tea: hint becomes {}",
    )
    assert found.changed == (Concept(id="tea", broader="food", labels=labels),)


def test_a_label_alone_joins_its_concept_and_takes_nothing_away(drinks):
    found = merge(drinks, [described("tea", broader=None, labels={"zh": ("茶叶", "茗")}, is_whole=False)])
    (tea,) = found.changed
    assert found.sentences == ("tea: zh gains '茗'",)
    assert tea.labels == {"de": ("Tee", "Schwarztee", "Blatttee"), "en": ("tea",), "zh": ("茶", "茶叶", "茗")}
    assert (tea.broader, tea.related, tea.hint) == ("drinks", ("beer",), {"de": "Blätter"})


def test_a_label_of_an_unknown_concept_cannot_be_used(drinks):
    found = merge(drinks, [described("wine", labels={"zh": ("葡萄酒",)}, is_whole=False)])
    assert found.changed == ()
    assert found.unusable == ("wine: not in the vocabulary, and no label in de, en",)


def test_labels_that_stay_keep_the_order_of_their_authors(drinks):
    content = write_labels([("tea", "de", "Aufguss")], form="ttl", base="urn:x:")
    (tea,) = merge(drinks, read_skos(content, form="ttl")).changed
    assert tea.labels["de"] == ("Tee", "Schwarztee", "Blatttee", "Aufguss")


def test_lines_that_do_not_change_stay_as_they_were(folder, drinks):
    before = (folder / "food.jsonl").read_text(encoding="utf-8").splitlines()
    found = merge(
        drinks, [described("green-tea"), described("car", broader=None), described("bus", broader="car")]
    )
    files = changed_files(folder, drinks, found.changed)
    assert set(files) == {"food.jsonl", "car.jsonl"}
    after = files["food.jsonl"].splitlines()
    assert after[:4] == before
    assert json.loads(after[4]) == {
        "id": "green-tea",
        "broader": "drinks",
        **{language: list(labels) for language, labels in GREEN.items()},
    }
    assert [json.loads(line)["id"] for line in files["car.jsonl"].splitlines()] == ["car", "bus"]


def test_a_changed_line_stays_in_its_place(folder, drinks):
    found = merge(drinks, [described("drinks", broader=None, labels={"de": ("Trank",)}, is_whole=False)])
    after = changed_files(folder, drinks, found.changed)["food.jsonl"].splitlines()
    assert [json.loads(line)["id"] for line in after] == ["food", "drinks", "tea", "beer"]
    assert json.loads(after[1])["de"] == ["Getränke", "Trank"]
