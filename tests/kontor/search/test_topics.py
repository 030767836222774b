"""Lists are limited to a topic by rows that follow every change, whether few or many documents name it."""

from datetime import datetime

import pytest

from kontor.accounts.models import User
from kontor.directory.models import Organisation
from kontor.directory.services.organisations import add_organisation, save_profile, set_state
from kontor.i18n import Text
from kontor.search import services, topics
from kontor.search.models import DocumentTopic
from kontor.search.topics import limit_to_topic


@pytest.fixture
def makers(now: datetime, db: None) -> list[Organisation]:
    """One that names power electronics, one a topic below it, one another topic, one none."""
    return [
        add_organisation(
            Organisation(name=Text.of("de", de=name), state="published", topics=named), by=None, at=now
        )
        for name, named in (
            ("A", ["power-electronics"]),
            ("B", ["sic-power-module"]),
            ("C", ["industrial-robot"]),
            ("D", []),
        )
    ]


def names(concept: str) -> list[str]:
    rows = limit_to_topic(Organisation.objects.listed(), kind="organisation", concept=concept)
    return [str(one.name) for one in rows.order_by("sort_key")]


@pytest.mark.parametrize("few", [0, 1, 2, 1_000])
def test_a_topic_brings_those_below_it_whether_few_name_it_or_many(
    few: int, makers: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "FEW", few)
    assert (names("power-electronics"), names("sic-power-module"), names("no-such-topic")) == (
        ["A", "B"],
        ["B"],
        [],
    )


def test_the_rows_follow_every_change(makers: list[Organisation], now: datetime) -> None:
    rita = User.objects.create_user("rita@example.org", None)
    makers[0].topics = ["industrial-robot"]
    save_profile(makers[0], by=rita, at=now)
    set_state(makers[2], state="archived", by=rita, at=now)
    assert (names("power-electronics"), names("industrial-robot")) == (["B"], ["A"])


def test_rebuilding_writes_the_same_rows_and_forgets_what_is_gone(makers: list[Organisation]) -> None:
    before = set(DocumentTopic.objects.values_list("kind", "key", "concept"))
    gone = makers[0].public_id
    Organisation.objects.filter(public_id=gone).delete()
    services.rebuild("organisation")
    after = set(DocumentTopic.objects.values_list("kind", "key", "concept"))
    assert after == {row for row in before if row[1] != gone}
    assert len(after) < len(before)
