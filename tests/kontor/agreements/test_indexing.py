"""Agreements and the steps of a relation in the search: as public as they are themselves."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Milestone
from kontor.agreements.services import save_agreement
from kontor.directory.models import Cluster, ClusterPartnership, Organisation
from kontor.directory.services.clusters import save_cluster
from kontor.i18n import Text
from kontor.search.queries import search
from kontor.search.registry import audiences_of
from kontor.search.services import index, rebuild


@pytest.fixture
def institute(db: None) -> Organisation:
    """An institute that agreed with the cluster in Dresden."""
    return Organisation.objects.create(
        name=Text.of("de", de="Institut für Messtechnik", zh="测量研究所"), state="published"
    )


@pytest.fixture
def agreement(saxony: Cluster, institute: Organisation, clara: User, now: datetime) -> Agreement:
    """A letter of intent that only its parties may know of."""
    letter = Agreement(
        kind="intent",
        title=Text.of("de", de="Absichtserklärung", zh="合作意向书"),
        summary=Text.of("de", de="Gemeinsames Prüffeld"),
    )
    return save_agreement(letter, parties=[saxony, institute], by=clara, at=now)


def found(query: str, *audiences: str) -> list[str]:
    hits = search(query, audiences=audiences or ("public",), language="de").hits
    return [hit.kind for hit in hits if hit.kind in ("agreement", "milestone")]


@pytest.mark.parametrize(
    "query", ["Absichtserklärung", "意向书", "Institut Messtechnik", "测量研究所", "Prüffeld"]
)
def test_a_public_agreement_is_found_by_title_party_and_subject(
    query: str, agreement: Agreement, browse: Callable[..., Client], clara: User, saxony: Cluster,
    institute: Organisation, now: datetime,
) -> None:  # fmt: skip
    agreement.is_public = True
    save_agreement(agreement, parties=[saxony, institute], by=clara, at=now)
    assert found(query) == ["agreement"]
    page = browse().get(f"/de/search/?q={query}&kind=agreement").content.decode()
    assert f'href="/de/agreements/{agreement.public_id}/"' in page


def test_a_private_agreement_is_found_by_the_desk_and_its_parties_alone(
    agreement: Agreement, institute: Organisation, clara: User, stranger: User
) -> None:
    assert found("Absichtserklärung") == []
    assert found("Absichtserklärung", f"organisation:{institute.public_id}") == ["agreement"]
    assert found("Absichtserklärung", *(audiences_of(clara) or ())) == ["agreement"]
    assert found("Absichtserklärung", *(audiences_of(stranger) or ())) == []


def test_a_renamed_party_is_found_by_its_new_name(agreement: Agreement, institute: Organisation) -> None:
    institute.name = Text.of("de", de="Haus der Sensorik")
    institute.save()
    index("organisation", institute.public_id)
    assert found("Haus der Sensorik", "desk") == ["agreement"]


def test_steps_of_a_relation_are_found_while_both_clusters_are_public(
    saxony: Cluster, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(
        slug="zone", name=Text.of("zh", zh="济南高新区"), country="CN", is_published=True
    )
    relation = ClusterPartnership.objects.create(first=saxony, second=zone)
    Milestone.objects.create(
        partnership=relation,
        day=date(2013, 8, 27),
        title=Text.of("de", de="Kontaktbüro eröffnet"),
        source="S",
    )
    assert rebuild("milestone") == 1
    page = browse().get("/de/search/?q=Kontaktbüro").content.decode()
    assert 'href="/de/relations/elbe-valley/zone/"' in page
    saxony.is_published = False
    save_cluster(saxony, by=clara, at=now)
    assert found("Kontaktbüro") == []
