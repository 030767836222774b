"""What the home pages show: one's own events, and how far the sample event is."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.demo.queries import DemoState, read_demo_state
from kontor.demo.services import sample_sign_ins
from kontor.events.models import Event
from kontor.i18n import Text
from kontor.ui.formatting import format_number


@dataclass(frozen=True, slots=True, kw_only=True)
class MyEvent:
    """An event and the page of it that its reader needs most."""

    name: Text
    place: Text
    starts_on: date
    ends_on: date
    role: str
    """organiser, participant or interpreter"""
    url: str
    is_sample: bool


def my_events(user: User) -> list[MyEvent]:
    """The events this user organises, attends or interprets at; three statements, newest first."""
    roles = (
        ("organiser", "events:event-show", Event.objects.filter(organisers__user=user)),
        ("participant", "meetings:day-show", Event.objects.filter(participations__person__user=user)),
        ("interpreter", "meetings:day-show", Event.objects.filter(interpreters__person__user=user)),
    )
    found: dict[int, MyEvent] = {}
    for role, url_name, events in roles:
        for event in events:
            found.setdefault(
                event.pk,
                MyEvent(
                    name=event.name,
                    place=event.place,
                    starts_on=event.starts_on,
                    ends_on=event.ends_on,
                    role=role,
                    url=reverse(url_name, args=[event.slug]),
                    is_sample=event.is_sample,
                ),
            )
    return sorted(found.values(), key=lambda mine: mine.starts_on, reverse=True)


def demo_state() -> DemoState | None:
    """How far the sample event is; None on a site for real people."""
    return read_demo_state() if settings.DEMO else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep:
    """A step of building the sample event."""

    label: str
    figures: str
    is_done: bool
    is_now: bool


def demo_steps(state: DemoState) -> list[DemoStep]:
    """The steps in order, with the figures that are known."""
    figures = state.figures
    steps = [
        ("people", _("People, organisations and their offers and wishes"), figures.get("people")),
        ("matches", _("Matches with reasons"), figures.get("pairs")),
        ("requests", _("Requests and answers"), figures.get("requests")),
        ("plan", _("Meeting plan"), figures.get("placed")),
    ]
    names = [name for name, _label, _figure in steps]
    position = (
        names.index(state.stage) if state.stage in names else len(names) if state.stage == "done" else -1
    )
    return [
        DemoStep(
            label=label,
            figures=format_number(figure) if figure is not None else "",
            is_done=index < position,
            is_now=index == position,
        )
        for index, (_name, label, figure) in enumerate(steps)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSignIn:
    """A button that signs in as a sample person."""

    role: str
    label: str


def demo_sign_ins() -> list[DemoSignIn]:
    """One button per role that the sample event can show."""
    labels = {
        "participant": _("Participant from Germany"),
        "participant_zh": _("Participant from China"),
        "interpreter": _("Interpreter"),
        "organiser": _("Organiser"),
        "operator": _("Operator"),
    }
    people = sample_sign_ins()
    return [DemoSignIn(role=role, label=label) for role, label in labels.items() if role in people]
