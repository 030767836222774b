"""Sites as claims, people who agree to be found, members from application to end."""

from datetime import date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from kontor.accounts.models import User
from kontor.directory.coordinates import CoordinatesAreElsewhere, CoordinatesAreExchanged
from kontor.directory.models import Affiliation, Cluster, Membership, Organisation, Person, Site
from kontor.directory.services.clusters import (
    ClusterIsNoPartnerOfItself,
    IsMemberAlready,
    MembershipEndsBeforeItBegins,
    MembershipIsElsewhere,
    accept_membership,
    activate_membership,
    apply_for_membership,
    end_membership,
    make_partners,
    resume_membership,
    save_cluster,
    suspend_membership,
)
from kontor.directory.services.organisations import add_organisation
from kontor.directory.services.people import add_affiliation, end_affiliation, save_person, set_findable
from kontor.directory.services.sites import ClaimNeedsSource, remove_site, save_site, verify_site
from kontor.i18n import Text
from kontor.search.queries import search
from kontor.search.registry import PUBLIC, SIGNED_IN


@pytest.fixture
def rita(db: None) -> User:
    """Rita works for a cluster."""
    return User.objects.create_user("rita@example.org", None)


@pytest.fixture
def etna(now: datetime, db: None) -> Organisation:
    """A published organisation in Sicily."""
    return add_organisation(
        Organisation(name=Text.of("en", en="Etna Microsystems"), country="IT", state="published"),
        by=None,
        at=now,
    )


@pytest.fixture
def clusters(now: datetime, db: None) -> list[Cluster]:
    """Two published clusters."""
    return [
        save_cluster(
            Cluster(slug=slug, name=Text.of("en", en=slug.title()), is_published=True), by=None, at=now
        )
        for slug in ("first", "second")
    ]


def a_person(family: str, native: str = "") -> Person:
    return Person.objects.create(
        family=family,
        given="Wei",
        native_family=native[:1],
        native_given=native[1:],
        sort_key="",
        candidate_key="",
    )


def found(query: str, kind: str, *audiences: str) -> list[str]:
    hits = search(query, audiences=audiences or (PUBLIC,), language="de").hits
    return [hit.key for hit in hits if hit.kind == kind]


def test_a_site_in_sicily_is_in_italy(etna: Organisation, rita: User, now: datetime) -> None:
    site = Site(
        organisation=etna, kind="lab", country="IT", latitude="37.50213", longitude="15.08719", source="a press text",
        place=Text.of("en", en="Catania", zh="卡塔尼亚"),
    )  # fmt: skip
    save_site(site, by=rita, at=now)
    assert found("卡塔尼亚", "site") == [site.public_id]
    assert found("Catania", "organisation") == [etna.public_id]
    remove_site(site, by=rita, at=now)
    assert found("Catania", "site") == found("Catania", "organisation") == []


def test_coordinates_that_cannot_be_right_are_refused(etna: Organisation, rita: User, now: datetime) -> None:
    for latitude, longitude, error in (
        ("15.08719", "37.50213", CoordinatesAreExchanged),
        ("51.05", "13.74", CoordinatesAreElsewhere),
    ):
        site = Site(organisation=etna, country="IT", latitude=latitude, longitude=longitude, source="x")
        with pytest.raises(error):
            save_site(site, by=rita, at=now)
    assert not Site.objects.exists()


def test_a_site_is_a_claim_of_its_source_until_somebody_verified_it(
    etna: Organisation, rita: User, now: datetime
) -> None:
    with pytest.raises(ClaimNeedsSource):
        save_site(Site(organisation=etna, country="IT"), by=rita, at=now)
    site = save_site(Site(organisation=etna, source="a press text"), by=rita, at=now)
    verify_site(site, is_verified=True, by=rita, at=now)
    site.refresh_from_db()
    assert (site.is_verified, site.verified_by, site.verified_at) == (True, rita, now)
    verify_site(site, is_verified=False, by=rita, at=now)
    site.refresh_from_db()
    assert (site.is_verified, site.verified_by, site.verified_at) == (False, None, None)


def test_people_are_found_as_far_as_they_agreed(rita: User, now: datetime) -> None:
    person = a_person("Lyu", "吕伟")
    steps = {
        "nobody": ([], []),
        "signed_in": ([], [person.public_id]),
        "everybody": ([person.public_id], [person.public_id]),
    }
    for findable_by, (public, signed_in) in [*steps.items(), ("nobody", steps["nobody"])]:
        set_findable(person, findable_by=findable_by, by=rita, at=now)
        assert found("Lü Wei", "person") == public
        assert found("Lü Wei", "person", PUBLIC, SIGNED_IN) == signed_in
        assert bool(Person.objects.visible_to(AnonymousUser()).filter(pk=person.pk)) is bool(public)
        assert bool(Person.objects.visible_to(rita).filter(pk=person.pk)) is bool(signed_in)


def test_two_persons_with_one_name_are_both_found(rita: User, now: datetime) -> None:
    both = [a_person("Zhang", "张伟"), a_person("Zhang", "张伟")]
    for person in both:
        set_findable(person, findable_by="everybody", by=rita, at=now)
    assert set(found("zhangwei", "person")) == {person.public_id for person in both}


def test_an_alias_finds_a_person_and_changes_no_name(rita: User, now: datetime) -> None:
    person = a_person("Lyu", "吕伟")
    set_findable(person, findable_by="everybody", by=rita, at=now)
    person.preferred_name = "Jason"
    save_person(person, aliases=["Lui Way", " Lui  Way "], by=rita, at=now)
    assert found("Lui Way", "person") == found("Jason", "person") == [person.public_id]
    assert (person.family, list(person.aliases.values_list("text", flat=True))) == ("Lyu", ["Lui Way"])
    assert person.sort_key == "lyu wei 吕伟"


def test_whoever_left_edits_no_more(etna: Organisation, rita: User, now: datetime) -> None:
    person = a_person("Rossi")
    Person.objects.filter(pk=person.pk).update(user=rita)
    work = add_affiliation(person, organisation=etna, is_editor=True, by=rita, at=now)
    assert Organisation.objects.editable_by(rita).get() == etna
    end_affiliation(work, until=date(2018, 12, 31), by=rita, at=now)
    assert not Organisation.objects.editable_by(rita).exists()
    again = add_affiliation(person, organisation=etna, by=rita, at=now)
    assert list(Affiliation.objects.order_by("pk")) == [work, again]


def test_a_membership_goes_its_way_and_no_other(
    etna: Organisation, clusters: list[Cluster], rita: User, now: datetime
) -> None:
    one = apply_for_membership(clusters[0], organisation=etna, is_listed=True, by=rita, at=now)
    with pytest.raises(IsMemberAlready):
        apply_for_membership(clusters[0], organisation=etna, by=rita, at=now)
    with pytest.raises(MembershipIsElsewhere):
        activate_membership(one, since=date(2018, 1, 1), by=rita, at=now)
    accept_membership(one, by=rita, at=now)
    assert activate_membership(one, since=date(2018, 1, 1), by=rita, at=now).state == "active"
    assert suspend_membership(one, by=rita, at=now).state == "suspended"
    assert resume_membership(one, by=rita, at=now).state == "active"
    assert list(Membership.objects.visible_to(AnonymousUser())) == [one]
    with pytest.raises(MembershipEndsBeforeItBegins):
        end_membership(one, until=date(2017, 1, 1), by=rita, at=now)
    ended = end_membership(one, until=date(2018, 12, 31), by=rita, at=now)
    assert (ended.state, ended.until) == ("ended", date(2018, 12, 31))
    assert not Membership.objects.visible_to(AnonymousUser()).exists()
    again = apply_for_membership(clusters[0], organisation=etna, by=rita, at=now)
    assert set(Membership.objects.all()) == {ended, again}


def test_an_organisation_belongs_to_two_clusters(
    etna: Organisation, clusters: list[Cluster], rita: User, now: datetime
) -> None:
    for cluster in clusters:
        apply_for_membership(cluster, organisation=etna, by=rita, at=now)
    assert etna.memberships.live().count() == 2


def test_partners_are_kept_once_in_either_order(clusters: list[Cluster], rita: User, now: datetime) -> None:
    first, second = clusters
    assert make_partners(first, second, by=rita, at=now) == make_partners(second, first, by=rita, at=now)
    with pytest.raises(ClusterIsNoPartnerOfItself):
        make_partners(first, first, by=rita, at=now)
