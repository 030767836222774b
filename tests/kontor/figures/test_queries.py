"""Which claim leads, which contradict it, and what looks wrong."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kontor.accounts.models import User
from kontor.directory.models import Cluster
from kontor.figures.models import Claim
from kontor.figures.queries import Figure, figures
from kontor.figures.services import enter_claim, withdraw_claim
from kontor.i18n import Text

AT = datetime(2026, 11, 22, tzinfo=UTC)
LATER = date(2026, 12, 1)


@pytest.fixture
def say(saxony: Cluster) -> Callable[..., Claim]:
    """Enters a claim about the members of the cluster."""

    def enter(value: int, as_of: str = "", *, status: str = "self_reported", **fields: object) -> Claim:
        values = {
            "measure": "members", "scope": Text.of("en", en="members"), "source": "S", "status": status,
            "value": Decimal(value), "as_of": date.fromisoformat(as_of) if as_of else None,
        }  # fmt: skip
        return enter_claim(Claim(cluster=saxony, **(values | fields)), by=None, at=AT)

    return enter


def only(cluster: Cluster, *, on: date = LATER) -> Figure:
    [figure] = figures(Claim.objects.about(cluster), on=on)
    return figure


def test_the_latest_dated_claim_of_the_cluster_itself_leads(
    say: Callable[..., Claim], saxony: Cluster
) -> None:
    say(321, "2015-11-24")
    say(320, "2017-03-29")
    latest = say(340, "2018-11-06")
    say(350, "2019-01-01", status="media")
    assert only(saxony).best == latest


def test_the_figure_of_a_day_knows_nothing_of_later_ones(say: Callable[..., Claim], saxony: Cluster) -> None:
    say(320, "2017-03-29")
    say(340, "2018-11-06")
    say(355, "2020-11-24")
    assert only(saxony, on=date(2018, 12, 31)).best.value == 340


def test_an_older_undated_claim_contradicts_and_stands_beside(
    say: Callable[..., Claim], saxony: Cluster
) -> None:
    undated = say(280, published_on=date(2012, 1, 1))
    say(321, "2015-11-24")
    say(340, "2018-11-06")
    assert list(only(saxony, on=date(2018, 11, 30)).differing) == [undated]


def test_two_claims_of_one_day_both_stand(say: Callable[..., Claim], saxony: Cluster) -> None:
    first = say(340, "2018-11-06")
    second = say(338, "2018-11-06")
    figure = only(saxony)
    assert (figure.best, list(figure.differing)) == (second, [first])


def test_a_day_with_two_claims_is_one_point_of_the_course(say: Callable[..., Claim], saxony: Cluster) -> None:
    say(321, "2015-11-24")
    say(340, "2018-11-06")
    say(338, "2018-11-06")
    assert [one.value for one in only(saxony).series] == [321, 338]


def test_the_course_ends_with_the_figure_that_leads_and_what_others_report_is_a_course_of_its_own(
    say: Callable[..., Claim], saxony: Cluster
) -> None:
    say(340, "2018-11-06")
    say(350, "2019-01-01", status="media")
    latest = say(355, "2020-11-24")
    say(490, "2024-01-01", status="media")
    figure = only(saxony)
    assert figure.best == figure.series[-1] == latest
    assert [one.value for one in figure.series] == [340, 355]
    assert [one.value for one in figure.reported] == [350, 490]


def test_where_only_others_report_their_course_is_the_course(
    say: Callable[..., Claim], saxony: Cluster
) -> None:
    say(350, "2019-01-01", status="media")
    say(490, "2024-01-01", status="media")
    assert [one.value for one in only(saxony).series] == [350, 490]
    assert only(saxony).reported == []


def test_the_same_number_again_says_that_nobody_counted(say: Callable[..., Claim], saxony: Cluster) -> None:
    old = say(340)
    say(340, "2018-11-06")
    assert only(saxony).unchanged_since == old


def test_a_thousandth_is_marked_and_does_not_lead(say: Callable[..., Claim], saxony: Cluster) -> None:
    euros = {"measure": "revenue", "unit": "EUR"}
    say(4_500_000_000, "2018-11-06", **euros)
    wrong = say(4_000_000, **euros)
    figure = only(saxony)
    assert figure.doubtful == {wrong.pk}
    assert figure.best.value == 4_500_000_000
    assert wrong in figure.claims


def test_what_is_withdrawn_stays_on_record_but_never_leads(
    say: Callable[..., Claim], saxony: Cluster, operator: User
) -> None:
    standing = say(320, "2017-03-29")
    gone = say(340, "2018-11-06")
    withdraw_claim(gone, reason=Text.of("en", en="Typing error"), by=operator, at=AT)
    figure = only(saxony)
    assert figure.best == standing
    assert gone in figure.claims


def test_what_its_source_replaced_contradicts_nobody(say: Callable[..., Claim], saxony: Cluster) -> None:
    old = say(280)
    say(340, "2018-11-06", supersedes=old)
    assert list(only(saxony).differing) == []


def test_a_plan_for_the_future_is_no_figure_yet(say: Callable[..., Claim], saxony: Cluster) -> None:
    now = say(1800, "2018-10-01", status="media")
    say(2000, "2018-11-01", status="expected", published_on=date(2018, 10, 1))
    assert only(saxony, on=date(2018, 10, 15)).best == now


def test_a_measure_without_a_standing_claim_is_no_figure(
    say: Callable[..., Claim], saxony: Cluster, operator: User
) -> None:
    withdraw_claim(say(1, "2018-01-01"), reason=Text.of("en", en="Wrong"), by=operator, at=AT)
    assert figures(Claim.objects.about(saxony), on=LATER) == []


@pytest.mark.parametrize(
    ("qualifier", "value", "differs"),
    [
        # "more than 300" is true of 340, "more than 400" is not
        ("more_than", 300, False),
        ("more_than", 400, True),
        ("at_least", 340, False),
        ("up_to", 400, False),
        ("up_to", 300, True),
        ("about", 300, True),
    ],
)
def test_a_bound_that_holds_contradicts_nobody(
    qualifier: str, value: int, differs: bool, say: Callable[..., Claim], saxony: Cluster
) -> None:
    say(340, "2018-11-06")
    bound = say(value, qualifier=qualifier)
    assert list(only(saxony).differing) == ([bound] if differs else [])
