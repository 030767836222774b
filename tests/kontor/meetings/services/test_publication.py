"""Comparing a draft with what people know, and publishing it once."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from kontor.accounts.models import User
from kontor.audit.models import Disclosure
from kontor.directory.models import Person
from kontor.events.models import Event, Interpreter
from kontor.meetings.models import Meeting, PlanRun, Publication, Seat
from kontor.meetings.queries.changes import Difference, compare_with_published
from kontor.meetings.services import plan
from kontor.meetings.services import publication as publishing

COMPARE = "/en/events/smec-2018/plan/1/compare/"
PUBLISH = "/en/events/smec-2018/plan/1/publish/"


@pytest.fixture
def run(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> PlanRun:
    """A draft of both meetings, not published."""
    return searched(smec, by=mara, at=now)


def test_everything_is_new_before_the_first_publication(run: PlanRun) -> None:
    # Anna, Wentao, Aino and the interpreter Lin
    expected = Difference(new=2, moved=0, removed=0, replaced=0, num_people=4)
    assert compare_with_published(run) == expected


def test_a_published_draft_changes_nothing_and_offers_no_publication(
    run: PlanRun, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    before = client.get(COMPARE).content.decode()
    assert "Publish draft 1" in before
    assert "2 meetings are new." in before
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert compare_with_published(run).is_empty
    page = client.get(COMPARE).content.decode()
    assert "There is nothing to publish." in page
    assert PUBLISH not in page
    with pytest.raises(publishing.NothingChanged):
        publishing.publish_plan(run, after_number=1, by=mara, at=now)
    assert Publication.objects.count() == 1


def test_another_interpreter_alone_is_told_to_interpreters_only(
    run: PlanRun, smec: Event, mara: User, lin: Interpreter, now: datetime
) -> None:
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    other = Interpreter.objects.create(
        event=smec, person=Person.objects.create(family="Other", sort_key="other"), pairs=["de-zh"]
    )
    Seat.objects.filter(interpreter=lin).update(interpreter=other)
    expected = Difference(new=0, moved=0, removed=0, replaced=1, num_people=2)
    assert compare_with_published(run) == expected


def test_a_meeting_taken_out_is_removed_for_its_people(
    run: PlanRun, two_meetings: tuple[Meeting, Meeting], mara: User, now: datetime
) -> None:
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    again = plan.move_meeting(run, two_meetings[1].public_id, place=None, num_edits=0, by=mara, at=now)
    expected = Difference(new=0, moved=0, removed=1, replaced=0, num_people=2)
    assert compare_with_published(again) == expected


def test_the_board_and_the_list_of_drafts_say_the_same_of_a_draft(
    run: PlanRun,
    two_meetings: tuple[Meeting, Meeting],
    mara: User,
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    client = browse(mara)

    def said() -> tuple[str, str]:
        page = client.get("/en/events/smec-2018/plan/").content.decode()
        lead = re.search(r'<p class="lead">.*possible|than \d+\.\s*(.*?)</p>', page)
        listed = re.search(r"Draft 1</a> <span class=\"note\">(.*?)</span>", page, re.DOTALL)
        assert lead is not None
        assert listed is not None
        return re.split(r"(?<=\.)\s", lead[1])[-1], listed[1].rpartition(" · ")[2].strip()

    assert said()[0] == "Nothing is published yet."
    # changed by hand before it was published: what is published holds that change
    plan.move_meeting(run, two_meetings[1].public_id, place=None, num_edits=0, by=mara, at=now)
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert said() == ("It is the published plan.", "published")
    plan.move_meeting(run, two_meetings[0].public_id, place=None, num_edits=1, by=mara, at=now)
    assert said() == ("It was published and has been changed since.", "published, changed since")


def test_the_back_button_after_publishing_publishes_nothing_more(
    run: PlanRun, mara: User, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    first = client.post(PUBLISH, {"after_number": "0"})
    assert first.headers["Location"] == "/en/events/smec-2018/plan/mails/1/"
    again = client.post(PUBLISH, {"after_number": "0"})
    assert again.headers["Location"] == COMPARE
    said = [str(message) for message in get_messages(again.wsgi_request)]
    assert said[-1:] == [
        "Another plan was published in the meantime. Compare your draft with it before you publish."
    ]
    assert (Publication.objects.count(), Seat.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_who_publish_at_once_one_is_told_to_compare(
    at_once: Callable[..., list[object]],
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    results = at_once(
        lambda: publishing.publish_plan(
            PlanRun.objects.get(pk=run.pk), after_number=0, by=User.objects.get(pk=mara.pk), at=now
        ),
        times=2,
    )
    assert sorted(type(one).__name__ for one in results) == ["AlreadyPublished", "Publication"]
    assert (Publication.objects.count(), Seat.objects.count()) == (1, 2)


@pytest.mark.parametrize("paper", ["schedules", "interpreters", "tents", "spreadsheet"])
def test_papers_wait_for_the_first_publication(
    paper: str, run: PlanRun, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    address = f"/en/events/smec-2018/plan/papers/{paper}/"
    page = client.get(address, follow=True).content.decode()
    assert "no plan is published yet" in page
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert client.get(address).headers["Content-Disposition"].startswith("attachment")


def test_the_spreadsheet_is_made_also_where_the_draft_is_gone(
    run: PlanRun, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    run.draft_meetings.all().delete()
    PlanRun.objects.filter(pk=run.pk).update(plan={}, quality={})
    answer = browse(mara).get("/en/events/smec-2018/plan/papers/spreadsheet/")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_who_sends_the_mails_hands_out_the_names_of_those_who_meet(
    run: PlanRun, mara: User, now: datetime
) -> None:
    publication = publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert publishing.send_mails(publication, by=mara, at=now) == 3
    assert publishing.send_mails(publication, by=mara, at=now) == 0
    disclosure = Disclosure.objects.get()
    assert (disclosure.how, disclosure.num_people, disclosure.viewer_id) == ("mailed", 3, mara.pk)
