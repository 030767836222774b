"""What must never be wrong in the directory is refused by the database itself, whatever code asks."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from kontor.accounts.models import User
from kontor.directory.models import (
    Affiliation,
    Cluster,
    ClusterLabel,
    ClusterPartnership,
    ClusterStaff,
    Membership,
    Organisation,
    OrganisationClaim,
    OrganisationKey,
    OrganisationMerge,
    OrganisationName,
    OrganisationsApart,
    Person,
    PersonAlias,
    PersonLanguage,
    RegistryNumber,
    Site,
    TranslationCheck,
)
from kontor.i18n import Text
from kontor.i18n.public_ids import new_public_id

NAME = Text.of("de", de="Elbtal Reinraumtechnik GmbH")


def twin(model: type[models.Model], **changes: Any) -> Callable[[], object]:
    """Writes the newest row of a model a second time, but for its keys and these changes."""

    def write() -> object:
        row = model._default_manager.latest("id")
        row.pk = None
        row._state.adding = True
        if hasattr(row, "public_id"):
            row.public_id = new_public_id()
        for name, value in changes.items():
            setattr(row, name, value)
        return row.save(force_insert=True)

    return write


def refused(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def rows(db: None, now: datetime) -> dict[str, Any]:
    """One row of each kind: an organisation with all it can have, in one of two partner clusters."""
    user = User.objects.create_user("staff@example.org", None)
    first = Organisation.objects.create(name=NAME, name_key="elbtalreinraumtechnikgmbh")
    second = Organisation.objects.create(name=NAME, name_key="second")
    person = Person.objects.create(family="Muster", sort_key="muster", candidate_key="muster")
    PersonAlias.objects.create(person=person, text="Mustermann")
    PersonLanguage.objects.create(person=person, code="de", level="C2")
    Affiliation.objects.create(person=person, organisation=first, since=date(2018, 1, 1))
    OrganisationName.objects.create(
        organisation=first, language="de", text="Elbtal", kind="short", valid_from=date(2018, 1, 1)
    )
    RegistryNumber.objects.create(organisation=first, scheme="hrb", number="12345", court="Dresden")
    Site.objects.create(organisation=first, source="a press text", opened_in=2013)
    here = Cluster.objects.create(slug="here", name=NAME)
    there = Cluster.objects.create(slug="there", name=NAME)
    ClusterStaff.objects.create(cluster=here, user=user)
    ClusterLabel.objects.create(cluster=here, name="Bronze", awarded_on=date(2018, 1, 1))
    ClusterPartnership.objects.create(first=here, second=there)
    Membership.objects.create(cluster=here, organisation=first, since=date(2018, 1, 1))
    OrganisationKey.objects.create(organisation=first, kind="name", key="elbtal")
    OrganisationsApart.objects.create(first=first, second=second, decided_at=now)
    OrganisationMerge.objects.create(survivor=first, duplicate=second, merged_at=now)
    OrganisationClaim.objects.create(organisation=first, user=user, function="Director", created_at=now)
    TranslationCheck.objects.create(organisation=first, field="name", language="en", checked_at=now)
    return {"here": here, "there": there, "first": first, "second": second, "now": now, "person": person}


def attempts(rows: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """By the name of each constraint: a write that breaks it and nothing else."""
    first, second, now = rows["first"], rows["second"], rows["now"]
    organisations = Organisation.objects.filter(pk=first.pk)
    return {
        "an_organisation_is_not_its_own_parent": lambda: organisations.update(parent=first),
        "a_merged_organisation_names_its_survivor": lambda: organisations.update(state="merged"),
        "an_organisation_is_not_merged_into_itself": lambda: organisations.update(
            state="merged", merged_into=first
        ),
        "a_size_names_its_standard": lambda: organisations.update(size_class="small"),
        "a_verification_says_when": lambda: organisations.update(verification="staff"),
        "one_open_claim_per_person_and_organisation": twin(OrganisationClaim),
        "a_decided_claim_says_when": lambda: OrganisationClaim.objects.update(state="approved"),
        "a_name_is_kept_once": twin(OrganisationName),
        "a_name_ends_after_it_begins": twin(OrganisationName, text="x", valid_until=date(2017, 1, 1)),
        "one_organisation_per_registry_number": twin(RegistryNumber, organisation=second),
        "a_site_is_on_this_planet": twin(Site, latitude=91, longitude=13),
        "a_site_has_both_coordinates": twin(Site, latitude=51),
        "a_site_closes_after_it_opens": twin(Site, closed_in=2012),
        "a_verified_site_says_when": twin(Site, is_verified=True),
        "a_claim_about_a_site_names_its_source": twin(Site, source=""),
        "who_may_be_found_agreed": twin(Person, findable_by="everybody"),
        "an_alias_is_kept_once": twin(PersonAlias),
        "one_level_per_person_and_language": twin(PersonLanguage),
        "one_present_affiliation_per_organisation": twin(Affiliation),
        "an_affiliation_ends_after_it_begins": twin(Affiliation, until=date(2017, 1, 1)),
        "cluster_staff_is_named_once": twin(ClusterStaff),
        "a_label_ends_after_it_is_awarded": twin(ClusterLabel, valid_until=date(2017, 1, 1)),
        "two_clusters_are_partners_once": twin(ClusterPartnership),
        "partner_clusters_are_in_order": twin(ClusterPartnership, first=rows["there"], second=rows["here"]),
        "one_live_membership_per_cluster": twin(Membership, state="active"),
        "an_ended_membership_says_when": twin(Membership, state="ended"),
        "a_membership_ends_after_it_begins": twin(Membership, state="ended", until=date(2017, 1, 1)),
        "a_key_is_kept_once": twin(OrganisationKey),
        "two_organisations_are_apart_once": twin(OrganisationsApart),
        "organisations_apart_are_in_order": twin(OrganisationsApart, first=second, second=first),
        "a_translation_is_checked_once": twin(TranslationCheck),
        "one_live_merge_per_duplicate": twin(OrganisationMerge, merged_at=now),
    }


def test_the_database_refuses_what_cannot_be(rows: dict[str, Any]) -> None:
    assert [name for name, write in attempts(rows).items() if not refused(write)] == []


def test_what_breaks_nothing_is_taken(rows: dict[str, Any]) -> None:
    """Else the test above would prove nothing."""
    free = {
        "a member of two clusters": twin(Membership, cluster=rows["there"]),
        "a member again after the end": twin(Membership, state="ended", until=date(2019, 1, 1)),
        "two persons with one name": twin(Person),
        "the same name in another language": twin(OrganisationName, language="en"),
        "the same number at another court": twin(
            RegistryNumber, organisation=rows["second"], court="Chemnitz"
        ),
        "a former affiliation": twin(Affiliation, until=date(2019, 1, 1)),
        "a site in Sicily": twin(Site, latitude=37.50213, longitude=15.08719, country="IT"),
        "a merge that was undone": twin(OrganisationMerge, undone_at=rows["now"]),
    }
    assert [name for name, write in free.items() if refused(write)] == []


def test_every_constraint_of_the_directory_is_tried(rows: dict[str, Any]) -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("directory").get_models()
        for constraint in model._meta.constraints
    }
    assert named - set(attempts(rows)) == set()
