"""Pages of figures: who sees and enters what, and what bad input gets."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Cluster
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim
from kontor.i18n import Text

GOOD = {
    "measure": "members",
    "qualifier": "about",
    "value": "340",
    "unit": "count",
    "scope_de": "Mitgliedsunternehmen",
    "as_of": "2018-11-06",
    "as_of_precision": "day",
    "status": "self_reported",
    "source": "Press release",
}


@pytest.fixture
def claim(saxony: Cluster, now: datetime) -> Claim:
    return enter_claim(
        Claim(
            cluster=saxony,
            measure="members",
            value=320,
            scope=Text.of("de", de="Mitglieder"),
            status="self_reported",
            source="Minutes",
            as_of=date(2017, 3, 29),
            quotation=Text.of("de", de="320 <b>Mitglieder</b>"),
        ),
        by=None,
        at=now,
    )


def new(cluster: Cluster) -> str:
    return f"/de/figures/cluster/{cluster.public_id}/new/"


def test_staff_enters_a_claim_beside_the_earlier_one(
    claim: Claim, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    answer = browse(clara).post(new(saxony), GOOD)
    assert answer.status_code == 302
    assert sorted(Claim.objects.values_list("value", flat=True)) == [320, 340]
    assert Claim.objects.get(value=340).entered_by == clara


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"as_of": ""}, "as_of", "Wann galt das?"),
        ({"is_undated": "on"}, "is_undated", "Oben steht ein Tag"),
        ({"value_to": "300"}, "value_to", "größer"),
        ({"unit": "EUR"}, "unit", "kein Geldbetrag"),
        ({"measure": "revenue"}, "unit", "Währung"),
        ({"value": "many"}, "value", "Zahl"),
        ({"source": ""}, "source", "fehlt noch"),
    ],
)
def test_bad_input_says_what_is_wrong_and_enters_nothing(
    changed: dict[str, str],
    field: str,
    says: str,
    saxony: Cluster,
    clara: User,
    browse: Callable[..., Client],
) -> None:
    answer = browse(clara).post(new(saxony), GOOD | changed)
    assert says in str(answer.context["form"].errors[field])
    assert not Claim.objects.exists()


def test_a_number_with_the_wrong_unit_is_kept_and_marked(
    saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    money = GOOD | {"measure": "revenue", "unit": "EUR"}
    browse(clara).post(new(saxony), money | {"value": "4500000000"})
    undated = money | {"value": "4000000", "as_of": "", "is_undated": "on"}
    answer = browse(clara).post(new(saxony), undated, follow=True)
    assert Claim.objects.get(as_of=None).value == 4_000_000
    assert "Stimmt die Einheit?" in answer.content.decode()


def test_withdrawing_needs_a_reason_and_keeps_the_claim(
    claim: Claim, clara: User, browse: Callable[..., Client]
) -> None:
    client, address = browse(clara), f"/en/figures/claims/{claim.public_id}/withdraw/"
    assert client.post(address, {}).status_code == 422
    client.post(address, {"reason_en": "Counted twice"})
    claim.refresh_from_db()
    assert str(claim.withdrawal_reason.for_reader("en")) == "Counted twice"
    again = client.post(address, {"reason_en": "Once more"}, follow=True)
    assert "withdrawn already" in again.content.decode()
    assert str(Claim.objects.get().withdrawal_reason.for_reader("en")) == "Counted twice"


def test_an_earlier_claim_to_replace_is_named_in_words(
    claim: Claim, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    page = browse(clara).get(new(saxony)).content.decode()
    assert f'<option value="{claim.pk}">320 Mitglieder, Stand 29. März 2017</option>' in page.replace(
        "\u00a0", " "
    )


def test_the_course_says_what_is_the_clusters_own_figure_and_what_others_say(
    claim: Claim, saxony: Cluster, now: datetime, browse: Callable[..., Client]
) -> None:
    for value, year, status in [(355, 2020, "self_reported"), (490, 2024, "media")]:
        enter_claim(
            Claim(cluster=saxony, measure="members", value=value, status=status, source="S",
                  scope=Text.of("en", en="members"), as_of=date(year, 1, 1)),
            by=None, at=now,
        )  # fmt: skip
    answer = browse().get(f"/en/figures/cluster/{saxony.public_id}/?on=2026-01-01")
    [card] = answer.context["cards"]
    assert card.chart.title == "From 320 (2017) to 355 (2020); others say 490 (2024)"
    assert [(line.name, line.last_text) for line in card.chart.lines] == [("own", "355"), ("others", "490")]
    assert card.figure.best.value == 355


def test_quoted_words_are_shown_as_words(claim: Claim, browse: Callable[..., Client]) -> None:
    page = browse().get(f"/en/figures/claims/{claim.public_id}/").content.decode()
    assert "320 &lt;b&gt;Mitglieder" in page


def test_claims_about_an_unannounced_event_are_hidden_from_strangers(
    smec: Event, mara: User, stranger: User, now: datetime, browse: Callable[..., Client]
) -> None:
    claim = enter_claim(
        Claim(event=smec, measure="participants", value=2000, scope=Text.of("en", en="participants"),
              status="expected", source="Invitation"),
        by=None, at=now,
    )  # fmt: skip
    address = f"/en/figures/claims/{claim.public_id}/"
    assert browse(mara).get(address).status_code == 200
    assert browse(stranger).get(address).status_code == 404
    assert "2,000" not in browse(stranger).get("/en/figures/").content.decode()


def test_the_figures_of_another_day_are_those_known_then(
    claim: Claim, saxony: Cluster, clara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    for value, day in ((321, date(2015, 11, 24)), (355, date(2020, 11, 24))):
        later = Claim(cluster=saxony, measure="members", value=value, scope=claim.scope, status="self_reported",
                      source="Minutes", as_of=day)  # fmt: skip
        enter_claim(later, by=None, at=now)
    path = f"/en/figures/cluster/{saxony.public_id}/"
    seen = {
        query: [
            (card.figure.best.value, page.context["num_later"], str(page.context["last_day"]))
            for page in [browse().get(path + query)]
            for card in page.context["cards"]
        ]
        for query in ("", "?on=2016-01-01", "?on=2020-11-24", "?on=1990-01-01", "?on=tomorrow")
    }
    assert seen == {
        "": [(320, 1, "2020-11-24")],
        "?on=2016-01-01": [(321, 2, "2020-11-24")],
        "?on=2020-11-24": [(355, 0, "2020-11-24")],
        "?on=1990-01-01": [],
        "?on=tomorrow": [(320, 1, "2020-11-24")],
    }


def test_the_words_for_print_are_ready_in_three_languages(
    claim: Claim, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    Claim.objects.update(scope=Text.of("de", de="Mitglieder", en="members", zh="家会员单位"))
    page = browse().get(f"/en/figures/cluster/{saxony.public_id}/").content.decode()
    for words in (
        '<li><span lang="de">320 Mitglieder, Stand 29. März 2017</span></li>',
        '<li><span lang="en">320 members, as of 29 March 2017</span></li>',
        '<li><span lang="zh-Hans">320家会员单位（截至2017年3月29日）</span></li>',
    ):
        assert words in page
