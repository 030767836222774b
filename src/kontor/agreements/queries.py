"""The story of a relation: milestones and signed agreements in one line of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Milestone
from kontor.directory.models import ClusterPartnership
from kontor.i18n import Text
from kontor.ui.formatting import format_known_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One entry of the timeline."""

    day: date
    precision: str
    title: Text
    detail: Text
    dispute_note: Text
    source: str
    source_url: str
    agreement: Agreement | None = None
    milestone: Milestone | None = None

    def words(self, language: str | None = None) -> str:
        """The day as exactly as it is known: "August 2013"."""
        return format_known_day(self.day, self.precision, language=language)


def timeline(
    partnership: ClusterPartnership,
    *,
    reader: User | AnonymousUser,
    milestones: Iterable[Milestone] | None = None,
) -> list[Moment]:
    """What happened, oldest first: milestones, and the signed agreements this reader may know of; two statements.

    `milestones`, where they were read already, save one.
    """
    moments = [
        Moment(
            day=one.day,
            precision=one.day_precision,
            title=one.title,
            detail=one.detail,
            dispute_note=one.dispute_note,
            source=one.source,
            source_url=one.source_url,
            milestone=one,
        )
        for one in (partnership.milestones.all() if milestones is None else milestones)
    ]
    signed = Agreement.objects.visible_to(reader).filter(partnership=partnership, signed_on__isnull=False)
    moments += [
        Moment(
            day=one.signed_on,
            precision=one.signed_precision,
            title=one.title,
            detail=one.summary,
            dispute_note=Text(),
            source=one.source,
            source_url=one.source_url,
            agreement=one,
        )
        for one in signed
        if one.signed_on
    ]
    return sorted(moments, key=lambda one: one.day)
