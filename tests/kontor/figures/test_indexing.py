"""Figures in the search: found in three languages by what is counted, and only by those who find what they are about."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Cluster
from kontor.directory.services.clusters import save_cluster
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim, withdraw_claim
from kontor.i18n import Text
from kontor.search.queries import Filters, search
from kontor.search.services import rebuild


@pytest.fixture
def claim(saxony: Cluster, now: datetime) -> Claim:
    """The cluster in Dresden says how many members it has."""
    scope = Text.of("de", de="Mitgliedsunternehmen", en="member companies", zh="家会员企业")
    return enter_claim(
        Claim(cluster=saxony, measure="members", value=340, scope=scope, source="S", status="self_reported",
              as_of=date(2018, 11, 6)),
        by=None, at=now,
    )  # fmt: skip


def found(query: str, *audiences: str) -> list[str]:
    hits = search(
        query, audiences=audiences or ("public",), language="en", filters=Filters(kind="figure")
    ).hits
    return [str(one.title.for_reader("en")) for one in hits]


@pytest.mark.parametrize(
    "query", ["Elbtal Zahlen", "Elbe Valley figures", "Elbtal Mitglieder", "Mitgliedsunternehmen", "会员企业"]
)
def test_a_figure_is_found_by_whose_it_is_and_what_it_counts(query: str, claim: Claim) -> None:
    assert found(query) == ["Elbe Valley Cluster: Figures"]


def test_the_result_leads_to_the_figures_of_the_cluster(
    claim: Claim, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    page = browse().get("/de/search/?q=Mitgliedsunternehmen").content.decode()
    assert f'href="/de/figures/cluster/{saxony.public_id}/"' in page


def test_what_is_withdrawn_is_not_found_any_more(claim: Claim, clara: User, now: datetime) -> None:
    withdraw_claim(claim, reason=Text.of("en", en="Typing error"), by=clara, at=now)
    assert found("Mitgliedsunternehmen") == []


def test_figures_follow_the_cluster_into_the_dark_and_back(
    claim: Claim, saxony: Cluster, clara: User, now: datetime
) -> None:
    own = f"cluster:{saxony.public_id}"
    for is_published, seen in ((False, []), (True, ["Elbe Valley Cluster: Figures"])):
        saxony.is_published = is_published
        save_cluster(saxony, by=clara, at=now)
        assert found("Mitgliedsunternehmen") == seen
        assert found("Mitgliedsunternehmen", "public", own) == ["Elbe Valley Cluster: Figures"]


def test_figures_of_an_event_are_found_by_those_who_know_of_it(smec: Event, now: datetime) -> None:
    claim = Claim(event=smec, measure="participants", value=2000, scope=Text.of("en", en="engineers"),
                  source="S", status="expected", as_of=date(2018, 11, 1))  # fmt: skip
    enter_claim(claim, by=None, at=now)
    assert found("engineers") == []
    assert found("engineers", f"event:{smec.public_id}") == ["Event smec-2018: Figures"]


def test_an_index_built_anew_is_the_same(claim: Claim) -> None:
    before = found("Mitgliedsunternehmen")
    assert rebuild("figure") == 1
    assert found("Mitgliedsunternehmen") == before
