"""The curve of a repair: what further changes buy, drawn in the background; a point of it becomes the draft."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Participation
from kontor.jobs.runner import run_waiting_jobs
from kontor.meetings.models import CurvePoint, Meeting, PlanRun, Publication
from kontor.meetings.planner import violations_of
from kontor.meetings.services import advice, plan
from kontor.meetings.services.incidents import report_incident
from kontor.meetings.services.publication import publish_plan


@pytest.fixture
def repaired(
    smec: Event,
    anna: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> PlanRun:
    """Anna comes one slot later than planned; the published plan was repaired."""
    publish_plan(searched(smec, by=mara, at=now), after_number=0, by=mara, at=now)
    first = smec.slots.order_by("position").filter(seats__people__participation=anna)[0]
    report_incident(smec, anna, first=first, last=first, by=mara, at=now)
    run = plan.start_run(smec, seconds=10, is_repair=True, by=mara, at=now)
    run_waiting_jobs()
    run.refresh_from_db()
    return run


def path_of(run: PlanRun) -> str:
    return f"/en/events/smec-2018/plan/{run.number}/curve/"


def test_a_repair_draws_its_curve_of_checked_plans_on_which_gaps_never_rise(repaired: PlanRun) -> None:
    points = list(CurvePoint.objects.filter(run=repaired))
    assert [point.position for point in points] == list(range(len(points)))
    assert points
    gaps, changes = [point.gaps for point in points], [point.changes for point in points]
    assert (gaps, changes) == (sorted(gaps, reverse=True), sorted(changes))
    assert changes[0] == repaired.plan["measures"]["changes"]
    assert [violations_of(repaired.instance, point.places) for point in points] == [[] for _ in points]


def test_the_page_shows_every_point_and_what_the_curve_says(
    repaired: PlanRun, mara: User, browse: Callable[..., Client]
) -> None:
    CurvePoint.objects.filter(run=repaired).delete()
    CurvePoint.objects.create(run=repaired, position=0, placed=2, gaps=5, max_gaps=2, changes=1)
    CurvePoint.objects.create(run=repaired, position=1, placed=2, gaps=2, max_gaps=1, changes=4)
    client = browse(mara)
    page = client.get(path_of(repaired)).content.decode()
    assert page.count("Make this the draft") == 2
    assert "Moving 3 more meetings lowers the number of gaps by 3." in page
    assert '<polyline class="line line-1"' in page
    assert 'text-anchor="middle">Changed meetings</text>' in page
    CurvePoint.objects.filter(position=1).update(gaps=5, changes=1)
    page = client.get(path_of(repaired)).content.decode()
    assert "Moving more meetings does not lead to fewer gaps." in page
    assert "<polyline" not in page


def test_a_chosen_point_becomes_a_draft_that_can_be_published(
    repaired: PlanRun, smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    point = CurvePoint.objects.filter(run=repaired).latest("position")
    answer = browse(mara).post(path_of(repaired), {"point": f"{point.position}"})
    assert answer["Location"] == "/en/events/smec-2018/plan/"
    run_waiting_jobs()
    taken = smec.plan_runs.latest("number")
    assert (taken.number, taken.state, taken.continues) == (repaired.number + 1, "finished", repaired)
    assert taken.plan["meetings"] == point.places
    assert taken.plan["measures"]["gaps"] == point.gaps
    if point.changes:
        publish_plan(taken, after_number=1, by=mara, at=now)
        assert Publication.objects.latest("number").run == taken


def test_only_a_point_of_the_curve_can_be_taken_and_only_while_no_other_run_is_at_work(
    repaired: PlanRun, smec: Event, mara: User, now: datetime
) -> None:
    with pytest.raises(advice.NoSuchPoint):
        advice.take_point(repaired, 99, by=mara, at=now)
    plan.start_run(smec, seconds=1, by=mara, at=now)
    with pytest.raises(plan.RunInProgress):
        advice.take_point(repaired, 0, by=mara, at=now)
    assert smec.plan_runs.count() == 3


def test_a_curve_drawn_again_replaces_the_old_one(
    repaired: PlanRun, mara: User, browse: Callable[..., Client]
) -> None:
    before = list(CurvePoint.objects.values_list("position", flat=True))
    CurvePoint.objects.filter(position=0).delete()
    client = browse(mara)
    for _ in range(2):
        client.post(path_of(repaired))
    run_waiting_jobs()
    assert list(CurvePoint.objects.values_list("position", flat=True)) == before


def test_points_that_say_the_same_stand_once(repaired: PlanRun, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = [(1, 5), (1, 5), (4, 2), (6, 2), (6, 2)]
    found = [
        {"placed": 2, "gaps": gaps, "max_gaps": 1, "changes": changes, "places": {}}
        for changes, gaps in figures
    ]
    monkeypatch.setattr(advice, "draw_curve", lambda instance, *, seconds, seed: found)
    advice.ask_for_curve(repaired)
    run_waiting_jobs()
    kept = CurvePoint.objects.filter(run=repaired).values_list("position", "changes", "gaps")
    assert list(kept) == [(0, 1, 5), (1, 4, 2), (2, 6, 2)]


def test_a_draft_that_is_no_repair_has_no_curve(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
    browse: Callable[..., Client],
) -> None:
    run = searched(smec, by=mara, at=now)
    assert browse(mara).get(path_of(run)).status_code == 404
    assert not CurvePoint.objects.exists()
