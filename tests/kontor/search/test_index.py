"""The index follows every change in the same transaction, and what nobody may find has no row."""

from datetime import datetime

import pytest
from django.db import transaction

from kontor.directory.models import Organisation
from kontor.directory.services.organisations import add_organisation
from kontor.events.models import Event, Participation
from kontor.i18n import Text
from kontor.search import services
from kontor.search.models import SearchRow
from kontor.search.queries import Filters, Hit, Reason, Through, search, suggest
from kontor.search.registry import PUBLIC, kinds

from .conftest import Network

ANYBODY = (PUBLIC,)


def hits(query: str, **filters: str) -> list[Hit]:
    return list(search(query, audiences=ANYBODY, language="de", filters=Filters(**filters)).hits)


def test_a_change_and_its_rows_are_one_transaction(now: datetime, db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 -- the row must be found inside
        add_organisation(
            Organisation(name=Text.of("de", de="Flüchtige GmbH"), state="published"), by=None, at=now
        )
        assert [str(hit.title) for hit in hits("Flüchtige")] == ["Flüchtige GmbH"]
        raise RuntimeError
    assert hits("Flüchtige") == []
    assert not SearchRow.objects.exists()


def test_a_row_per_language_and_audience(network: Network) -> None:
    university = network.organisations["university"]
    rows = SearchRow.objects.filter(key=university.public_id).order_by("language")
    assert list(rows.values_list("language", "audience")) == [
        ("de", "public"),
        ("en", "public"),
        ("zh", "public"),
    ]
    assert set(
        SearchRow.objects.filter(key=network.organisations["hidden"].public_id).values_list(
            "audience", flat=True
        )
    ) == {
        "operators",
        f"organisation:{network.organisations['hidden'].public_id}",
    }
    assert not SearchRow.objects.filter(key=network.people["shy"].public_id).exists()


def test_rebuilding_forgets_what_is_gone_and_changes_nothing_else(network: Network) -> None:
    before = set(SearchRow.objects.values_list("kind", "key", "language", "audience", "tokens"))
    gone = network.organisations["laser"].public_id
    Organisation.objects.filter(public_id=gone).delete()
    for kind in kinds():
        services.rebuild(kind)
    after = set(SearchRow.objects.values_list("kind", "key", "language", "audience", "tokens"))
    lost = {row[:2] for row in before - after}
    assert after - before == set()
    assert lost == {("organisation", gone), ("site", network.site.public_id)}


def test_nobody_finds_what_is_hidden_from_them(network: Network) -> None:
    hidden = network.organisations["hidden"].public_id

    def finders(*audiences: str) -> bool:
        return hidden in [
            hit.key for hit in search("Verborgene Halbleiter", audiences=audiences, language="de").hits
        ]

    assert not finders(PUBLIC, "signed-in", "organisation:other")
    assert finders(PUBLIC, f"organisation:{hidden}")
    operator = search("Verborgene Halbleiter", audiences=None, language="de").hits
    assert hidden in [hit.key for hit in operator]
    assert hits("Vera Verborgen", kind="person") == []


def test_each_result_says_why_it_was_found(network: Network) -> None:
    def reasons(query: str) -> tuple[Reason, ...]:
        return hits(query)[0].reasons

    assert reasons("power electronics") == (
        Reason(words="power electronics", through=Through.CONCEPT, concept="power-electronics"),
    )
    assert reasons("Jinan Innovation Zone")[0] == Reason(
        words="", through=Through.OTHER_NAME, name="Jinan Innovation Zone"
    )
    assert reasons("Möbius") == (Reason(words="möbius", through=Through.NAME),)
    assert reasons("Catania") == (Reason(words="catania", through=Through.PLACE),)


def test_filters_leave_what_they_name(network: Network) -> None:
    def names(**filters: str) -> set[str]:
        return {network.names[hit.key] for hit in hits("Jinan", **filters)}

    assert names(kind="organisation", country="CN", category="zone") == {"zone"}
    assert names(country="DE") == {"office"}
    assert "quanxin" in names(topic="microelectronics")
    assert names(topic="food-agriculture") == set()


def test_found_says_by_what_one_may_limit_it(network: Network) -> None:
    found = search("Jinan", audiences=ANYBODY, language="de")
    assert found.kinds[0] == "organisation"
    assert set(found.countries) == {"CN", "DE"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Leistungsel", "elbtal"),
        ("Univers", "university"),
        ("unive elbt", "university"),
        ("quanx", "quanxin"),
        ("jinanquanx", "quanxin"),
        ("泉", "quanxin"),
        ("ouy", "ouyang"),
        ("Müll", "mueller"),
        ("Muell", "mueller"),
        ("Industrierob", "robots"),
        ("机器人", "robots"),
        ("Catan", "sicily"),
    ],
)
def test_results_while_one_types(network: Network, typed: str, expected: str) -> None:
    found = suggest(typed, audiences=ANYBODY, language="de").hits
    assert expected in [network.names[hit.key] for hit in found[:3]]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "'",
        '"',
        "\\",
        "* OR 1",
        "a' | 'b",
        "NEAR(a b)",
        "()",
        "😀",
        "%%",
        "x" * 5000,
        "-",
        "&!",
        "\x00",
    ],
)
def test_any_text_is_a_query(network: Network, query: str) -> None:
    found = search(query, audiences=ANYBODY, language="de")
    typed = suggest(query, audiences=ANYBODY, language="zh-hans")
    assert len(found.hits) <= 20
    assert len(typed.hits) <= 8


def test_pages_follow_each_other_without_gap_or_repeat(network: Network) -> None:
    whole = [hit.key for hit in search("GmbH", audiences=ANYBODY, language="de", size=20).hits]
    first = search("GmbH", audiences=ANYBODY, language="de", size=2)
    second = search("GmbH", audiences=ANYBODY, language="de", size=2, skip=2)
    assert (first.has_more, [hit.key for hit in (*first.hits, *second.hits)]) == (True, whole[:4])


def test_where_no_document_has_all_words_those_with_some_are_shown_as_such(network: Network) -> None:
    found = search("Möbius Roboterschmiede Helsinki", audiences=ANYBODY, language="de")
    assert found.is_partial
    assert network.names[found.hits[0].key] == "cleanroom"


def test_a_profile_is_found_by_its_organisation_and_what_it_offers(
    smec: Event, anna: Participation, wentao: Participation
) -> None:
    services.index("profile", anna.public_id, wentao.public_id)
    attending = (PUBLIC, f"event:{smec.public_id}")

    def keys(query: str) -> list[str]:
        return [hit.key for hit in search(query, audiences=attending, language="de").hits]

    assert keys("clean room technology")[0] == anna.public_id
    assert keys("泉芯") == keys("Lü Wentao") == [wentao.public_id]
    wentao.state = Participation.State.CANCELLED
    wentao.save()
    services.index("profile", wentao.public_id)
    assert keys("泉芯") == []
