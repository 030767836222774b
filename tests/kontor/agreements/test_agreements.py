"""Agreements: states, languages, duties, who reads documents, and the story of a relation."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.agreements import services
from kontor.agreements.models import Agreement, Document, Milestone, Obligation, Party
from kontor.agreements.queries import timeline
from kontor.audit.models import Entry
from kontor.directory.models import Affiliation, Cluster, ClusterPartnership, Organisation, Person
from kontor.directory.services.organisations import add_organisation
from kontor.events.models import Participation
from kontor.i18n import Text
from kontor.i18n.text import State
from kontor.search.queries import search

PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def jinan(saxony: Cluster) -> Cluster:
    """The zone in Jinan, a partner of the cluster in Dresden."""
    zone = Cluster.objects.create(
        slug="jinan-zone",
        name=Text.of("zh", zh="济南高新区", en="Jinan zone"),
        country="CN",
        is_published=True,
    )
    ClusterPartnership.objects.create(first=saxony, second=zone)
    return zone


@pytest.fixture
def memorandum(saxony: Cluster, jinan: Cluster, clara: User, now: datetime) -> Agreement:
    """A memorandum in German and Chinese that is being drafted and nobody else sees."""
    agreement = Agreement(
        kind="memorandum",
        title=Text.of("de", de="Memorandum"),
        languages=["de", "zh"],
        state="drafting",
        partnership=ClusterPartnership.objects.get(),
    )
    return services.save_agreement(agreement, parties=[saxony, jinan], by=clara, at=now)


def file(agreement: Agreement, language: str, by: User, at: datetime) -> Document:
    return services.file_document(
        agreement, language=language, name=f"{language}.pdf", content=PDF, by=by, at=at
    )


def test_an_agreement_needs_two_parties(saxony: Cluster, clara: User, now: datetime) -> None:
    with pytest.raises(services.TooFewParties):
        services.save_agreement(Agreement(kind="intent"), parties=[saxony, saxony], by=clara, at=now)
    assert not Agreement.objects.exists()


def test_it_is_not_approved_without_the_german_text(
    memorandum: Agreement, clara: User, now: datetime
) -> None:
    services.move_agreement(memorandum, to="checking", by=clara, at=now)
    file(memorandum, "zh", clara, now)
    with override("en"), pytest.raises(services.LanguageMissing, match="German"):
        services.move_agreement(memorandum, to="approved", by=clara, at=now)
    file(memorandum, "de", clara, now)
    assert services.move_agreement(memorandum, to="approved", by=clara, at=now).state == "approved"


def test_it_is_not_signed_without_a_day(memorandum: Agreement, clara: User, now: datetime) -> None:
    Agreement.objects.update(state="approved")
    with pytest.raises(services.NotSignedYet):
        services.move_agreement(memorandum, to="signed", by=clara, at=now)
    Agreement.objects.update(signed_on=date(2018, 11, 2))
    assert services.move_agreement(memorandum, to="signed", by=clara, at=now).state == "signed"


def test_a_draft_cannot_come_into_force(memorandum: Agreement, clara: User, now: datetime) -> None:
    with pytest.raises(services.NotThatWay):
        services.move_agreement(memorandum, to="active", by=clara, at=now)
    memorandum.refresh_from_db()
    assert memorandum.state == "drafting"


@pytest.mark.parametrize(
    ("on", "standing"), [("2018-06-01", "active"), ("2018-11-01", "expiring"), ("2019-01-02", "expired")]
)
def test_expiry_follows_from_the_day_alone(on: str, standing: str) -> None:
    agreement = Agreement(state="active", signed_on=date(2017, 1, 1), expires_on=date(2018, 12, 31))
    assert agreement.standing(date.fromisoformat(on)) == standing


def test_an_obligation_is_overdue_until_it_is_settled_once(
    memorandum: Agreement, clara: User, now: datetime
) -> None:
    duty = Obligation.objects.create(
        agreement=memorandum, what=Text.of("en", en="Send the list"), due_on=date(2018, 10, 1)
    )
    assert duty.is_overdue(date(2018, 10, 2))
    settled = services.settle_obligation(duty, state="done", on=date(2018, 10, 3), by=clara, at=now)
    assert not settled.is_overdue(date(2018, 10, 4))
    with pytest.raises(services.AlreadySettled):
        services.settle_obligation(duty, state="waived", on=date(2018, 10, 5), by=clara, at=now)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"MZ\x90"), ("a.exe", PDF), ("noending", PDF), ("a.docx", PDF)]
)
def test_what_is_no_document_is_not_filed(
    name: str, content: bytes, memorandum: Agreement, clara: User, now: datetime
) -> None:
    with pytest.raises(services.NotADocument):
        services.file_document(memorandum, language="de", name=name, content=content, by=clara, at=now)
    assert not Document.objects.exists()


def test_a_document_is_for_staff_and_people_of_the_parties(
    memorandum: Agreement,
    anna: Participation,
    stranger: User,
    clara: User,
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    document = file(memorandum, "de", clara, now)
    address = f"/en/agreements/documents/{document.public_id}/"
    assert browse(clara).get(address).content == PDF
    assert browse(stranger).get(address).status_code == 404
    services.save_agreement(
        memorandum, parties=[Cluster.objects.get(slug="jinan-zone"), anna.organisation], by=clara, at=now
    )
    assert browse(anna.person.user).get(address).status_code == 404  # takes part for it, but is not of it
    Affiliation.objects.create(person=anna.person, organisation=anna.organisation)
    assert browse(anna.person.user).get(address).content == PDF


def test_strangers_find_a_private_agreement_nowhere(
    memorandum: Agreement, stranger: User, browse: Callable[..., Client]
) -> None:
    for client in (browse(), browse(stranger)):
        assert client.get(f"/en/agreements/{memorandum.public_id}/").status_code == 404
        assert "Memorandum" not in client.get("/en/agreements/").content.decode()


def test_only_published_parties_lead_to_their_pages(
    memorandum: Agreement, jinan: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    Cluster.objects.filter(pk=jinan.pk).update(is_published=False)
    page = browse(clara).get(f"/en/agreements/{memorandum.public_id}/").content.decode()
    parties = page.partition("Parties</dt>")[2].partition("</dd>")[0]
    assert parties.count('href="/en/clusters/') == 1
    assert 'href="/en/clusters/elbe-valley/"' in parties


def test_parties_that_stay_keep_their_signatures(
    memorandum: Agreement, saxony: Cluster, jinan: Cluster, clara: User, now: datetime
) -> None:
    first = memorandum.parties.get(cluster=saxony)
    third = Organisation.objects.create(name=Text.of("en", en="City"), name_key="city")
    services.save_agreement(memorandum, parties=[third, saxony], by=clara, at=now)
    assert [one.cluster or one.organisation for one in memorandum.parties.all()] == [third, saxony]
    assert memorandum.parties.get(cluster=saxony) == first


def test_the_story_has_signed_agreements_and_milestones_in_order(
    memorandum: Agreement, stranger: User, clara: User
) -> None:
    relation = ClusterPartnership.objects.get()
    Milestone.objects.create(
        partnership=relation,
        day=date(2011, 1, 1),
        day_precision="year",
        title=Text.of("en", en="Exchange"),
        source="S",
    )
    Milestone.objects.create(
        partnership=relation, day=date(2013, 8, 27), title=Text.of("en", en="Office"), source="S"
    )
    Agreement.objects.update(signed_on=date(2012, 10, 1), signed_precision="month", state="signed")
    assert [one.words("en") for one in timeline(relation, reader=clara)] == [
        "2011",
        "October 2012",
        "27 August 2013",
    ]
    assert [one.words("de") for one in timeline(relation, reader=stranger)] == ["2011", "27. August 2013"]


def test_both_orders_of_the_clusters_lead_to_the_same_story(
    jinan: Cluster, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    pages = [
        browse().get(f"/en/relations/{one.slug}/{other.slug}/")
        for one, other in ((jinan, saxony), (saxony, jinan))
    ]
    assert [page.status_code for page in pages] == [200, 200]


def test_an_unknown_organisation_is_named(
    jinan: Cluster, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    data = {"kind": "intent", "title_de": "LoI", "clusters": [saxony.pk], "organisations": "Nowhere GmbH",
            "signed_precision": "day"}  # fmt: skip
    page = browse(clara).post("/en/agreements/new/", data)
    assert "“Nowhere GmbH” is not in the directory" in str(page.context["form"].errors["organisations"])
    assert not Agreement.objects.exists()


def test_an_organisation_is_known_by_each_of_its_names(
    saxony: Cluster, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    names = {"zh": "济南高新技术产业开发区", "de": "Hightech-Zone Jinan"}
    zone = add_organisation(Organisation(name=Text.of("zh", **names)), by=None, at=now)
    data = {"kind": "intent", "title_de": "LoI", "clusters": [saxony.pk], "signed_precision": "day"}
    browse(clara).post("/en/agreements/new/", {**data, "organisations": "Hightech-Zone Jinan"})
    assert list(Party.objects.values_list("organisation", flat=True).exclude(organisation=None)) == [zone.pk]


def test_staff_writes_down_an_agreement_and_files_its_text(
    jinan: Cluster, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    client = browse(clara)
    data = {"kind": "intent", "title_de": "Absichtserklärung", "clusters": [saxony.pk, jinan.pk],
            "organisations": "", "signed_precision": "day", "languages": ["de"], "prevailing_language": "de"}  # fmt: skip
    client.post("/en/agreements/new/", data)
    agreement = Agreement.objects.get()
    upload = BytesIO(PDF)
    upload.name = "Absichtserklärung.pdf"
    client.post(
        f"/en/agreements/{agreement.public_id}/documents/",
        {"document-language": "de", "document-file": upload},
    )
    assert agreement.documents.get().name == "Absichtserklärung.pdf"
    assert "prevails" in client.get(f"/en/agreements/{agreement.public_id}/").content.decode()


def test_the_prevailing_language_must_be_one_of_its_languages(
    jinan: Cluster, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    data = {"kind": "intent", "title_de": "LoI", "clusters": [saxony.pk, jinan.pk], "signed_precision": "day",
            "languages": ["de"], "prevailing_language": "zh"}  # fmt: skip
    page = browse(clara).post("/en/agreements/new/", data)
    assert list(page.context["form"].errors) == ["prevailing_language"]


def test_a_person_is_no_party_by_name_alone(memorandum: Agreement, stranger: User) -> None:
    Person.objects.create(family="Stranger", sort_key="s", candidate_key="s", user=stranger)
    assert not Agreement.objects.visible_to(stranger).exists()


# ── steps of a relation ──────────────────────────────────────────────────────────────────────────

STORY = "/en/relations/elbe-valley/jinan-zone/"
OFFICE = {"day": "2013-08-01", "day_precision": "month", "title_de": "Kontaktbüro eröffnet",
          "title_zh": "联络处揭牌", "source": "Annual report", "source_url": "https://example.org/2013"}  # fmt: skip


@pytest.fixture
def office(jinan: Cluster, clara: User, now: datetime) -> Milestone:
    """A step that was written in German and whose Chinese words somebody verified."""
    title = Text.of("de", de="Kontaktbüro eröffnet").with_version("zh", "联络处揭牌", State.VERIFIED)
    step = Milestone(
        partnership=ClusterPartnership.objects.get(), day=date(2013, 8, 27), title=title, source="Report"
    )
    return services.save_milestone(step, by=clara, at=now)


def found_steps(words: str) -> list[str]:
    hits = search(words, audiences=("public",), language="de").hits
    return [hit.key for hit in hits if hit.kind == "milestone"]


def address_of(step: Milestone, act: str) -> str:
    return f"/en/relations/milestones/{step.public_id}/{act}/"


def test_staff_writes_down_a_step_that_everybody_reads_and_finds(
    jinan: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    answer = browse(clara).post(f"{STORY}milestones/", OFFICE)
    assert (answer.status_code, answer["Location"]) == (302, STORY)
    step = Milestone.objects.get()
    assert (step.partnership, step.day, step.day_precision) == (
        ClusterPartnership.objects.get(),
        date(2013, 8, 1),
        "month",
    )
    assert (step.title.in_language("de"), step.title.in_language("zh")) == (
        "Kontaktbüro eröffnet",
        "联络处揭牌",
    )
    page = browse().get(STORY).content.decode()
    assert [
        words in page for words in ("August 2013", "https://example.org/2013", "Add a step", "/edit/")
    ] == [
        True,
        True,
        False,
        False,
    ]
    assert found_steps("Kontaktbüro") == [step.public_id]
    entry = Entry.objects.about(step).get()
    assert (entry.action, entry.actor) == ("milestone_added", clara)


def test_the_story_leads_staff_to_the_pages_that_write_it(
    office: Milestone, clara: User, browse: Callable[..., Client]
) -> None:
    page = browse(clara).get(STORY).content.decode()
    assert f'href="{STORY}milestones/"' in page
    assert f'href="{address_of(office, "edit")}"' in page


def test_a_step_needs_a_day_words_and_a_source(
    jinan: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    answer = browse(clara).post(f"{STORY}milestones/", {"day_precision": "day"})
    assert answer.status_code == 422
    assert {name: list(errors) for name, errors in answer.context["form"].errors.items()} == {
        "day": ["Please enter the day on which it happened."],
        "title": ["Please say in at least one language what happened."],
        "source": ["Please name the source: who says so, and where."],
    }
    assert not Milestone.objects.exists()


def test_a_changed_step_is_found_by_its_new_words_and_keeps_the_state_of_those_nobody_touched(
    office: Milestone, clara: User, browse: Callable[..., Client]
) -> None:
    data = OFFICE | {"title_en": "Contact office"}
    assert browse(clara).post(address_of(office, "edit"), data).status_code == 302
    office.refresh_from_db()
    versions = {language: version.state for language, version in office.title.versions.items()}
    assert (office.title.original, versions) == (
        "de",
        {"de": State.ORIGINAL, "en": State.HUMAN, "zh": State.VERIFIED},
    )
    assert found_steps("Contact office") == [office.public_id]
    assert [one.action for one in Entry.objects.about(office)] == ["milestone_added", "milestone_changed"]


def test_a_removed_step_is_found_no_more_and_the_audit_knows_what_it_said(
    office: Milestone, clara: User, browse: Callable[..., Client]
) -> None:
    assert found_steps("Kontaktbüro") == [office.public_id]
    assert browse(clara).post(address_of(office, "remove"))["Location"] == STORY
    assert not Milestone.objects.exists()
    assert found_steps("Kontaktbüro") == []
    entry = Entry.objects.get(action="milestone_removed")
    assert (entry.subject_id, entry.data) == (
        office.public_id,
        {"day": "2013-08-27", "title": office.title.as_json(), "source": "Report"},
    )
    assert browse(clara).post(address_of(office, "remove")).status_code == 404


def test_staff_of_one_cluster_changes_no_story_of_clusters_they_may_not_know(
    office: Milestone, jinan: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    Cluster.objects.filter(pk=jinan.pk).update(is_published=False)
    client = browse(clara)
    answers = [
        client.post(f"{STORY}milestones/", OFFICE),
        client.post(address_of(office, "edit"), OFFICE),
        client.post(address_of(office, "remove")),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert list(Milestone.objects.values_list("day", flat=True)) == [date(2013, 8, 27)]


def test_the_story_and_its_forms_take_at_most_eight_statements_for_staff(
    office: Milestone,
    clara: User,
    browse: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = browse(clara)
    for day in (1, 2):
        Milestone.objects.create(
            partnership=office.partnership, day=date(2014, 1, day), title=office.title, source="Report"
        )
    client.get(STORY)
    for path in (STORY, f"{STORY}milestones/", address_of(office, "edit")):
        with django_assert_max_num_queries(8):
            client.get(path)


def test_an_earlier_agreement_is_named_in_the_language_of_the_reader(
    memorandum: Agreement, clara: User, browse: Callable[..., Client]
) -> None:
    memorandum.title = Text.of("de", de="Absichtserklärung", zh="谅解备忘录")
    memorandum.save()
    page = browse(clara).get("/zh-hans/agreements/new/").content.decode()
    assert f'<option value="{memorandum.pk}">谅解备忘录</option>' in page
