"""What the database refuses of claims."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kontor.directory.models import Cluster
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.i18n import Text


@pytest.fixture
def write(saxony: Cluster, now: datetime) -> Callable[..., Claim]:
    """Writes a claim about the cluster past all forms."""

    def write_claim(**fields: object) -> Claim:
        values = {
            "cluster": saxony, "measure": "members", "value": Decimal(5), "scope": Text.of("en", en="members"),
            "status": "media", "source": "S", "entered_at": now,
        }  # fmt: skip
        with transaction.atomic():
            return Claim.objects.create(**(values | fields))

    return write_claim


def test_a_claim_is_about_exactly_one_thing(write: Callable[..., Claim], smec: Event) -> None:
    for fields in ({"event": smec}, {"cluster": None}):
        with pytest.raises(IntegrityError):
            write(**fields)
    assert write(event=smec, cluster=None).kind == "event"


@pytest.mark.parametrize("value_to", [5, 4])
def test_a_range_goes_up(value_to: int, write: Callable[..., Claim]) -> None:
    with pytest.raises(IntegrityError):
        write(value_to=value_to)


def test_a_claim_is_not_negative(write: Callable[..., Claim]) -> None:
    with pytest.raises(IntegrityError):
        write(value=Decimal(-1))
