"""Translations: verified by a person with name and day, drafted by a machine only where one is set, and marked until verified."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.directory.machine_translation import LibreTranslate, configured_translator
from kontor.directory.models import Cluster, Membership, Organisation, TranslationCheck
from kontor.directory.services.merging import merge_organisations
from kontor.directory.services.organisations import add_organisation, save_profile
from kontor.directory.services.translations import (
    MachineTranslationIsOff,
    OriginalChangedMeanwhile,
    TranslationIsEmpty,
    ask_for_drafts,
    draft_translation,
    save_translation,
)
from kontor.i18n import Text
from kontor.i18n.text import State
from kontor.jobs import services as jobs
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job
from kontor.jobs.outgoing import OutgoingFailed
from kontor.jobs.registry import tasks
from kontor.search.queries import search
from kontor.search.registry import PUBLIC

GERMAN = "Wir bauen Reinräume."
ANSWERS = {"zh": "我们建造洁净室。", "en": "We build clean rooms."}


@pytest.fixture
def elbtal(now: datetime, saxony: Cluster) -> Organisation:
    """A member of the cluster in Dresden that wrote one German sentence about itself."""
    row = Organisation(
        name=Text.of("de", de="Elbtal GmbH"), capability=Text.of("de", de=GERMAN), state="published"
    )
    add_organisation(row, by=None, at=now)
    Membership.objects.create(cluster=saxony, organisation=row, state="active")
    return row


@pytest.fixture
def asked() -> list[dict[str, str]]:
    """What the translator was asked."""
    return []


@pytest.fixture
def translator(settings: Settings, asked: list[dict[str, str]]) -> Iterator[str]:
    """A real server on this machine that speaks the interface of LibreTranslate, named by the operator."""

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, **question})
            body = json.dumps({"translatedText": ANSWERS.get(question["target"], "")}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        settings.TRANSLATOR_URL, settings.TRANSLATOR_KEY = address, "secret"
        settings.OUTGOING_ORIGINS = frozenset({address})
        yield address
        server.shutdown()


def stored(row: Organisation) -> Text:
    return Organisation.objects.get(pk=row.pk).capability


def run_job() -> Job:
    job = jobs.claim("test", names=["directory.draft_translations"])
    assert job is not None
    context = JobContext(job)
    tasks()[job.name].function(context, **job.arguments)
    context.close()
    return Job.objects.get(pk=job.pk)


def address(row: Organisation, field: str = "capability", language: str = "zh") -> str:
    return f"/en/organisations/{row.public_id}/translations/{field}/{language}/"


# People


def test_a_person_verifies_a_translation_and_the_page_says_who_and_when(
    elbtal: Organisation, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    sent = {"words": "我们建造洁净室。", "of": GERMAN, "verdict": "verify"}
    assert client.post(address(elbtal), sent).status_code == 302
    words = stored(elbtal).for_reader("zh")
    assert (words.text, words.state) == ("我们建造洁净室。", State.VERIFIED)
    check = TranslationCheck.objects.get()
    assert (check.field, check.language, check.checked_by, check.checked_at) == (
        "capability",
        "zh",
        clara,
        now,
    )
    page = client.get(address(elbtal)).content.decode()
    assert "verified by clara@example.org" in page
    assert address(elbtal) not in client.get("/en/organisations/translations/?language=zh").content.decode()
    assert (
        "clara@example.org"
        not in browse().get(f"/zh-hans/organisations/{elbtal.public_id}/").content.decode()
    )


def test_other_words_are_not_verified_any_more(elbtal: Organisation, clara: User, now: datetime) -> None:
    facts = {"field": "capability", "language": "zh", "of": GERMAN, "by": clara, "at": now}
    save_translation(elbtal, words="一", is_verified=True, **facts)
    save_translation(elbtal, words="二", is_verified=False, **facts)
    assert stored(elbtal).for_reader("zh").state is State.HUMAN
    assert TranslationCheck.objects.count() == 0


def test_a_verified_translation_is_old_when_the_original_changes(
    elbtal: Organisation, clara: User, now: datetime
) -> None:
    save_translation(
        elbtal, field="capability", language="zh", words="一", of=GERMAN, is_verified=True, by=clara, at=now
    )
    row = Organisation.objects.get(pk=elbtal.pk)
    row.capability = row.capability.with_version("de", "Wir bauen Labore.")
    save_profile(row, by=clara, at=now)
    assert stored(elbtal).for_reader("zh").state is State.STALE


def test_who_translated_an_original_that_changed_keeps_their_words_and_is_told(
    elbtal: Organisation, clara: User, browse: Callable[..., Client]
) -> None:
    answer = browse(clara).post(address(elbtal), {"words": "一", "of": "Etwas anderes.", "verdict": "save"})
    page = answer.content.decode()
    assert (answer.status_code, "The original changed meanwhile" in page, "一</textarea>" in page) == (
        422,
        True,
        True,
    )
    assert f'value="{GERMAN}"' in page  # the next attempt is about the new words
    assert stored(elbtal).in_language("zh") == ""


def test_refusals_of_a_translation(elbtal: Organisation, clara: User, now: datetime) -> None:
    facts = {"field": "capability", "by": clara, "at": now, "is_verified": True}
    with pytest.raises(TranslationIsEmpty):
        save_translation(elbtal, language="zh", words=" ", of=GERMAN, **facts)
    with pytest.raises(OriginalChangedMeanwhile):
        save_translation(elbtal, language="zh", words="一", of="x", **facts)
    with pytest.raises(ValueError, match="is the original"):
        save_translation(elbtal, language="de", words="x", of=GERMAN, **facts)
    assert stored(elbtal) == Text.of("de", de=GERMAN)


def test_a_translation_tells_whoever_edits_the_profile_at_the_same_time(
    elbtal: Organisation, clara: User, now: datetime, browse: Callable[..., Client], settings: Settings
) -> None:
    client = browse(clara)
    path = f"/en/organisations/{elbtal.public_id}/edit/"
    seen = client.get(path).context["form"]["seen_at"].value()
    later = now + timedelta(minutes=5)
    save_translation(
        elbtal, field="capability", language="zh", words="一", of=GERMAN, is_verified=True, by=clara, at=later
    )
    sent = {"name_de": "Elbtal GmbH", "kind": "other", "capability_de": GERMAN, "seen_at": seen}
    answer = client.post(path, sent)
    assert (answer.status_code, "Somebody else changed this profile" in answer.content.decode()) == (
        422,
        True,
    )
    assert stored(elbtal).in_language("zh") == "一"


@pytest.mark.parametrize("path", ["name/de", "capability/fr", "website/en", "capability/de"])
def test_only_translations_of_known_texts_have_a_page(
    path: str, elbtal: Organisation, clara: User, browse: Callable[..., Client]
) -> None:
    url = f"/en/organisations/{elbtal.public_id}/translations/{path}/"
    assert browse(clara).get(url).status_code == 404


def test_merging_leaves_the_checks_of_a_double_with_it(
    elbtal: Organisation, clara: User, now: datetime
) -> None:
    other = add_organisation(
        Organisation(name=Text.of("de", de="Elbtal"), capability=Text.of("de", de=GERMAN)), by=None, at=now
    )
    save_translation(
        other, field="capability", language="zh", words="一", of=GERMAN, is_verified=True, by=clara, at=now
    )
    merge_organisations(elbtal, duplicate=other, by=clara, at=now)
    assert TranslationCheck.objects.get().organisation == other


# The machine


def test_the_machine_is_off_by_default(
    elbtal: Organisation, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    assert configured_translator() is None
    with pytest.raises(MachineTranslationIsOff):
        ask_for_drafts([(elbtal, "zh")], by=clara, at=now)
    client = browse(clara)
    for path in (address(elbtal), "/en/organisations/translations/"):
        assert "machine" not in client.get(path).content.decode().split("<main")[1].replace(
            "only a machine translated", ""
        )
    answer = client.post(
        "/en/organisations/translations/draft/", {"text": f"{elbtal.public_id}:zh"}, follow=True
    )
    assert "Machine translation is switched off here." in answer.content.decode()
    assert Job.objects.filter(name="directory.draft_translations").count() == 0


def test_a_draft_is_made_by_a_job_marked_edited_and_verified(
    elbtal: Organisation,
    clara: User,
    translator: str,
    asked: list[dict[str, str]],
    browse: Callable[..., Client],
) -> None:
    client = browse(clara)
    page = client.get("/en/organisations/translations/?language=zh").content.decode()
    assert f'value="{elbtal.public_id}:zh"' in page
    client.post(
        "/en/organisations/translations/draft/", {"text": f"{elbtal.public_id}:zh", "next": address(elbtal)}
    )
    assert asked == []  # nobody waits for another machine
    assert run_job().state == Job.State.SUCCEEDED
    assert asked == [
        {
            "path": "/translate",
            "q": GERMAN,
            "source": "de",
            "target": "zh",
            "format": "text",
            "api_key": "secret",
        }
    ]
    words = stored(elbtal).for_reader("zh")
    assert (words.text, words.state) == (ANSWERS["zh"], State.MACHINE)
    show = f"/zh-hans/organisations/{elbtal.public_id}/"
    assert (
        browse().get(show).content.decode().count("机器翻译") == 2
    )  # beside the text and in the list of languages
    card = browse().get(show + "card.vcf").content.decode()
    assert ("洁净室" in card, "Reinräume" in card) == (False, True)
    assert '"description": "Wir bauen Reinräume."' in browse().get(show).content.decode()
    form = client.get(address(elbtal)).context["form"]
    assert form["words"].value() == ANSWERS["zh"]
    client.post(address(elbtal), {"words": "我们建造洁净室！", "of": GERMAN, "verdict": "verify"})
    assert stored(elbtal).for_reader("zh").state is State.VERIFIED
    assert "机器翻译" not in browse().get(show).content.decode()


def test_what_a_cluster_says_of_itself_is_drafted_too_and_marked_on_its_page(
    saxony: Cluster, clara: User, stranger: User, translator: str, browse: Callable[..., Client]
) -> None:
    Cluster.objects.filter(pk=saxony.pk).update(description=Text.of("de", de=GERMAN), is_published=True)
    text = f"{saxony.public_id}:zh"
    client = browse(clara)
    assert f'value="{text}"' in client.get(f"/en/clusters/{saxony.slug}/edit/").content.decode()
    ask = "/en/organisations/translations/draft/"
    assert browse(stranger).post(ask, {"text": text}).status_code == 404
    client.post(ask, {"text": text})
    assert run_job().state == Job.State.SUCCEEDED
    saxony.refresh_from_db()
    words = saxony.description.for_reader("zh")
    assert (words.text, words.state) == (ANSWERS["zh"], State.MACHINE)
    page = f"/zh-hans/clusters/{saxony.slug}/"
    assert "机器翻译" in browse().get(page).content.decode()
    assert "机器翻译" not in browse().get(page.replace("zh-hans", "de")).content.decode()
    assert [hit.kind for hit in search("洁净室", audiences=(PUBLIC,), language="zh-hans").hits] == ["cluster"]


def test_no_machine_writes_over_the_words_of_a_person(
    elbtal: Organisation, clara: User, now: datetime, translator: str, asked: list[dict[str, str]]
) -> None:
    save_translation(
        elbtal, field="capability", language="zh", words="一", of=GERMAN, is_verified=False, by=clara, at=now
    )
    row = Organisation.objects.get(pk=elbtal.pk)
    row.capability = row.capability.with_version("de", "Wir bauen Labore.")
    save_profile(row, by=clara, at=now)
    assert ask_for_drafts([(row, "zh"), (row, "de")], by=clara, at=now) == 0
    assert draft_translation(row, language="zh", at=now) is False
    assert asked == []


def test_an_old_draft_is_made_anew(
    elbtal: Organisation, clara: User, now: datetime, translator: str, asked: list[dict[str, str]]
) -> None:
    assert draft_translation(elbtal, language="en", at=now) is True
    row = Organisation.objects.get(pk=elbtal.pk)
    assert draft_translation(row, language="en", at=now) is False
    row.capability = row.capability.with_version("de", "Wir bauen Labore.")
    save_profile(row, by=clara, at=now)
    assert draft_translation(Organisation.objects.get(pk=row.pk), language="en", at=now) is True
    assert [one["q"] for one in asked] == [GERMAN, "Wir bauen Labore."]
    assert stored(elbtal).for_reader("en").state is State.MACHINE


def test_what_a_person_wrote_while_the_machine_worked_stays(
    elbtal: Organisation, clara: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def translate(self, text: str, *, source: str, target: str) -> str:
            save_translation(
                elbtal, field="capability", language="zh", words="人", of=GERMAN, is_verified=False, by=clara, at=now
            )  # fmt: skip
            return "机器"

    monkeypatch.setattr("kontor.directory.services.translations.configured_translator", Slow)
    assert draft_translation(elbtal, language="zh", at=now) is False
    assert stored(elbtal).in_language("zh") == "人"


def test_an_empty_answer_is_a_failure_and_leaves_the_text_alone(
    elbtal: Organisation, translator: str, now: datetime
) -> None:
    before = dict(ANSWERS)
    ANSWERS.clear()
    try:
        with pytest.raises(OutgoingFailed, match="holds no translatedText"):
            draft_translation(elbtal, language="zh", at=now)
    finally:
        ANSWERS.update(before)
    assert stored(elbtal) == Text.of("de", de=GERMAN)


def test_strangers_can_neither_translate_nor_ask_the_machine(
    elbtal: Organisation, stranger: User, translator: str, browse: Callable[..., Client]
) -> None:
    client = browse(stranger)
    assert client.get(address(elbtal)).status_code == 404
    answer = client.post("/en/organisations/translations/draft/", {"text": f"{elbtal.public_id}:zh"})
    assert answer.status_code == 404
    assert Job.objects.filter(name="directory.draft_translations").count() == 0


def test_the_adapter_needs_no_key(translator: str, asked: list[dict[str, str]]) -> None:
    assert LibreTranslate(url=translator).translate("x", source="de", target="en") == ANSWERS["en"]
    assert "api_key" not in asked[0]
