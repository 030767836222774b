"""The interface catalogues: what extraction finds, what merging keeps, what the check refuses."""

import gettext
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "messages.py"


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module
    spec.loader.exec_module(module)
    return module


messages = load_tool()

PYTHON = '''\
"""Docs."""
from django.utils.translation import gettext as _, ngettext, npgettext, pgettext

def title(count: int) -> str:
    _("Save") + _("Sent to " "%(name)s")
    pgettext("verb", "Open")
    npgettext("table", "One seat", "%(count)d seats", count)
    return ngettext("One meeting", "%(count)d meetings", count)
'''
TEMPLATE = """\
{% load i18n %}
    <h1>{% translate "Meeting plan" %}</h1> <p title="{% translate 'Open' context 'state' %}">
  {% blocktranslate trimmed count total=rows|length with who=user.name %}
    One row of “{{ who }}”, 100 %
  {% plural %}
    {{ total }} rows of {{ who }}
  {% endblocktranslate %}
{% include "x.html" with label=_("Next") only %}{{ "a"|default:_("None yet") }}
"""
ADDITIONS = [
    {"msgid": "Save", "context": None, "plural": None, "de": "Speichern", "zh": "保存"},
    {"msgid": "Open", "context": "verb", "plural": None, "de": "Öffnen", "zh": "打开"},
    {
        "msgid": "One meeting",
        "plural": "%(count)d meetings",
        "de": ["Nur 1 Gespräch", "%(count)d Gespräche"],
        "zh": "%(count)d 场洽谈",
    },
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small source tree with one module and one template."""
    (tmp_path / "texts.py").write_text(PYTHON, encoding="utf-8")
    templates = tmp_path / "app" / "templates" / "app"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def german(source: Path) -> str:
    return messages.catalogue_path(source, "de").read_text(encoding="utf-8")


def test_extraction_finds_every_message_of_python_and_templates(source: Path) -> None:
    found = {(entry.msgid, entry.context, entry.plural) for entry in messages.extract(source).values()}
    assert found == {
        ("Save", "", ""),
        ("Sent to %(name)s", "", ""),
        ("Open", "verb", ""),
        ("One seat", "table", "%(count)d seats"),
        ("One meeting", "", "%(count)d meetings"),
        ("Meeting plan", "", ""),
        ("Open", "state", ""),
        ("One row of “%(who)s”, 100 %%", "", "%(total)s rows of %(who)s"),
        ("Next", "", ""),
        ("None yet", "", ""),
    }


def test_updating_twice_leaves_no_difference(source: Path) -> None:
    messages.update(source)
    first = german(source)
    messages.update(source)
    assert german(source) == first
    assert "Date" not in first
    assert str(source) not in first


def test_updating_keeps_translations_and_what_is_not_asked_for_yet(source: Path) -> None:
    messages.add(source, json.dumps([*ADDITIONS, {"msgid": "Later", "de": "Später", "zh": "稍后"}]))
    messages.update(source)
    entries = messages.read_catalogue(messages.catalogue_path(source, "de"), "de")
    assert entries["Save", ""].forms == ("Speichern",)
    assert entries["One meeting", ""].forms == ("Nur 1 Gespräch", "%(count)d Gespräche")
    assert entries["Later", ""].forms == ("Später",)
    assert len(entries) == 11


def test_pruning_drops_what_no_source_asks_for(source: Path) -> None:
    messages.add(source, json.dumps([{"msgid": "Later", "de": "Später", "zh": "稍后"}]))
    messages.update(source, prune=True)
    assert "Later" not in german(source)


def test_a_changed_plural_makes_the_translation_fuzzy(source: Path) -> None:
    messages.add(source, json.dumps(ADDITIONS))
    (source / "texts.py").write_text(PYTHON.replace("d meetings", "d talks"), encoding="utf-8")
    messages.update(source)
    entry = messages.read_catalogue(messages.catalogue_path(source, "de"), "de")["One meeting", ""]
    assert (entry.fuzzy, entry.plural) == (True, "%(count)d talks")
    assert "de: fuzzy: 'One meeting'" in messages.check(source)


def test_two_plurals_for_one_message_are_refused(source: Path) -> None:
    (source / "more.py").write_text('ngettext("One meeting", "%(count)d talks", 2)', encoding="utf-8")
    with pytest.raises(messages.CatalogueError, match="has two plurals"):
        messages.extract(source)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"msgid": "Save", "de": "Speichern"}, "'Save': zh needs 1 form(s), not None"),
        ({"msgid": "Save", "de": "", "zh": "保存"}, "'Save': de needs 1 form(s), not ''"),
        (
            {"msgid": "One", "plural": "%(n)s", "de": "%(n)s", "zh": "%(n)s"},
            "'One': de needs 2 form(s), not '%(n)s'",
        ),
        (
            {"msgid": "Hello %(name)s", "de": "Hallo %(nom)s", "zh": "%(name)s"},
            "'Hello %(name)s': placeholders differ in 'Hallo %(nom)s' (de)",
        ),
        (
            {"msgid": "One", "plural": "%(n)s of %(m)s", "de": ["Eins", "%(n)s"], "zh": "%(n)s %(m)s"},
            "'One': placeholders differ in '%(n)s' (de)",
        ),
    ],
)
def test_incomplete_additions_are_refused_and_write_nothing(
    source: Path, row: dict[str, object], complaint: str
) -> None:
    with pytest.raises(messages.CatalogueError) as caught:
        messages.add(source, json.dumps([*ADDITIONS, row]))
    assert str(caught.value) == complaint
    assert not messages.catalogue_path(source, "de").exists()


def test_the_check_names_missing_and_obsolete_entries(source: Path) -> None:
    messages.add(source, json.dumps([*ADDITIONS, {"msgid": "Later", "de": "Später", "zh": "稍后"}]))
    complaints = messages.check(source)
    assert "de: missing: 'Meeting plan'" in complaints
    assert "zh_Hans: missing: 'Open' (state)" in complaints
    assert "de: obsolete: 'Later' (update --prune removes it)" in complaints
    assert "de: missing: 'Save'" not in complaints
    assert len(complaints) == 2 * (7 + 1)


def test_the_check_names_texts_that_cannot_be_extracted_or_translated(source: Path) -> None:
    bad = source / "bad.py"
    bad.write_text('_(f"Hello {name}")\n_("Hello %s" % name)\n_("%d rows")\n', encoding="utf-8")
    page = source / "app" / "templates" / "app" / "bad.html"
    page.write_text("{% blocktranslate %}x{% endblocktranslate %}\n{% translate title %}", encoding="utf-8")
    complaints = messages.check(source)
    assert f"{bad}:1: _() needs literal texts with %(name)s for values" in complaints
    assert f"{bad}:2: _() needs literal texts with %(name)s for values" in complaints
    assert "anonymous placeholder: '%d rows'" in complaints
    assert f"{page}:1: blocktranslate needs trimmed" in complaints
    assert f"{page}:2: translate needs a literal text" in complaints


def test_compiled_catalogues_answer_with_the_right_form(source: Path) -> None:
    messages.add(source, json.dumps(ADDITIONS))
    messages.compile_catalogues(source)
    spoken = {}
    for language in ("de", "zh_Hans"):
        with messages.catalogue_path(source, language).with_suffix(".mo").open("rb") as file:
            spoken[language] = gettext.GNUTranslations(file)
    assert spoken["de"].pgettext("verb", "Open") == "Öffnen"
    plural = ("One meeting", "%(count)d meetings")
    assert [spoken["de"].ngettext(*plural, n) for n in (1, 2)] == ["Nur 1 Gespräch", "%(count)d Gespräche"]
    assert [spoken["zh_Hans"].ngettext(*plural, n) for n in (1, 2)] == ["%(count)d 场洽谈"] * 2


def test_several_people_can_add_at_once(source: Path, tmp_path: Path) -> None:
    waiting = []
    for number in range(4):
        rows = [{"msgid": f"Text {number}.{n}", "de": f"Wort {n}", "zh": f"字{n}"} for n in range(20)]
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        waiting.append(
            subprocess.Popen([sys.executable, str(TOOL), "--source", str(source), "add", str(file)])
        )
    assert [process.wait() for process in waiting] == [0, 0, 0, 0]
    assert len(messages.read_catalogue(messages.catalogue_path(source, "de"), "de")) == 80


def test_the_shipped_catalogues_are_as_the_tool_writes_them(tmp_path: Path) -> None:
    for language in messages.PLURAL_FORMS:
        shipped = messages.catalogue_path(messages.SOURCE, language)
        again = tmp_path / f"{language}.po"
        messages.write_catalogue(again, language, messages.read_catalogue(shipped, language))
        assert again.read_bytes() == shipped.read_bytes()
