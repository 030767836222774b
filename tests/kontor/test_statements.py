"""What a page costs: at most eight statements, and as many for three rows as for one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kontor.accounts.models import User
from kontor.directory.models import Person, PersonLanguage
from kontor.events.models import Event, Interpreter, ListImport, Participation
from kontor.jobs.models import Job
from kontor.matching.models import Recommendation
from kontor.meetings.models import MeetingRequest, PlanRun
from kontor.routes import Route, routes
from kontor.topics.models import LabelProposal

MOST = 8
PAPERS = "meetings:papers-"
"""files of a whole event, made for organisers a few times a day, are no pages"""


def pages() -> list[Route]:
    """What readers open."""
    return [
        route
        for route in routes()
        if ":" in route.name and "GET" in route.declaration.methods and not route.name.startswith(PAPERS)
    ]


def statements(client: Client, path: str) -> tuple[int, str]:
    """How many statements a page takes when its owner has been here before, and what they are."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    # the test clock is a row; the real one is none
    own = [one["sql"] for one in captured if "jobs_clockshift" not in one["sql"]]
    return len(own), "\n".join(sql[:160] for sql in own)


def more_rows(event: Event, anna: Participation, at: datetime) -> None:
    """Three more of everything that lists show."""
    hall = event.halls.get()
    for number in range(3):
        person = Person.objects.create(
            family=f"More {number}", sort_key=f"more {number}", candidate_key="more"
        )
        PersonLanguage.objects.create(person=person, code="en", level="C1")
        one = Participation.objects.create(
            event=event, person=person, organisation=anna.organisation, sort_key=person.sort_key
        )
        Recommendation.objects.create(participation=anna, partner=one, rank=3 + number, score=0.4)
        for sender, recipient, state in ((one, anna, "sent"), (anna, one, "declined")):
            MeetingRequest.objects.create(
                event=event, sender=sender, recipient=recipient, state=state, sent_at=at, expires_at=at
            )
        Interpreter.objects.create(event=event, person=person, pairs=["de-zh"])
        ListImport.objects.create(
            event=event, kind="participants", file_name=f"{number}.csv", state="discarded"
        )
        Job.objects.create(name="trial", run_after=at, created_at=at)
        PlanRun.objects.create(event=event, number=10 + number, state="failed", created_at=at)
        other = event.halls.create(name=hall.name, position=number + 1)
        other.tables.create(number=1, name="1")
        other.booths.create(name="1")
        LabelProposal.objects.create(
            concept_id="mems",
            language="de",
            label=str(number),
            label_key=str(number),
            proposed_by=anna.person.user,
            created_at=at,
        )


@pytest.mark.parametrize("role", ["anna", "lin", "mara", "operator"])
def test_a_page_takes_at_most_eight_statements_however_many_rows_it_shows(
    role: str,
    stage: Any,
    anna: Participation,
    now: datetime,
    request: pytest.FixtureRequest,
    browse: Callable[..., Client],
) -> None:
    one = request.getfixturevalue(role)
    user = one if isinstance(one, User) else one.person.user
    client = browse(user)
    few = {route.path: statements(client, stage.address(route)) for route in pages()}
    more_rows(stage.event, anna, now)
    many = {route.path: statements(client, stage.address(route)) for route in pages()}
    dear = {path: found for path, (found, _sql) in few.items() if found > MOST}
    growing = {path: (few[path][0], found) for path, (found, _sql) in many.items() if found > few[path][0]}
    assert (dear, growing) == ({}, {}), "\n\n".join(many[path][1] for path in {*dear, *growing})
