"""Self-service: claiming an organisation, writing its profile, names, numbers and sites, and what strangers get."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.directory.forms import rewritten
from kontor.directory.models import (
    Affiliation,
    Cluster,
    Membership,
    Organisation,
    OrganisationClaim,
    OrganisationName,
    Person,
    Site,
)
from kontor.directory.services.organisations import (
    NameData,
    add_organisation,
    add_registry_number,
    set_names,
)
from kontor.i18n import Text


@pytest.fixture
def elbtal(now: datetime, saxony: Cluster) -> Organisation:
    """A member of the cluster in Dresden, published."""
    row = Organisation(
        name=Text.of("de", de="Elbtal Messtechnik GmbH", zh="易北河谷测量技术"),
        capability=Text.of("de", de="Messgeräte", en="Measuring instruments"),
        country="DE",
        state="published",
    )
    add_organisation(row, by=None, at=now)
    Membership.objects.create(cluster=saxony, organisation=row, state="active", is_listed=True)
    return row


@pytest.fixture
def edda(elbtal: Organisation) -> User:
    """Edda writes the profile of the member in Dresden."""
    user = User.objects.create_user("edda@example.org")
    person = Person.objects.create(user=user, family="Edda", sort_key="edda", candidate_key="edda")
    Affiliation.objects.create(person=person, organisation=elbtal, is_editor=True)
    return user


@pytest.fixture
def tomorrow(now: datetime, settings: Settings) -> datetime:
    """Pages are a day later than the organisation was added."""
    settings.TEST_CLOCK = (now + timedelta(days=1)).isoformat()
    return now + timedelta(days=1)


def profile(row: Organisation, **changes: str) -> dict[str, str]:
    """The form of the profile as a browser sends it."""
    row.refresh_from_db()
    data = {"kind": row.kind, "country": row.country, "topic_names": ""}
    for field in ("name", "capability"):
        for language in ("de", "en", "zh"):
            data[f"{field}_{language}"] = getattr(row, field).in_language(language)
    data["seen_at"] = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return data | changes


def path(row: Organisation, rest: str) -> str:
    return f"/de/organisations/{row.public_id}/{rest}"


# Claims


def test_a_claim_approved_by_the_staff_of_the_cluster_makes_an_editor(
    elbtal: Organisation, stranger: User, clara: User, browse: Callable[..., Client]
) -> None:
    answer = browse(stranger).post(path(elbtal, "claim/"), {"function": "Vertrieb", "reason": ""})
    assert answer.status_code == 302
    claim = OrganisationClaim.objects.get()
    assert browse(stranger).get(path(elbtal, "edit/")).status_code == 404
    staff = browse(clara)
    assert claim.public_id in staff.get("/de/organisations/claims/").content.decode()
    staff.post(f"/de/organisations/claims/{claim.public_id}/decide/", {"verdict": "approve"})
    work = Affiliation.objects.get(person__user=stranger)
    assert (work.organisation, work.is_editor, str(work.function)) == (elbtal, True, "Vertrieb")
    assert 'name="seen_at"' in browse(stranger).get(path(elbtal, "edit/")).content.decode()


def test_a_declined_claim_changes_nothing_and_is_decided_once(
    elbtal: Organisation, stranger: User, clara: User, browse: Callable[..., Client]
) -> None:
    browse(stranger).post(path(elbtal, "claim/"), {"function": "?"})
    address = f"/de/organisations/claims/{OrganisationClaim.objects.get().public_id}/decide/"
    staff = browse(clara)
    for verdict in ("decline", "approve"):
        staff.post(address, {"verdict": verdict, "answer": "Bitte rufen Sie an."})
    claim = OrganisationClaim.objects.get()
    assert (claim.state, claim.answer, claim.decided_by) == ("declined", "Bitte rufen Sie an.", clara)
    assert not Affiliation.objects.exists()
    assert "Bitte rufen Sie an." in browse(stranger).get(path(elbtal, "claim/")).content.decode()


def test_nobody_claims_twice_and_nobody_approves_themselves(
    elbtal: Organisation, stranger: User, clara: User, browse: Callable[..., Client]
) -> None:
    for user in (stranger, stranger, clara):
        last = browse(user).post(path(elbtal, "claim/"), {"function": "x"})
    assert (OrganisationClaim.objects.count(), last.status_code) == (2, 302)
    own = OrganisationClaim.objects.get(user=clara)
    address = f"/de/organisations/claims/{own.public_id}/decide/"
    assert browse(clara).post(address, {"verdict": "approve"}).status_code == 404


def test_staff_of_another_cluster_do_not_decide_for_members(
    elbtal: Organisation, stranger: User, browse: Callable[..., Client]
) -> None:
    other = Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"))
    rita = User.objects.create_user("rita@example.org")
    other.staff.create(user=rita)
    browse(stranger).post(path(elbtal, "claim/"), {"function": "x"})
    claim = OrganisationClaim.objects.get()
    address = f"/de/organisations/claims/{claim.public_id}/decide/"
    assert browse(rita).post(address, {"verdict": "approve"}).status_code == 404
    Membership.objects.update(state="ended", until="2018-01-01")
    assert browse(rita).post(address, {"verdict": "approve"}).status_code == 302


@pytest.mark.parametrize(
    "rest", ["edit/", "confirm/", "verify/", "names/add/", "numbers/add/", "sites/new/", "apply/"]
)
def test_strangers_get_404_for_what_only_editors_do(
    rest: str, elbtal: Organisation, stranger: User, browse: Callable[..., Client]
) -> None:
    client = browse(stranger)
    assert client.post(path(elbtal, rest), {}).status_code == 404
    assert client.get(path(elbtal, "details/")).status_code == 404


def test_who_left_the_organisation_writes_its_profile_no_more(
    elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    Affiliation.objects.update(until="2018-10-01")
    assert browse(edda).get(path(elbtal, "edit/")).status_code == 404


# The profile


def test_written_in_one_language_the_translations_become_stale(
    elbtal: Organisation, edda: User, tomorrow: datetime, browse: Callable[..., Client]
) -> None:
    answer = browse(edda).post(
        path(elbtal, "edit/"), profile(elbtal, capability_de="Messgeräte und Sensoren")
    )
    assert answer.status_code == 302
    elbtal.refresh_from_db()
    states = {code: str(elbtal.capability.for_reader(code).state) for code in ("de", "en")}
    assert states == {"de": "original", "en": "stale"}
    assert (elbtal.confirmed_at, elbtal.verification) == (tomorrow, "self")
    page = browse().get(f"/en/organisations/{elbtal.public_id}/").content.decode()
    assert "older than the original" in page


def test_who_writes_in_another_language_does_not_become_the_original() -> None:
    old = Text.of("de", de="Messgeräte", en="Instruments")
    new = Text.of("zh", de="Messgeräte", en="Instruments", zh="测量仪器")
    text = rewritten(old, new)
    assert (text.original, str(text.for_reader("zh").state)) == ("de", "human")
    assert rewritten(old, Text.of("zh", zh="测量仪器")).original == "zh"


def test_two_people_who_edit_one_profile_both_keep_their_words(
    elbtal: Organisation, edda: User, clara: User, tomorrow: datetime, browse: Callable[..., Client]
) -> None:
    first, second = profile(elbtal, capability_de="Von Clara"), profile(elbtal, capability_de="Von Edda")
    assert browse(clara).post(path(elbtal, "edit/"), first).status_code == 302
    answer = browse(edda).post(path(elbtal, "edit/"), second)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("Von Clara" in page, "Von Edda" in page) == (True, True)
    elbtal.refresh_from_db()
    assert str(elbtal.capability) == "Von Clara"
    again = second | {"seen_at": answer.context["form"]["seen_at"].value()}
    assert browse(edda).post(path(elbtal, "edit/"), again).status_code == 302
    elbtal.refresh_from_db()
    assert str(elbtal.capability) == "Von Edda"


def test_a_topic_that_does_not_exist_is_named(
    elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    data = profile(elbtal, topic_names="Leistungselektronik\nQuxfrobnicate")
    answer = browse(edda).post(path(elbtal, "edit/"), data)
    assert "Quxfrobnicate" in str(answer.context["form"].errors["topic_names"])
    data["topic_names"] = "Leistungselektronik"
    assert browse(edda).post(path(elbtal, "edit/"), data).status_code == 302
    elbtal.refresh_from_db()
    assert elbtal.topics == ["power-electronics"]


# Names, numbers, sites


def test_a_name_is_added_to_forty_and_taken_away_again(
    now: datetime, elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    names = [NameData(language="en", text=f"Alias {number:02}") for number in range(40)]
    set_names(elbtal, names, by=edda, at=now)
    client = browse(edda)
    data = {"name-text": "EMT", "name-language": "de", "name-kind": "short"}
    client.post(path(elbtal, "names/add/"), data)
    assert elbtal.names.count() == 41
    client.post(path(elbtal, "names/remove/"), {"name": OrganisationName.objects.get(text="EMT").public_id})
    assert (elbtal.names.count(), elbtal.names.filter(text="EMT").exists()) == (40, False)


def test_a_wrong_credit_code_is_told_by_its_digit(
    elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    data = {"number-scheme": "uscc", "number-number": "91350100M000100Y44"}
    answer = browse(edda).post(path(elbtal, "numbers/add/").replace("/de/", "/en/"), data)
    error = str(answer.context["number_form"].errors["number"])
    assert answer.status_code == 422
    assert ("position 18 is “4”" in error, "must be “3”" in error) == (True, True)
    assert not elbtal.registry_numbers.exists()


def test_a_number_of_another_organisation_is_refused_by_name(
    now: datetime, elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    other = add_organisation(
        Organisation(name=Text.of("de", de="Andere AG"), state="published"), by=None, at=now
    )
    add_registry_number(other, scheme="uscc", text="91350100M000100Y43", by=None, at=now)
    data = {"number-scheme": "uscc", "number-number": "91350100M000100Y43"}
    answer = browse(edda).post(path(elbtal, "numbers/add/"), data)
    assert "Andere AG" in str(answer.context["number_form"].errors["number"])


def test_a_site_in_sicily_is_in_italy_and_not_in_germany(
    elbtal: Organisation, edda: User, browse: Callable[..., Client]
) -> None:
    data = {
        "kind": "lab", "place_en": "Catania", "country": "DE", "latitude": "37.50220", "longitude": "15.08710",
        "source": "Press release",
    }  # fmt: skip
    answer = browse(edda).post(path(elbtal, "sites/new/"), data)
    assert "37" in str(answer.context["form"].errors["latitude"])
    assert browse(edda).post(path(elbtal, "sites/new/"), data | {"country": "IT"}).status_code == 302
    site = Site.objects.get()
    assert (site.organisation, site.country, site.is_verified) == (elbtal, "IT", False)


def test_the_staff_verifies_a_site_and_a_change_by_its_people_makes_it_a_claim_again(
    elbtal: Organisation, edda: User, clara: User, browse: Callable[..., Client]
) -> None:
    site = Site.objects.create(organisation=elbtal, source="Website", country="DE", kind="lab")
    assert browse(edda).post(f"/de/organisations/sites/{site.public_id}/verify/").status_code == 404
    browse(clara).post(f"/de/organisations/sites/{site.public_id}/verify/")
    site.refresh_from_db()
    assert site.is_verified
    data = {"kind": "campus", "country": "DE", "source": "Website"}
    browse(edda).post(f"/de/organisations/sites/{site.public_id}/edit/", data)
    site.refresh_from_db()
    assert (site.kind, site.is_verified, site.verified_at) == ("campus", False, None)


def test_staleness_ends_with_a_confirmation(
    now: datetime, elbtal: Organisation, edda: User, settings: Settings, browse: Callable[..., Client]
) -> None:
    later = now + timedelta(days=366)
    settings.TEST_CLOCK = later.isoformat()
    client = browse(edda)
    page = f"/en/organisations/{elbtal.public_id}/"
    assert "It is still right" in client.get(page).content.decode()
    client.post(path(elbtal, "confirm/"))
    assert "It is still right" not in client.get(page).content.decode()


def test_staff_say_how_they_checked_and_publish(
    elbtal: Organisation, clara: User, edda: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    client.post(path(elbtal, "verify/"), {"how": "register"})
    client.post(path(elbtal, "state/"), {"state": "archived"})
    elbtal.refresh_from_db()
    assert (elbtal.verification, elbtal.verified_by, elbtal.state) == ("register", clara, "archived")
    assert client.post(path(elbtal, "state/"), {"state": "merged"}).status_code == 404
    assert browse(edda).post(path(elbtal, "verify/"), {"how": "staff"}).status_code == 404
