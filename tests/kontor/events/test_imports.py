"""Lists of participants and interpreters: previewed, applied in one transaction, undone as a whole, never half."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.directory.models import Organisation, Person
from kontor.events.models import Event, Interpreter, ListImport, Participation
from kontor.events.services import imports, interpreter_lists, small_lists, stored_lists
from kontor.jobs.models import Job
from kontor.meetings.services import requests

LIST = """Name;Firma;Land;E-Mail;Sprachen;Angebot;Gesuch;Verfügbarkeit
Eva Muster;Muster GmbH;Deutschland;eva@example.org;Deutsch, Englisch;Pumpen;Sensoren;nur 1.11.
Uwe Beispiel;Beispiel AG;Deutschland;uwe@example.org;Deutsch;Sensoren;Pumpen;
Ohne Firma;;Deutschland;;Deutsch;;;
"""


def prepare(event: Event, text: str, by: User, at: datetime) -> ListImport:
    return imports.prepare_import(event, file_name="list.csv", content=text.encode(), by=by, at=at)


def counts(row: ListImport) -> dict[str, int]:
    shown = {"new", "changed", "unchanged", "refused", "repeated"}
    return {name: number for name, number in row.preview["counts"].items() if name in shown and number}


def table_sizes() -> tuple[int, ...]:
    return tuple(model._default_manager.count() for model in (Participation, Person, Organisation, User))


def test_a_list_is_previewed_then_applied_and_the_second_time_changes_nothing(
    smec: Event, mara: User, now: datetime
) -> None:
    before = table_sizes()
    row = prepare(smec, LIST, mara, now)
    assert (counts(row), table_sizes()) == ({"new": 2, "refused": 1}, before)
    imports.apply_import(row, by=mara, at=now)
    eva = Participation.objects.get(person__email="eva@example.org")
    assert (str(eva.offers), str(eva.seeks), str(eva.organisation)) == ("Pumpen", "Sensoren", "Muster GmbH")
    assert eva.unavailabilities.count() == 1
    after = table_sizes()
    again = prepare(smec, LIST, mara, now)
    assert (counts(again), table_sizes()) == ({"unchanged": 2, "refused": 1}, after)


def test_mails_come_in_the_language_that_somebody_speaks_best_whatever_that_of_the_list(
    smec: Event, mara: User, now: datetime
) -> None:
    spoken = {
        "karin": "Deutsch C2, Englisch C1",
        "wei": "Chinesisch C2",
        "mary": "Englisch C2, Deutsch B1",
        "marie": "Französisch C2",
        "eva": "Deutsch, Englisch",
        "ida": "",
    }
    rows = [f"{name} Muster;{name} GmbH;;{name}@example.org;{said};x;y;" for name, said in spoken.items()]
    text = "\n".join([LIST.splitlines()[0], *rows])
    imports.apply_import(prepare(smec, text, mara, now), by=mara, at=now)
    found = {
        one.email.partition("@")[0]: one.language
        for one in User.objects.filter(person__participations__event=smec)
        if one.email
    }
    assert found == {
        "karin": "de",
        "wei": "zh-hans",
        "mary": "en",
        "marie": "de",
        "eva": "de",
        "ida": "de",
    }


def test_a_changed_list_changes_those_rows_and_undoing_puts_them_back(
    smec: Event, mara: User, now: datetime
) -> None:
    imports.apply_import(prepare(smec, LIST, mara, now), by=mara, at=now)
    row = prepare(smec, LIST.replace("Pumpen;Sensoren", "Vakuumpumpen;Sensoren"), mara, now)
    assert counts(row) == {"changed": 1, "unchanged": 1, "refused": 1}
    applied = imports.apply_import(row, by=mara, at=now)
    eva = Participation.objects.get(person__email="eva@example.org")
    assert str(eva.offers) == "Vakuumpumpen"
    imports.undo_import(applied, by=mara, at=now)
    eva.refresh_from_db()
    assert (str(eva.offers), eva.unavailabilities.count()) == ("Pumpen", 1)


def test_undoing_leaves_no_trace_of_new_people(smec: Event, mara: User, now: datetime) -> None:
    before = table_sizes()
    applied = imports.apply_import(prepare(smec, LIST, mara, now), by=mara, at=now)
    assert table_sizes() != before
    imports.undo_import(applied, by=mara, at=now)
    assert table_sizes() == before
    assert [entry.action for entry in Entry.objects.order_by("id")] == [
        "list_uploaded",
        "list_applied",
        "list_undone",
    ]


def test_a_list_on_which_requests_stand_is_not_undone(
    smec: Event, mara: User, anna: Participation, now: datetime
) -> None:
    applied = imports.apply_import(prepare(smec, LIST, mara, now), by=mara, at=now)
    eva = Participation.objects.get(person__email="eva@example.org")
    requests.ask_for_meeting(eva, recipient=anna, reason="", by=mara, at=now)
    before = table_sizes()
    with pytest.raises(imports.CannotUndo):
        imports.undo_import(applied, by=mara, at=now)
    assert table_sizes() == before


def test_a_preview_that_is_out_of_date_is_made_anew_and_not_applied(
    smec: Event, mara: User, now: datetime
) -> None:
    row = prepare(smec, LIST, mara, now)
    imports.apply_import(prepare(smec, LIST, mara, now), by=mara, at=now)
    before = table_sizes()
    with pytest.raises(imports.PreviewOutdated):
        imports.apply_import(row, by=mara, at=now)
    row.refresh_from_db()
    assert (counts(row), row.state, table_sizes()) == ({"unchanged": 2, "refused": 1}, "previewed", before)


@pytest.mark.parametrize("state", ["applied", "undone", "discarded"])
def test_a_list_is_applied_once(smec: Event, mara: User, now: datetime, state: str) -> None:
    row = prepare(smec, LIST, mara, now)
    ListImport.objects.update(state=state)
    before = table_sizes()
    for act in (imports.apply_import, stored_lists.discard_list):
        with pytest.raises(imports.NotInThisState):
            act(row, by=mara, at=now)  # type: ignore[operator]
    assert table_sizes() == before


def test_a_fault_in_the_middle_leaves_nothing(
    smec: Event, mara: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = prepare(smec, LIST, mara, now)
    before = table_sizes()

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(imports.applying, "profiles_changed", fail)  # the last thing that applying does
    with pytest.raises(RuntimeError, match="power cut"):
        imports.apply_import(row, by=mara, at=now)
    row.refresh_from_db()
    assert (table_sizes(), row.state, Job.objects.count()) == (before, "previewed", 0)


def test_of_two_who_apply_at_once_one_does(
    at_once: Callable[..., list[object]], smec: Event, mara: User, now: datetime
) -> None:
    row = prepare(smec, LIST, mara, now)
    results = at_once(lambda: imports.apply_import(row, by=mara, at=now), times=3)
    assert sorted(type(result).__name__ for result in results) == ["ListImport"] + ["NotInThisState"] * 2
    assert Participation.objects.count() == 2


def test_two_thousand_people_are_imported_in_under_ten_seconds_of_work(
    smec: Event, mara: User, now: datetime
) -> None:
    heading = "Name;Firma;Land;E-Mail;Sprachen;Angebot;Gesuch\n"
    lines = [
        f"Vorname{number} Nachname{number};Firma {number % 860} GmbH;Deutschland;p{number}@example.org;Deutsch, Englisch;"
        f"Angebot {number};Gesuch {number}"
        for number in range(2000)
    ]
    start = time.process_time()
    row = prepare(smec, heading + "\n".join(lines), mara, now)
    imports.apply_import(row, by=mara, at=now)
    taken = time.process_time() - start
    assert Participation.objects.count() == 2000
    assert taken < 10, f"{taken:.1f} s"


# ── interpreters ─────────────────────────────────────────────────────────────────────────────────

INTERPRETERS = """Name;Sprachpaare;E-Mail;Gespräche in Folge
林悦;de-zh, en-zh;lin.yue@example.cn;3
Paul Krämer;Deutsch–Chinesisch;;
Nur Deutsch;Deutsch;nur@example.org;
Paul Krämer;Englisch–Chinesisch;;
;de-zh;;
"""


def prepare_interpreters(event: Event, by: User, at: datetime) -> ListImport:
    return small_lists.prepare_list(
        event,
        ListImport.Kind.INTERPRETERS,
        file_name="list.csv",
        content=INTERPRETERS.encode(),
        build=interpreter_lists.build_preview,
        by=by,
        at=at,
    )


def apply_interpreters(row: ListImport, by: User, at: datetime) -> ListImport:
    return small_lists.apply_list(
        row, build=interpreter_lists.build_preview, write=interpreter_lists.write_interpreters, by=by, at=at
    )


def test_interpreters_come_by_list_with_pairs_and_pause(smec: Event, mara: User, now: datetime) -> None:
    row = prepare_interpreters(smec, mara, now)
    assert [(one["row"], one["fate"], one["pairs"]) for one in row.summary["rows"]] == [
        (1, "new", ["de-zh", "en-zh"]),
        (2, "new", ["de-zh"]),
    ]
    assert [(one["row_number"], one["code"]) for one in row.preview["refusals"]] == [
        (3, "no_pair"),
        (4, "contradicts_row"),
        (5, "no_name"),
    ]
    apply_interpreters(row, mara, now)
    found = Interpreter.objects.order_by("id").values_list("person__email", "pairs", "max_run")
    assert list(found) == [("lin.yue@example.cn", ["de-zh", "en-zh"], 3), (None, ["de-zh"], 4)]
    again = prepare_interpreters(smec, mara, now)
    assert {one["fate"] for one in again.preview["rows"]} == {"unchanged"}


def test_a_list_of_interpreters_is_undone_as_a_whole(
    smec: Event, lin: Interpreter, mara: User, now: datetime
) -> None:
    Person.objects.filter(pk=lin.person_id).update(email="lin.yue@example.cn")
    people_before = Person.objects.count()
    applied = apply_interpreters(prepare_interpreters(smec, mara, now), mara, now)
    lin.refresh_from_db()
    assert (lin.pairs, lin.max_run, Interpreter.objects.count()) == (["de-zh", "en-zh"], 3, 2)
    small_lists.undo_list(applied, put_back=interpreter_lists.put_interpreters_back, by=mara, at=now)
    lin.refresh_from_db()
    assert (lin.pairs, lin.max_run, Interpreter.objects.count()) == (["de-zh"], 4, 1)
    assert Person.objects.count() == people_before


def test_interpreters_who_changed_after_the_preview_are_looked_at_again(
    smec: Event, mara: User, now: datetime
) -> None:
    row = prepare_interpreters(smec, mara, now)
    apply_interpreters(prepare_interpreters(smec, mara, now), mara, now)
    with pytest.raises(small_lists.ListOutdated):
        apply_interpreters(row, mara, now)
    assert Interpreter.objects.count() == 2


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def upload(client: Client, content: bytes, name: str = "list.csv", kind: str = "") -> str:
    """Where the browser goes, or the errors of the form."""
    path = f"/en/events/smec-2018/imports/{f'?kind={kind}' if kind else ''}"
    answer = client.post(path, {"file": SimpleUploadedFile(name, content)})
    return answer.headers.get("Location") or " ".join(answer.context["form"].errors.get("file", []))


def test_the_organiser_uploads_looks_and_applies(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    path = upload(client, LIST.encode())
    text = client.get(path).content.decode()
    assert "Eva Muster" in text
    assert "Ohne Firma" in text or "refused" in text
    for _ in range(2):  # the browser's back button, and once more
        client.post(f"{path}apply/")
    assert Participation.objects.count() == 2
    client.post(f"{path}undo/")
    assert Participation.objects.count() == 0


def test_interpreters_are_uploaded_on_the_same_page(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    path = upload(client, INTERPRETERS.encode(), kind="interpreters")
    assert (
        '>German – Chinese</span> <span class="chip">English – Chinese<' in client.get(path).content.decode()
    )
    client.post(f"{path}apply/")
    assert Interpreter.objects.count() == 2
    client.post(f"{path}undo/")
    assert Interpreter.objects.count() == 0
