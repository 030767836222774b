"""The page of a list of organisations: looked at, corrected, applied, undone; each sees only the own lists."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Membership, Organisation, OrganisationList
from kontor.directory.services import imports
from kontor.directory.services.organisations import add_organisation
from kontor.i18n import Text
from kontor.jobs.clock import now
from kontor.jobs.models import Job
from kontor.jobs.runner import run_waiting_jobs
from kontor.search.queries import Hit, search
from kontor.search.registry import PUBLIC

NEW = "/en/organisations/lists/"
USCC = "91350100M000100Y43"
WRONG = USCC[:10] + "1" + USCC[11:]


def upload(client: Client, text: str, cluster: str = "") -> str:
    file = SimpleUploadedFile("list.csv", text.encode())
    return str(client.post(NEW, {"file": file, "cluster": cluster}).get("Location", ""))


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def found(query: str) -> tuple[Hit, ...]:
    return search(query, audiences=(PUBLIC,), language="en").hits


def test_members_are_looked_at_applied_and_undone(
    clara: User, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    page = client.get(f"{NEW}?cluster={saxony.slug}").content.decode()
    assert f'<option value="{saxony.slug}" selected>' in page
    address = upload(client, "Mitglied;Seit\nMuster GmbH;2010\n", saxony.slug)
    preview = client.get(address).content.decode()
    assert ("Muster GmbH" in preview, "1 new, 0 changed, 0 unchanged" in preview) == (True, True)
    assert Organisation.objects.count() == 0
    client.post(address, {"act": "apply"})
    run_waiting_jobs()
    assert list(saxony.memberships.values_list("organisation__name_key", "state")) == [
        ("mustergmbh", "active")
    ]
    assert "The list is applied. It can be undone as a whole on this page." in text_of(client, address)
    assert [hit.title.original_words().text for hit in found("Muster")] == ["Muster GmbH"]
    client.post(address, {"act": "undo"})
    run_waiting_jobs()
    assert (Organisation.objects.count(), Membership.objects.count()) == (0, 0)
    assert found("Muster") == ()
    assert OrganisationList.objects.get().state == "undone"
    assert "The import is undone. Everything is as it was before." in text_of(client, address)


def test_clusters_to_choose_from_stand_in_the_language_of_the_reader(
    clara: User, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    saxony.name = Text.of("zh", zh="济南高新区", de="Hightech-Zone Jinan")
    saxony.save()
    page = text_of(browse(clara), NEW.replace("/en/", "/de/"))
    assert f'<option value="{saxony.slug}">Hightech-Zone Jinan</option>' in page


def test_while_a_worker_has_the_list_its_page_says_how_far_it_is_and_nothing_else_is_done_with_it(
    clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    address = upload(client, "Company\nMuster Ltd\n")
    for _pressed_twice in range(2):
        client.post(address, {"act": "apply"})
    job = Job.objects.get(name="directory.apply_list")
    assert "The list waits for its turn." in text_of(client, address)
    client.post(address, {"act": "discard"})
    assert OrganisationList.objects.get().state == "previewed"
    Job.objects.filter(pk=job.pk).update(
        state="running", lease_until=now(), progress={"in_search": 100, "organisations": 3000}
    )
    page = text_of(client, address)
    assert ("Everything is written. The search is taking it in." in page, "100 of 3,000" in page) == (
        True,
        True,
    )
    part = client.get(address, headers={"HX-Request": "true"})
    assert ("100 of 3,000" in part.content.decode(), "<html" in part.content.decode()) == (True, False)
    Job.objects.filter(pk=job.pk).update(state="ready", lease_until=None)
    run_waiting_jobs()
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_what_a_worker_refuses_is_told_in_the_language_of_whoever_pressed(
    clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    address = upload(client, "Company\nMuster Ltd\n").replace("/en/", "/de/")
    client.post(address, {"act": "apply"})
    one = Organisation(name=Text.of("en", en="Muster Ltd"), state="published")
    add_organisation(one, by=None, at=now())
    run_waiting_jobs()
    page = text_of(client, address)
    assert "Das Verzeichnis hat sich seit dieser Vorschau geändert." in page
    assert (Organisation.objects.count(), OrganisationList.objects.get().state) == (1, "previewed")


def test_a_fault_while_a_list_is_written_leaves_nothing_half_done(
    clara: User, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(clara)
    address = upload(client, "Company\nMuster Ltd\n")
    client.post(address, {"act": "apply"})
    monkeypatch.setattr("kontor.directory.services.imports.applying._set_parents", None)
    Job.objects.update(max_attempts=1)
    run_waiting_jobs()
    assert (Organisation.objects.count(), OrganisationList.objects.get().state) == (0, "previewed")
    assert "The work on this list ended with a fault" in text_of(client, address)


def test_an_attempt_after_a_kill_goes_on_with_the_search(clara: User, browse: Callable[..., Client]) -> None:
    client = browse(clara)
    address = upload(client, "Company\nMuster Ltd\n")
    client.post(address, {"act": "apply"})
    imports.write_import(OrganisationList.objects.get(), by=clara, at=now())
    assert (Organisation.objects.count(), found("Muster")) == (1, ())
    run_waiting_jobs()
    assert (Organisation.objects.count(), len(found("Muster"))) == (1, 1)
    assert Job.objects.get(name="directory.apply_list").state == "succeeded"


def test_a_wrong_code_is_corrected_by_a_press_on_its_proposal(
    clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    address = upload(client, f"Company;USCC\nMuster Ltd;{WRONG}\n")
    page = client.get(address).content.decode()
    assert "Character 11 is “1” but must be “0”." in page
    client.post(address, {"act": "proposal", "row": "1", "field": "uscc", "value": USCC})
    assert OrganisationList.objects.get().summary["counts"]["new"] == 1


def test_columns_nobody_understands_are_asked_for(clara: User, browse: Callable[..., Client]) -> None:
    client = browse(clara)
    address = upload(client, "Foo;Bar\nMuster GmbH;DE\n")
    page = client.get(address).content.decode()
    assert "No column gives the names of the organisations. Please say which one does." in page
    choices = {"encoding": "utf-8", "delimiter": ";", "header_line": "1", "mapping": ["name", "country"]}
    client.post(address, {"act": "choices", **choices})
    assert OrganisationList.objects.get().summary["counts"]["new"] == 1
    client.post(address, {"act": "discard"})
    assert OrganisationList.objects.get().state == "discarded"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.4", "This is a PDF. Please send the list as a spreadsheet (XLSX) or as CSV."),
        (b" ", "This file is empty."),
    ],
)
def test_what_is_no_list_is_not_kept(
    content: bytes, reason: str, clara: User, browse: Callable[..., Client]
) -> None:
    page = browse(clara).post(NEW, {"file": SimpleUploadedFile("list.csv", content)}).content.decode()
    assert reason in page
    assert OrganisationList.objects.count() == 0


def test_nobody_but_operators_sees_the_lists_of_others(
    clara: User, operator: User, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    address = upload(browse(clara), "Company\nMuster Ltd\n")
    other = User.objects.create_user("other@example.org", None)
    saxony.staff.create(user=other)
    assert browse(other).get(address).status_code == 404
    assert "list.csv" in browse(operator).get(address).content.decode()
