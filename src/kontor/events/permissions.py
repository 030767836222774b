"""Who may do what with an event."""

from django.http import Http404

from kontor.accounts.models import User
from kontor.events.models import Event, Organiser


def can_organise(user: User, event: Event) -> bool:
    """Change the event, its people, requests and plan."""
    return user.is_superuser or Organiser.objects.filter(event=event, user=user).exists()


def can_create_events(user: User) -> bool:
    """Open a new event and become its organiser."""
    return user.may_organise or user.is_superuser


def organised_event_or_404(user: User, slug: str) -> Event:
    """The event with this slug, for somebody who organises it; Http404 for everybody else."""
    event = Event.objects.organised_by(user).filter(slug=slug).first()
    if event is None:
        raise Http404
    return event
