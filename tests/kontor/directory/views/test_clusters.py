"""The staff writes a cluster and creates organisations: every field, every part, doubles first, strangers nothing."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.forms import BaseForm
from django.test import Client

from kontor.accounts.models import User
from kontor.agreements.models import Agreement
from kontor.directory.models import (
    Affiliation,
    Cluster,
    ClusterLabel,
    ClusterPartnership,
    ClusterService,
    Membership,
    Organisation,
    Person,
    WorkingGroup,
)
from kontor.directory.services.clusters import make_partners
from kontor.directory.services.organisations import add_organisation
from kontor.i18n import Text
from kontor.i18n.fields import TextFormField
from kontor.i18n.text import LANGUAGES, State

HOME = "/en/clusters/elbe-valley/"


def sent_by(form: BaseForm) -> dict[str, object]:
    """What a browser would send if nothing were changed."""
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, TextFormField):
            given = [value.in_language(one) for one in LANGUAGES] if isinstance(value, Text) else value
            data |= {f"{bound.name}_{one}": words or "" for one, words in zip(LANGUAGES, given, strict=True)}
        elif isinstance(value, bool):
            data |= {bound.name: "on"} if value else {}
        elif isinstance(value, list):
            data[bound.name] = value
        else:
            data[bound.name] = "" if value is None else str(value)
    return data


@pytest.fixture
def member(now: datetime, saxony: Cluster) -> Organisation:
    """A member of the cluster whose Petra agreed to be found by everybody."""
    row = add_organisation(
        Organisation(name=Text.of("de", de="Elbtal Messtechnik GmbH"), state="published", country="DE"),
        by=None,
        at=now,
    )
    Membership.objects.create(cluster=saxony, organisation=row, state="active", is_listed=True)
    petra = Person.objects.create(
        family="Muster", given="Petra", sort_key="muster", candidate_key="muster", findable_by="everybody",
        findable_since=now,
    )  # fmt: skip
    Affiliation.objects.create(person=petra, organisation=row)
    hidden = Person.objects.create(family="Quill", sort_key="quill", candidate_key="quill")
    Affiliation.objects.create(person=hidden, organisation=row)
    return row


def test_every_field_of_the_profile_is_written(
    saxony: Cluster, member: Organisation, clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    form = client.get(HOME + "edit/").context["form"]
    assert [str(one) for one in form.fields["contact"].queryset] == [
        "Muster Petra"
    ]  # nobody who did not agree
    data = sent_by(form) | {
        "region_de": "Sachsen", "founded_in": "2000", "topics": "Leistungselektronik\n洁净室",
        "countries_of_interest": "China\nItalien", "staff_fte": "4.5", "website": "https://elbe.example.org",
        "organisation": member.public_id, "contact": Person.objects.get(family="Muster").public_id,
        "source": "Annual report",
    }  # fmt: skip
    assert client.post(HOME + "edit/", data).status_code == 302
    row = Cluster.objects.get()
    assert (str(row.name), row.name.in_language("en"), str(row.region), row.country) == (
        "Elbtal-Cluster",
        "Elbe Valley Cluster",
        "Sachsen",
        "DE",
    )
    assert (row.founded_in, str(row.staff_fte), row.website, row.source, row.is_published) == (
        2000,
        "4.5",
        "https://elbe.example.org",
        "Annual report",
        True,
    )
    assert (len(row.topics), row.topics[0], row.countries_of_interest) == (
        2,
        "power-electronics",
        ["CN", "IT"],
    )
    assert (row.organisation, row.contact and row.contact.family) == (member, "Muster")
    page = browse().get(HOME).content.decode()
    assert ("Petra Muster" in page, "China" in page, "Italy" in page) == (True, True, True)


def test_translations_nobody_touched_keep_their_state(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    saxony.name = saxony.name.with_version("zh", "易北河谷集群", State.VERIFIED)
    saxony.save()
    client = browse(clara)
    data = sent_by(client.get(HOME + "edit/").context["form"])
    client.post(HOME + "edit/", data | {"website": "https://elbe.example.org"})
    assert Cluster.objects.get().name.for_reader("zh").state is State.VERIFIED
    data = sent_by(client.get(HOME + "edit/").context["form"])
    client.post(HOME + "edit/", data | {"name_de": "Elbe-Cluster"})
    name = Cluster.objects.get().name
    assert (name.original, str(name), name.for_reader("zh").state) == ("de", "Elbe-Cluster", State.STALE)


def test_two_people_who_edit_one_cluster_both_keep_their_words(
    saxony: Cluster, clara: User, operator: User, browse: Callable[..., Client]
) -> None:
    first, second = browse(clara), browse(operator)
    data = sent_by(first.get(HOME + "edit/").context["form"])
    second.post(HOME + "edit/", data | {"founded_in": "1999"})
    answer = first.post(HOME + "edit/", data | {"founded_in": "2000"})
    page = answer.content.decode()
    assert (answer.status_code, "changed this profile meanwhile" in page, 'value="2000"' in page) == (
        422,
        True,
        True,
    )
    assert Cluster.objects.get().founded_in == 1999
    again = sent_by(answer.context["form"])
    assert first.post(HOME + "edit/", again).status_code == 302
    assert Cluster.objects.get().founded_in == 2000


def test_what_is_wrong_is_said_at_its_field(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    data = sent_by(client.get(HOME + "edit/").context["form"])
    answer = client.post(
        HOME + "edit/", data | {"topics": "xyzzy", "countries_of_interest": "China\nAtlantis"}
    )
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {
            "topics": ["“xyzzy” is no topic of the vocabulary."],
            "countries_of_interest": ["“Atlantis” is no country we know."],
        },
    )


def test_labels_services_and_groups_come_change_and_go(
    saxony: Cluster, member: Organisation, clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    membership = Membership.objects.get()
    new = {
        "label": {"name": "Bronze", "awarded_on": "2017-01-01", "valid_until": "2019-01-01"},
        "service": {"name_de": "Beratung", "position": "1"},
        "group": {
            "name_de": "Reinraum",
            "position": "0",
            "members": [membership.public_id],
            "topics": "Reinraum",
        },
    }
    for part, data in new.items():
        assert client.get(f"{HOME}parts/{part}/new/").status_code == 200
        assert client.post(f"{HOME}parts/{part}/new/", data).status_code == 302, part
    label, service, group = (
        ClusterLabel.objects.get(),
        ClusterService.objects.get(),
        WorkingGroup.objects.get(),
    )
    assert (label.name, label.valid_until, str(service.name), str(group.name)) == (
        "Bronze",
        date(2019, 1, 1),
        "Beratung",
        "Reinraum",
    )
    assert list(group.memberships.all()) == [membership]
    page = browse().get(HOME).content.decode()
    assert [word in page for word in ("Bronze", "Beratung", "Reinraum")] == [True, True, True]
    path = f"{HOME}parts/group/{group.public_id}/"
    data = sent_by(client.get(path).context["form"])
    assert data["members"] == [membership.public_id]
    assert client.post(path, data | {"name_en": "Clean room", "members": []}).status_code == 302
    group.refresh_from_db()
    assert (group.name.in_language("en"), group.memberships.count()) == ("Clean room", 0)
    for part, row in (("label", label), ("service", service), ("group", group)):
        client.post(f"{HOME}parts/{part}/{row.public_id}/remove/")
    assert [model.objects.count() for model in (ClusterLabel, ClusterService, WorkingGroup)] == [0, 0, 0]


def test_a_label_ends_after_it_is_awarded(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    data = {"name": "Gold", "awarded_on": "2019-01-01", "valid_until": "2018-01-01"}
    answer = browse(clara).post(f"{HOME}parts/label/new/", data)
    assert answer.context["form"].errors == {"valid_until": ["The label would end before it is awarded."]}
    assert ClusterLabel.objects.count() == 0


def test_partners_come_and_go_unless_a_story_hangs_on_them(
    now: datetime, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"), is_published=True)
    client = browse(clara)
    client.post(f"{HOME}partners/add/", {"partner": "zone", "since_year": "2013"})
    pair = ClusterPartnership.objects.get()
    assert ({pair.first, pair.second}, pair.since_year) == ({saxony, zone}, 2013)
    assert client.post(f"{HOME}partners/add/", {"partner": "elbe-valley"}).status_code == 422
    agreement = Agreement.objects.create(
        kind="intent", title=Text.of("en", en="Letter"), partnership=pair, created_at=now
    )
    answer = client.post(f"{HOME}partners/zone/remove/", follow=True)
    assert "they would lose it" in answer.content.decode()
    assert ClusterPartnership.objects.count() == 1
    agreement.delete()
    client.post(f"{HOME}partners/zone/remove/")
    assert ClusterPartnership.objects.count() == 0


def test_the_staff_of_another_cluster_changes_nothing(
    now: datetime, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"), is_published=True)
    label = ClusterLabel.objects.create(cluster=zone, name="Silver")
    make_partners(saxony, zone, by=None, at=now)
    client = browse(clara)
    for path in (
        "/en/clusters/zone/edit/",
        "/en/clusters/zone/parts/",
        "/en/clusters/zone/parts/label/new/",
        f"/en/clusters/elbe-valley/parts/label/{label.public_id}/",
        "/en/clusters/elbe-valley/parts/nothing/new/",
    ):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/en/clusters/zone/parts/label/{label.public_id}/remove/",
        f"/en/clusters/elbe-valley/parts/label/{label.public_id}/remove/",
        "/en/clusters/zone/partners/add/",
        "/en/clusters/zone/partners/elbe-valley/remove/",
        "/en/clusters/elbe-valley/partners/nothing/remove/",
    ):
        assert client.post(path).status_code == 404, path
    assert (ClusterLabel.objects.count(), ClusterPartnership.objects.count()) == (1, 1)


# A new organisation


NEW = {
    "name_de": "Müller Präzision GmbH",
    "kind": "sme",
    "country": "DE",
    "cluster": "elbe-valley",
    "category": "member",
}


def test_a_new_organisation_is_a_draft_that_applies_and_its_creator_writes_on(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    answer = client.post("/en/organisations/new/", NEW | {"topic_names": "Leistungselektronik"}, follow=True)
    row = Organisation.objects.get()
    assert answer.redirect_chain[-1][0] == f"/en/organisations/{row.public_id}/details/"
    assert (str(row.name), row.kind, row.state, row.topics) == (
        "Müller Präzision GmbH",
        "sme",
        "draft",
        ["power-electronics"],
    )
    membership = Membership.objects.get()
    assert (membership.cluster, membership.state, membership.is_listed) == (saxony, "applied", False)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("Mueller Praezision", {"name_de": "Müller Präzision GmbH"}),
        ("山东芯源电子有限公司", {"name_de": "", "name_en": "Shandong Xinyuan Electronics Co., Ltd."}),
    ],
)
def test_doubles_are_shown_before_anything_is_saved(
    known: str,
    name: dict[str, str],
    now: datetime,
    saxony: Cluster,
    clara: User,
    browse: Callable[..., Client],
) -> None:
    language = "de" if known.isascii() else "zh"
    double = add_organisation(Organisation(name=Text.of(language, **{language: known})), by=None, at=now)
    client = browse(clara)
    answer = client.post("/en/organisations/new/", NEW | name)
    assert (answer.status_code, answer.context["doubles"]) == (422, [double])
    assert Organisation.objects.count() == 1
    again = sent_by(answer.context["form"])
    assert client.post("/en/organisations/new/", again).status_code == 302
    assert Organisation.objects.count() == 2


def test_a_double_that_came_meanwhile_is_shown_too(
    now: datetime, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    first = add_organisation(Organisation(name=Text.of("de", de="Mueller Praezision")), by=None, at=now)
    client = browse(clara)
    answer = client.post("/en/organisations/new/", NEW)
    second = add_organisation(Organisation(name=Text.of("de", de="Müller Präzision AG")), by=None, at=now)
    answer = client.post("/en/organisations/new/", sent_by(answer.context["form"]))
    assert (answer.status_code, answer.context["doubles"]) == (422, [first, second])


def test_an_organisation_without_a_name_or_for_a_foreign_cluster_is_not_created(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"), is_published=True)
    client = browse(clara)
    for wrong in ({"name_de": ""}, {"cluster": "zone"}):
        assert client.post("/en/organisations/new/", NEW | wrong).status_code == 422, wrong
    assert Organisation.objects.count() == 0


def test_only_the_staff_creates_organisations(stranger: User, browse: Callable[..., Client]) -> None:
    assert browse(stranger).post("/en/organisations/new/", NEW).status_code == 404
