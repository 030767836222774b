"""Which claim is the best now, which ones contradict it, and what looks wrong; nothing is averaged, nothing corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from kontor.figures.models import Claim
from kontor.prepared import PreparedRows, instance

# Who is believed first: what somebody counted or says of themselves comes before what others report or expect.
TRUST = {
    Claim.Status.AUDITED: 2,
    Claim.Status.COUNTED: 2,
    Claim.Status.SELF_REPORTED: 2,
    Claim.Status.MEDIA: 1,
    Claim.Status.EXPECTED: 0,
}
# A number that is a thousand times smaller or larger than all others of its measure has the wrong unit.
UNIT_FACTORS = (Decimal(500), Decimal(2000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """All claims about one measure of one subject."""

    measure: str
    best: Claim
    """what to show"""
    differing: Sequence[Claim]
    """claims that contradict the best one and that time does not explain: undated, or of the same day"""
    unchanged_since: Claim | None
    """an earlier claim with the same number: probably nobody counted again"""
    doubtful: frozenset[int]
    """ids of claims whose unit looks wrong"""
    claims: Sequence[Claim]
    """all of them, newest first, undated last"""

    @property
    def series(self) -> list[Claim]:
        """The course that the best claim ends: the dated claims that are trusted like it, oldest first."""
        return self._course(is_own=True)

    @property
    def reported(self) -> list[Claim]:
        """The course of what others report or expect; it may go on where the series ends."""
        return self._course(is_own=False)

    def _course(self, *, is_own: bool) -> list[Claim]:
        """Claims that stand and are not doubtful, one per day: the best of each."""
        trusted = _trust(self.best)
        dated = [
            one
            for one in self.claims
            if one.as_of
            and one.is_live
            and one.pk not in self.doubtful
            and (_trust(one) >= trusted) == is_own
        ]
        dated.sort(key=lambda one: (one.as_of, *_rank(one)))
        return [list(same)[-1] for _day, same in groupby(dated, key=lambda one: one.as_of)]


_SHOWN = (
    "id", "public_id", "measure", "qualifier", "value", "value_to", "unit", "scope", "as_of", "as_of_precision",
    "published_on", "status", "entered_at", "withdrawn_at",
)  # fmt: skip


def _about_cluster(cluster: int) -> QuerySet[Claim, tuple[Any, ...]]:
    return (
        Claim.objects.filter(cluster=cluster).with_standing().order_by().values_list(*_SHOWN, "is_replaced")
    )


_ABOUT_CLUSTER = PreparedRows(_about_cluster)


def claims_about_cluster(cluster: int) -> list[Claim]:
    """What was claimed about a cluster, with the columns that figures and their words need; one statement."""
    claims = []
    for *columns, is_replaced in _ABOUT_CLUSTER.read(cluster=cluster):
        claim = instance(Claim, _SHOWN, columns)
        vars(claim)["is_replaced"] = is_replaced
        claims.append(claim)
    return claims


def figures(claims: Iterable[Claim], *, on: date) -> list[Figure]:
    """One figure per measure, as known on a day; measures without a claim that stands are left out.

    `claims` are of one subject, read `with_standing`.
    """
    known = [one for one in claims if (one.as_of or one.published_on or one.entered_at.date()) <= on]
    found = []
    for measure in Claim.Measure.values:
        own = [one for one in known if one.measure == measure]
        if figure := _figure(measure, own):
            found.append(figure)
    return found


def _figure(measure: str, claims: Sequence[Claim]) -> Figure | None:
    standing = [one for one in claims if one.is_live]
    if not standing:
        return None
    doubtful = _doubtful(standing)
    sound = [one for one in standing if one.pk not in doubtful] or standing
    best = max(sound, key=_rank)
    others = [one for one in standing if one.pk != best.pk]
    same = [one for one in others if _numbers(one) == _numbers(best) and one.unit == best.unit]
    return Figure(
        measure=measure,
        best=best,
        differing=[
            one
            for one in others
            if _contradicts(one, best) and (one.as_of is None or one.as_of == best.as_of)
        ],
        unchanged_since=min(same, key=lambda one: one.as_of or date.min, default=None),
        doubtful=doubtful,
        claims=sorted(
            claims,
            key=lambda one: (one.as_of or date.min, one.published_on or date.min, one.pk),
            reverse=True,
        ),
    )


def _rank(claim: Claim) -> tuple[bool, int, date, date, int]:
    """Dated before undated, trusted before reported, then the latest; of one day, the one entered last."""
    return (
        claim.as_of is not None,
        _trust(claim),
        claim.as_of or date.min,
        claim.published_on or date.min,
        claim.pk,
    )


def _trust(claim: Claim) -> int:
    return TRUST[Claim.Status(claim.status)]


def _numbers(claim: Claim) -> tuple[Decimal, Decimal | None]:
    return claim.value, claim.value_to


def _contradicts(claim: Claim, best: Claim) -> bool:
    """Another number; but "more than 300" is true of 340 too."""
    if claim.unit == best.unit and claim.value_to is None and best.value_to is None:
        if claim.qualifier in (Claim.Qualifier.MORE_THAN, Claim.Qualifier.AT_LEAST):
            return claim.value > best.value
        if claim.qualifier == Claim.Qualifier.UP_TO:
            return claim.value < best.value
    return _numbers(claim) != _numbers(best)


def _doubtful(claims: Sequence[Claim]) -> frozenset[int]:
    """Claims about a thousand times smaller or larger than the middle of the others in the same unit."""
    found = set()
    low, high = UNIT_FACTORS
    for claim in claims:
        others = sorted(
            one.value for one in claims if one.pk != claim.pk and one.unit == claim.unit and one.value
        )
        if not others or not claim.value:
            continue
        middle = others[len(others) // 2]
        factor = max(claim.value / middle, middle / claim.value)
        # with two claims alone nobody knows which is wrong: the one without a date is doubted
        if low <= factor <= high and (len(others) > 1 or claim.as_of is None):
            found.add(claim.pk)
    return frozenset(found)
