"""The page of a list of organisations: looked at, corrected, applied, undone; each sees only the own lists."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Membership, Organisation, OrganisationList

NEW = "/en/organisations/lists/"
USCC = "91350100M000100Y43"
WRONG = USCC[:10] + "1" + USCC[11:]


def upload(client: Client, text: str, cluster: str = "") -> str:
    file = SimpleUploadedFile("list.csv", text.encode())
    return str(client.post(NEW, {"file": file, "cluster": cluster}).get("Location", ""))


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
    assert list(saxony.memberships.values_list("organisation__name_key", "state")) == [
        ("mustergmbh", "active")
    ]
    client.post(address, {"act": "undo"})
    assert (Organisation.objects.count(), Membership.objects.count()) == (0, 0)
    assert OrganisationList.objects.get().state == "undone"


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
