"""What the site learns about texts, with the real vocabulary."""

import pytest

from kontor.topics import analysis
from kontor.topics import compile as compile_module
from kontor.topics.analysis import document_tokens, find_concepts, language_of, query_tokens, tokens


def shared(query, document):
    return {token.key for token in query_tokens(query)} & {token.key for token in document_tokens(document)}


@pytest.mark.parametrize(
    "text", ["Wir bieten Leistungselektronik.", "We offer power electronics.", "我们提供电力电子产品。"]
)
def test_the_same_concept_is_found_in_three_languages(text):
    (found,) = find_concepts(text)
    assert found.concept_id == "power-electronics"
    assert found.quote in text


def test_a_query_finds_documents_of_other_languages_through_a_concept():
    assert shared("Leistungselektronik", "我们提供电力电子产品") >= {"c:power-electronics"}
    assert shared("Mikroelektronik", "power electronics modules") == {"b:microelectronics"}
    assert shared("Zylinderkopfdichtung", "电力电子") == set()


def test_plain_words_find_the_same_word():
    assert shared("Quuxomat", "our quuxomat") == {"w:quuxomat"}


def test_the_tokens_of_a_text_are_its_concepts_and_all_its_words():
    found = tokens("Die Müller GmbH bietet Sensoren und 功率半導體模块 an")
    assert found.language == "de"
    assert {"physical-sensors", "power-semiconductor"} & set(found.concepts)
    assert found.stems == (
        "mul",
        "gmbh",
        "bietet",
        "sensor",
        "功率",
        "率半",
        "半导",
        "导体",
        "体模",
        "模块",
    )
    assert tokens("sensors").stems == ("sensor",)
    assert tokens("铜").stems == ("铜",)
    assert tokens("").stems == ()


@pytest.mark.parametrize(("text", "language"), [("Wir und die", "de"), ("we and the", "en"), ("我们", "zh")])
def test_the_language_of_a_text_is_told(text, language):
    assert language_of(text) == language


def test_the_compiled_file_is_used_and_renewed_when_a_source_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("KONTOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("KONTOR_TOPICS_DIR", str(tmp_path))
    line = '{"id": "tea", "broader": null, "de": ["Tee"], "en": ["tea"], "zh": ["茶叶"]}\n'
    (tmp_path / "food.jsonl").write_text(line, encoding="utf-8")
    assert compile_module.main() == 0
    first = analysis.compiled_file()
    assert first.exists()
    assert analysis.lexicon.__wrapped__().ids == ("tea",)
    (tmp_path / "food.jsonl").write_text(line.replace("tea", "beer"), encoding="utf-8")
    assert not analysis.compiled_file().exists()
    assert compile_module.main() == 0
    assert not first.exists()
    assert analysis.lexicon.__wrapped__().ids == ("beer",)


def test_a_damaged_compiled_file_is_ignored(tmp_path, monkeypatch):
    monkeypatch.setenv("KONTOR_CACHE_DIR", str(tmp_path))
    analysis.compiled_file().write_bytes(b"\x00")
    assert "power-electronics" in analysis.lexicon.__wrapped__().index


@pytest.mark.parametrize(
    "text",
    [
        "Niemand kann es besser, konkurrenzlos günstig",
        "Seit über zwanzig Jahren, weltweit für Kunden",
        "siehe Anlage",
        "nobody does it better, at the lowest price on the planet",
        "same as last year, see attachment",
        "最好的，价格最低，绝无仅有",
        "见附件",
        "同去年",
    ],
)
def test_boasts_numbers_and_notes_on_the_form_name_nothing_that_two_could_meet_about(text):
    assert analysis.analyse(text, analysis.lexicon()).mentions == ()
