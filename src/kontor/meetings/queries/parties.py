"""Who sits at the tables."""

from collections.abc import Iterable

from kontor.i18n import Text
from kontor.meetings.models import MeetingParty


def organisations_of(meetings: Iterable[int]) -> dict[int, list[Text]]:
    """Names of the organisations by meeting; one statement."""
    found: dict[int, list[Text]] = {}
    rows = MeetingParty.objects.filter(meeting__in=list(meetings)).order_by("meeting", "side", "id")
    for meeting, name in rows.values_list("meeting", "participation__organisation__name"):
        found.setdefault(meeting, []).append(name)
    return found
