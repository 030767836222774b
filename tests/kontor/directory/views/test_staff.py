"""The desk of the staff: doubles, stale profiles, texts to translate, memberships, files."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Membership, Organisation, OrganisationMerge
from kontor.directory.services.organisations import add_organisation
from kontor.i18n import Text


@pytest.fixture
def pair(now: datetime, saxony: Cluster) -> list[Organisation]:
    """One company that two lists spelt differently; both are members of the cluster in Dresden."""
    rows = [
        add_organisation(
            Organisation(name=Text.of("de", de=name), state="published", country="DE"), by=None, at=now
        )
        for name in ("Müller Präzision GmbH", "Mueller Praezision")
    ]
    for row in rows:
        Membership.objects.create(cluster=saxony, organisation=row, state="active")
    return rows


def test_doubles_are_merged_and_the_merge_is_undone(
    pair: list[Organisation], clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    first, second = pair
    page = client.get("/en/organisations/duplicates/").content.decode()
    assert (first.public_id in page, second.public_id in page, "like name" in page) == (True, True, True)
    names = {"first": first.public_id, "second": second.public_id}
    client.post("/en/organisations/duplicates/decide/", names | {"verdict": "second"})
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("merged", second)
    client.post(f"/en/organisations/merges/{OrganisationMerge.objects.get().public_id}/undo/")
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("published", None)


def test_what_was_kept_apart_is_not_asked_again(
    pair: list[Organisation], clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    names = {"first": pair[0].public_id, "second": pair[1].public_id}
    client.post("/en/organisations/duplicates/decide/", names | {"verdict": "apart"})
    assert pair[0].public_id not in client.get("/en/organisations/duplicates/").content.decode()


def test_the_list_of_stale_profiles_names_those_of_ones_members(
    now: datetime, pair: list[Organisation], clara: User, settings: Settings, browse: Callable[..., Client]
) -> None:
    add_organisation(Organisation(name=Text.of("de", de="Fremd AG"), state="published"), by=None, at=now)
    client = browse(clara)
    assert pair[0].public_id not in client.get("/en/organisations/stale/").content.decode()
    settings.TEST_CLOCK = (now + timedelta(days=366)).isoformat()
    page = client.get("/en/organisations/stale/").content.decode()
    assert ([one.public_id in page for one in pair], "Fremd AG" in page) == ([True, True], False)


def test_translators_see_what_is_missing_or_stale_per_language(
    pair: list[Organisation], clara: User, browse: Callable[..., Client]
) -> None:
    text = Text.of("de", de="Drehteile", en="Turned parts").with_version("de", "Dreh- und Frästeile")
    Organisation.objects.filter(pk=pair[0].pk).update(capability=text)
    rows = browse(clara).get("/en/organisations/translations/").context["rows"]
    mine = [
        (one.field_words, one.language_words, one.chip.text) for one in rows if one.organisation == pair[0]
    ]
    assert mine == [
        ("Name", "English", "missing"),
        ("Name", "Chinese", "missing"),
        ("What it can do", "English", "older than the original"),
        ("What it can do", "Chinese", "missing"),
    ]
    rows = browse(clara).get("/en/organisations/translations/?language=zh").context["rows"]
    assert {one.language_words for one in rows} == {"Chinese"}


def test_an_application_is_accepted_and_begins_and_ends(
    now: datetime, saxony: Cluster, pair: list[Organisation], clara: User, browse: Callable[..., Client]
) -> None:
    Membership.objects.all().delete()
    row = Membership.objects.create(cluster=saxony, organisation=pair[0])
    client = browse(clara)
    states = []
    for step in ("activate", "accept", "activate", "suspend", "resume", "end", "accept"):
        client.post(f"/en/memberships/{row.public_id}/step/", {"step": step})
        row.refresh_from_db()
        states.append(row.state)
    assert states == ["applied", "accepted", "active", "suspended", "active", "ended", "ended"]
    assert (row.since, row.until) == (now.date(), now.date())
    assert row.public_id in client.get("/en/clusters/elbe-valley/memberships/").content.decode()


def test_staff_of_another_cluster_get_404_for_members(
    saxony: Cluster, pair: list[Organisation], browse: Callable[..., Client]
) -> None:
    other = Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"))
    rita = User.objects.create_user("rita@example.org")
    other.staff.create(user=rita)
    row = Membership.objects.earliest("id")
    client = browse(rita)
    assert client.get("/en/clusters/elbe-valley/memberships/").status_code == 404
    assert client.post(f"/en/memberships/{row.public_id}/step/", {"step": "end"}).status_code == 404


def test_the_list_as_a_file_has_all_languages_and_no_formulas(
    now: datetime, pair: list[Organisation], clara: User, browse: Callable[..., Client]
) -> None:
    add_organisation(
        Organisation(name=Text.of("en", en="=1+1 Ltd", zh="一加一"), country="CN", state="published"),
        by=None,
        at=now,
    )
    client = browse(clara)
    lines = (
        client.get("/en/organisations/organisations.csv?country=CN").content.decode("utf-8-sig").splitlines()
    )
    assert lines[0].startswith("Name (German),Name (English),Name (Chinese),Kind,Country")
    assert lines[1:] == [",'=1+1 Ltd,一加一,other organisation,China,,,,,not checked"]
    book = load_workbook(io.BytesIO(client.get("/en/organisations/organisations.xlsx").content))
    assert book.worksheets[0].max_row == 4
