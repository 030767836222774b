"""The network of the sample event: facts with their source, sample organisations as sample data, everything found."""

import pytest

from kontor.demo.many import build_many
from kontor.demo.network import build_network
from kontor.directory.models import Cluster, Membership, Organisation, Person, Site
from kontor.events.models import Event, Participation
from kontor.search.models import SearchRow
from kontor.search.queries import search
from kontor.search.registry import PUBLIC


@pytest.fixture
def network(smec: Event, anna: Participation, wentao: Participation) -> Event:
    """Around a conference with two sample organisations."""
    Organisation.objects.update(is_sample=True)
    build_network(smec)
    return smec


def found(query: str) -> str:
    hit = search(query, audiences=(PUBLIC,), language="de").hits[0]
    return f"{hit.kind} {hit.title}"


def test_real_organisations_are_facts_with_a_source_and_their_sites_are_claims(network: Event) -> None:
    real = Organisation.objects.filter(is_sample=False)
    assert real.count() == 12
    assert not real.filter(source="").exists()
    assert list(Site.objects.filter(is_verified=True)) == []
    assert {str(site.organisation) for site in Site.objects.filter(country="CN")} == {
        "Robert Bosch GmbH",
        "Siemens AG",
        "Technische Universität Dresden",
        "Technische Universität Chemnitz",
    }


def test_two_clusters_are_partners_and_have_sample_members(network: Event, anna: Participation) -> None:
    assert list(Cluster.objects.values_list("slug", flat=True)) == ["jinan-high-tech-zone", "silicon-saxony"]
    assert Cluster.objects.get(slug="silicon-saxony").partnerships_first.count() == 1
    assert not Membership.objects.filter(is_sample=False).exists()
    assert anna.organisation.memberships.live().count() == 2  # a member of both


def test_sample_organisations_are_found_by_what_their_people_offer(
    network: Event, wentao: Participation
) -> None:
    """Wentao offers 功率半导体模块."""
    assert Organisation.objects.get(pk=wentao.organisation_id).topics != []
    assert found("Leistungshalbleiter") == f"organisation {wentao.organisation.name}"


def test_names_of_all_times_and_scripts_find_them(network: Event) -> None:
    assert found("Bosch") == found("博世") == "organisation Robert Bosch GmbH"
    assert found("Jinan Innovation Zone") == found("高新区") == "cluster 济南高新区"
    assert found("TU Dresden") == found("德累斯顿工业大学") == "organisation Technische Universität Dresden"
    assert found("Kontaktbüro des German Center Jinan") == "organisation Jinan-Dresden Kontaktbüro"
    assert found("Elbtal Reinraumtechnik") == "organisation Elbtal Reinraumtechnik GmbH"


def test_some_of_the_people_agreed_to_be_found_with_whom_they_work_for(
    network: Event, anna: Participation, wentao: Participation
) -> None:
    agreed = Person.objects.exclude(findable_by="nobody")
    assert list(agreed) == [anna.person]
    assert agreed.get().findable_by == "everybody"
    work = agreed.get().affiliations.get()
    assert (work.organisation, work.until, work.is_editor) == (anna.organisation, None, False)


def test_it_is_built_once(network: Event) -> None:
    build_network(network)
    assert Cluster.objects.count() == 2


def test_many_organisations_are_made_once_each_and_found(db: None) -> None:
    build_many(30, seed=3)
    build_many(40, seed=3)
    assert Organisation.objects.filter(is_sample=True, state="published").count() == 40
    assert SearchRow.objects.values("key").distinct().count() == 40
    one = Organisation.objects.latest("id")
    assert one.public_id in [
        hit.key for hit in search(str(one.name), audiences=(PUBLIC,), language="de").hits
    ]
