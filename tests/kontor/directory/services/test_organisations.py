"""Writing organisations: names, numbers, parents, staleness, states; each change is in the audit and in the search."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.directory.models import Affiliation, Cluster, ClusterStaff, Membership, Organisation, Person
from kontor.directory.queries import names_of
from kontor.directory.services.organisations import (
    NameData,
    NumberBelongsToAnother,
    OrganisationHasNoName,
    ParentWouldBeItsOwnChild,
    ProfileChangedMeanwhile,
    TopicDoesNotExist,
    add_organisation,
    add_registry_number,
    confirm_organisation,
    remove_registry_number,
    save_profile,
    set_names,
    set_state,
    verify_organisation,
)
from kontor.events.models import Participation
from kontor.i18n import Text
from kontor.search.queries import search
from kontor.search.registry import PUBLIC

USCC = "91350100M000100Y43"


@pytest.fixture
def rita(db: None) -> User:
    """Rita works for a cluster."""
    return User.objects.create_user("rita@example.org", None)


@pytest.fixture
def quanxin(now: datetime, db: None) -> Organisation:
    """A published organisation."""
    row = Organisation(name=Text.of("zh", zh="济南泉芯半导体有限公司"), country="CN", state="published")
    return add_organisation(row, by=None, at=now)


def found(query: str) -> list[str]:
    return [hit.key for hit in search(query, audiences=(PUBLIC,), language="de").hits]


def deeds(thing: Organisation) -> list[str]:
    return [entry.action for entry in Entry.objects.about(thing)]


def test_an_organisation_with_forty_aliases_is_found_by_each(
    quanxin: Organisation, rita: User, now: datetime
) -> None:
    names = [NameData(language="en", text=f"Springcore {number:02d} Semi") for number in range(40)]
    set_names(quanxin, names, by=rita, at=now)
    assert quanxin.names.count() == 40
    assert found("Springcore 07") == found("springcore 39 semi") == [quanxin.public_id]
    assert deeds(quanxin) == ["directory.add_organisation", "directory.set_names"]


def test_a_new_official_name_leaves_the_old_one_as_a_former_name(
    quanxin: Organisation, rita: User, now: datetime
) -> None:
    quanxin.name = Text.of("zh", zh="山东泉芯科技有限公司", en="Springcore Technology")
    save_profile(quanxin, by=rita, at=now)
    shown = [(str(name.words), name.words.language, name.kind) for name in names_of(quanxin)]
    assert shown == [
        ("山东泉芯科技有限公司", "zh", "official"),
        ("Springcore Technology", "en", "translated"),
        ("济南泉芯半导体有限公司", "zh", "former"),
    ]
    assert quanxin.sort_key == "shan dong quan xin ke ji you xian gong si"
    assert found("济南泉芯半导体") == [quanxin.public_id]


def test_a_topic_must_be_in_the_vocabulary_and_a_name_must_be_given(now: datetime, db: None) -> None:
    with pytest.raises(TopicDoesNotExist):
        add_organisation(Organisation(name=Text.of("en", en="X"), topics=["no-such"]), by=None, at=now)
    with pytest.raises(OrganisationHasNoName):
        add_organisation(Organisation(), by=None, at=now)
    assert not Organisation.objects.exists()


def test_parents_form_no_circle(quanxin: Organisation, rita: User, now: datetime) -> None:
    child = add_organisation(Organisation(name=Text.of("en", en="Child"), parent=quanxin), by=None, at=now)
    grandchild = add_organisation(
        Organisation(name=Text.of("en", en="Grandchild"), parent=child), by=None, at=now
    )
    quanxin.parent = grandchild
    with pytest.raises(ParentWouldBeItsOwnChild):
        save_profile(quanxin, by=rita, at=now)
    assert Organisation.objects.get(pk=quanxin.pk).parent is None


def test_of_two_people_who_edit_one_profile_the_second_is_told(
    quanxin: Organisation, rita: User, now: datetime
) -> None:
    seen_at = quanxin.confirmed_at
    mine, theirs = (Organisation.objects.get(pk=quanxin.pk) for _ in range(2))
    theirs.place = "Jinan"
    save_profile(theirs, by=rita, at=now + timedelta(minutes=1), seen_at=seen_at)
    mine.place = "Qingdao"
    with pytest.raises(ProfileChangedMeanwhile):
        save_profile(mine, by=rita, at=now + timedelta(minutes=2), seen_at=seen_at)
    assert Organisation.objects.get(pk=quanxin.pk).place == "Jinan"


def test_a_registry_number_belongs_to_one_organisation(
    quanxin: Organisation, rita: User, now: datetime
) -> None:
    other = add_organisation(Organisation(name=Text.of("en", en="Other")), by=None, at=now)
    row = add_registry_number(quanxin, scheme="uscc", text="9135 0100 M000 100Y 43", by=rita, at=now)
    assert row.number == USCC
    assert found(USCC) == [quanxin.public_id]
    with pytest.raises(NumberBelongsToAnother) as caught:
        add_registry_number(other, scheme="uscc", text=USCC, by=rita, at=now)
    assert caught.value.params["owner"] == quanxin.public_id
    assert add_registry_number(quanxin, scheme="uscc", text=USCC, by=rita, at=now) == row
    remove_registry_number(row, by=rita, at=now)
    assert found(USCC) == []


def test_what_nobody_confirmed_for_a_year_is_stale(quanxin: Organisation, rita: User, now: datetime) -> None:
    later = now + timedelta(days=366)
    assert list(Organisation.objects.stale(now)) == []
    assert list(Organisation.objects.stale(later)) == [quanxin]
    confirm_organisation(quanxin, by=rita, at=later)
    assert list(Organisation.objects.stale(later)) == []


def test_a_verification_says_who_when_and_how(quanxin: Organisation, rita: User, now: datetime) -> None:
    verify_organisation(quanxin, verification="register", by=rita, at=now)
    stored = Organisation.objects.get(pk=quanxin.pk)
    assert (stored.verification, stored.verified_by, stored.verified_at) == ("register", rita, now)
    verify_organisation(quanxin, verification="none", by=rita, at=now)
    stored = Organisation.objects.get(pk=quanxin.pk)
    assert (stored.verification, stored.verified_by, stored.verified_at) == ("none", None, None)


def test_what_is_no_longer_published_is_no_longer_found(
    quanxin: Organisation, rita: User, now: datetime
) -> None:
    assert found("泉芯") == [quanxin.public_id]
    set_state(quanxin, state="archived", by=rita, at=now)
    assert found("泉芯") == []
    set_state(quanxin, state="published", by=rita, at=now)
    assert found("泉芯") == [quanxin.public_id]


def test_drafts_are_seen_by_their_people_their_clusters_staff_and_their_events(
    rita: User,
    stranger: User,
    operator: User,
    mara: User,
    anna: Participation,
    wentao: Participation,
    outsider: Participation,
    now: datetime,
) -> None:
    draft = wentao.organisation
    own = User.objects.create_user("own@example.org", None)
    person = Person.objects.create(family="Own", sort_key="own", candidate_key="own", user=own)
    Affiliation.objects.create(person=person, organisation=draft, is_editor=True)
    cluster = Cluster.objects.create(slug="c", name=Text.of("en", en="C"))
    ClusterStaff.objects.create(cluster=cluster, user=rita)
    Membership.objects.create(cluster=cluster, organisation=draft)
    users = {
        "visitor": AnonymousUser(), "stranger": stranger, "operator": operator, "organiser": mara, "own": own,
        "staff": rita, "attends": anna.person.user, "elsewhere": outsider.person.user,
    }  # fmt: skip
    seeing = {who for who, user in users.items() if Organisation.objects.visible_to(user).filter(pk=draft.pk)}
    assert seeing == {"operator", "organiser", "own", "staff", "attends"}
    editing = {
        who for who, user in users.items() if Organisation.objects.editable_by(user).filter(pk=draft.pk)
    }
    assert editing == {"operator", "own", "staff"}
