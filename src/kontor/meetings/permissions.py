"""Who may do what with a meeting."""

from django.db.models import Q

from kontor.accounts.models import User
from kontor.events.models import Organiser
from kontor.meetings.models import Meeting


def can_call_off(user: User, meeting: Meeting) -> bool:
    """Its people and the organisers; not its interpreter, who tells the organiser instead."""
    if user.is_superuser:
        return True
    organises = Q(pk__in=Organiser.objects.filter(event=meeting.event_id).values("user"))
    meets = Q(pk__in=meeting.parties.values("participation__person__user"))
    return User.objects.filter(organises | meets, pk=user.pk).exists()
