"""Lists of partners follow edited profiles: as everybody's would be, for the price of what changed."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.events.models import Event, Participation
from kontor.i18n import Text
from kontor.jobs import services as jobs
from kontor.jobs.context import JobContext
from kontor.matching import planner
from kontor.matching.models import Recommendation
from kontor.matching.services import match_now, refresh_matches
from kontor_engines.matching import Lexicon, Profile, _index
from kontor_engines.matching._units import Sides, sides_of
from tests.kontor.conftest import a_participation, a_person


@pytest.fixture(autouse=True)
def _a_new_process() -> Iterator[None]:
    planner._last_prepared.clear()
    yield
    planner._last_prepared.clear()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Whose texts are analysed, in order."""
    found: list[int] = []

    def noted(profile: Profile, lexicon: Lexicon) -> Sides:
        found.append(int(profile.id))
        return sides_of(profile, lexicon)

    monkeypatch.setattr(_index, "sides_of", noted)
    return found


def refresh(event: Event, *changed: Participation) -> int:
    """Do the job; returns how many statements it took."""
    jobs.enqueue("matching.refresh", arguments={"key": sum(one.pk for one in changed)})
    job = jobs.claim("a worker", names=["matching.refresh"])
    assert job is not None
    context = JobContext(job)
    with CaptureQueriesContext(connection) as captured:
        refresh_matches(event, [one.public_id for one in changed], context=context)
    return len(captured)


def pairs() -> set[tuple[int, int]]:
    return set(Recommendation.objects.values_list("participation_id", "partner_id"))


def both_ways(one: Participation, other: Participation) -> set[tuple[int, int]]:
    return {(one.pk, other.pk), (other.pk, one.pk)}


def change(one: Participation, *, offers: str, seeks: str) -> None:
    one.offers, one.seeks = Text.of("en", en=offers), Text.of("en", en=seeks)
    one.save()


def test_only_the_texts_of_changed_profiles_are_read_again(
    smec: Event, anna: Participation, wentao: Participation, aino: Participation, read: list[int]
) -> None:
    match_now(smec)
    assert sorted(read) == sorted([anna.pk, wentao.pk, aino.pk])
    read.clear()
    change(aino, offers="Power semiconductors", seeks="Cleanroom technology")
    refresh(smec, aino)
    assert read == [aino.pk]
    assert both_ways(anna, aino) <= pairs()


def test_a_process_that_knows_nothing_yet_finds_the_same(
    smec: Event, anna: Participation, wentao: Participation, aino: Participation
) -> None:
    match_now(smec)
    change(aino, offers="Power semiconductors", seeks="Cleanroom technology")
    columns = ("participation_id", "partner_id", "rank", "score", "forward", "backward", "reasons")
    refresh(smec, aino)
    known = list(Recommendation.objects.values(*columns).order_by(*columns[:2]))
    planner._last_prepared.clear()
    refresh(smec, aino)
    assert list(Recommendation.objects.values(*columns).order_by(*columns[:2])) == known


def test_two_who_change_at_once_stay_in_each_others_lists(
    smec: Event, anna: Participation, wentao: Participation
) -> None:
    refresh(smec, anna, wentao)
    assert pairs() == both_ways(anna, wentao)


def test_who_no_longer_comes_or_says_nothing_leaves_all_lists(
    smec: Event, anna: Participation, wentao: Participation
) -> None:
    match_now(smec)
    assert both_ways(anna, wentao) <= pairs()
    wentao.offers = wentao.seeks = Text()
    wentao.save()
    refresh(smec, wentao)
    assert pairs() == set()


def test_statements_grow_neither_with_the_participants_nor_with_the_changed_profiles(
    smec: Event, anna: Participation, wentao: Participation
) -> None:
    alone = refresh(smec, anna)
    more = [
        a_participation(
            smec,
            a_person("More", f"No {number}", speaks="en C1"),
            anna.organisation,
            offers=Text.of("en", en="Cleanroom filters"),
            seeks=Text.of("en", en="Power semiconductors"),
        )
        for number in range(10)
    ]
    assert refresh(smec, more[0]) == alone == 9
    assert refresh(smec, *more) == alone


def test_no_more_than_a_few_events_are_kept_ready(
    smec: Event, anna: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "KEPT", 1)
    planner.propose_all(-1, [])
    planner.propose_all(smec.pk, [anna])
    assert list(planner._last_prepared) == [smec.pk]
