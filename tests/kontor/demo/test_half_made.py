"""A demonstration that was killed while it was being built goes on at its next start, and makes nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from kontor.demo import services
from kontor.directory.models import Person
from kontor.events.models import Event, Interpreter, Participation
from kontor.jobs.context import JobContext
from kontor.matching.models import Recommendation
from kontor.meetings.models import MeetingRequest
from kontor.search.models import SearchRow


class Killed(BaseException):
    """The process ends here."""


class Listener:
    """Takes the place of the job; is killed when a step begins, if one is named."""

    def __init__(self, killed_at: str = "") -> None:
        self.killed_at = killed_at
        self.stages: list[str] = []

    def progress(self, **facts: object) -> None:
        if "stage" in facts:
            if facts["stage"] == self.killed_at:
                raise Killed
            self.stages.append(str(facts["stage"]))

    @contextmanager
    def finishing(self, **facts: object) -> Iterator[None]:
        self.progress(**facts)
        yield


def build(listener: Listener) -> None:
    services.build(seed=1, scale=0.03, is_planned=False, context=cast("JobContext", listener))


def counts() -> dict[str, int]:
    return {
        "events": Event.objects.count(),
        "participants": Participation.objects.count(),
        "people": Person.objects.count(),
        "matches": Recommendation.objects.count(),
        "requests": MeetingRequest.objects.count(),
    }


def test_a_demonstration_goes_on_where_it_was_killed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_rows: object, **_options: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:  # while people are being written: the last of their tables
        patched.setattr(Interpreter._default_manager, "bulk_create", killed)
        with pytest.raises(Killed):
            build(Listener())
    assert counts() == {"events": 1, "participants": 0, "people": 0, "matches": 0, "requests": 0}
    for stage, done in (("matches", "participants"), ("requests", "matches")):
        with pytest.raises(Killed):
            build(Listener(killed_at=stage))
        assert counts()[done] > 0
    people = counts()["people"]
    last = Listener()
    build(last)
    assert last.stages == ["people", "requests", "plan"]
    complete = counts()
    assert (complete["events"], complete["participants"], complete["people"]) == (1, 60, people)
    assert complete["requests"] > 0
    assert {"article", "organisation", "profile"} <= set(SearchRow.objects.values_list("kind", flat=True))
    build(Listener())
    assert counts() == complete
