"""Set up an event: new, copy, times, halls."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError, outcome_told
from kontor.events.forms import BlockForm, CopyEventForm, EventForm, HallForm
from kontor.events.models import Event, Hall, HallsApart
from kontor.events.permissions import can_create_events, organised_event_or_404
from kontor.events.queries import block_rows
from kontor.events.services import setting
from kontor.jobs.clock import now
from kontor.routes import ORGANISERS, page


@page(roles=ORGANISERS, methods=("GET", "POST"))
def event_new(request: HttpRequest) -> HttpResponse:
    """A new event from nothing."""
    user = signed_in(request)
    if not can_create_events(user):
        raise Http404
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = form.save(commit=False)
        try:
            setting.create_event(event, by=user, at=now())
        except setting.SlugTaken as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("The event is there. Next: its meeting times."))
            return redirect("events:event-blocks", event.slug)
    earlier = Event.objects.organised_by(user)[:20]
    return render(request, "events/event_new.html", {"form": form, "earlier": earlier})


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def event_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """A new event with the setting of an earlier one."""
    user = signed_in(request)
    source = organised_event_or_404(user, slug)
    form = CopyEventForm(request.POST or None, initial={"name": source.name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            event = setting.copy_event(
                source,
                slug=data["slug"],
                name=data["name"],
                starts_on=data["starts_on"],
                with_interpreters=data["with_interpreters"],
                by=user,
                at=now(),
            )
        except setting.SlugTaken as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("Copied. Please check days, times and halls."))
            return redirect("meetings:event-show", event.slug)
    return render(request, "events/event_copy.html", {"form": form, "event": source})


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Names, days, and when requests may be sent."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    form = EventForm(request.POST or None, instance=event)
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        try:
            setting.change_event(changed, by=user, at=now())
        except setting.SlugTaken as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:event-show", changed.slug)
    return render(request, "events/event_edit.html", {"form": form, "event": event, "slug": slug})


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def event_blocks(request: HttpRequest, slug: str) -> HttpResponse:
    """The meeting times: blocks of slots."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    form = BlockForm(event, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            setting.add_block(
                event,
                starts_at=form.starts_at(),
                slot_min=data["slot_min"],
                break_min=data["break_min"],
                num_slots=data["num_slots"],
                by=user,
                at=now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The meeting times are added."))
            return redirect("events:event-blocks", slug)
    return render(
        request, "events/event_blocks.html", {"form": form, "event": event, "blocks": block_rows(event)}
    )


@page(roles=ORGANISERS, of="events.Block", methods=("POST",))
def block_remove(request: HttpRequest, slug: str, block: str) -> HttpResponse:
    """Remove a block with its slots."""
    user = signed_in(request)
    row = organised_event_or_404(user, slug).blocks.filter(public_id=block).first()
    if row is None:
        raise Http404
    with outcome_told(request):
        setting.remove_block(row, by=user, at=now())
    return redirect("events:event-blocks", slug)


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def event_halls(request: HttpRequest, slug: str) -> HttpResponse:
    """The halls, and a form for one more."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    return _hall_page(request, event, None, user=user)


@page(roles=ORGANISERS, of="events.Hall", methods=("GET", "POST"))
def hall_edit(request: HttpRequest, slug: str, hall: str) -> HttpResponse:
    """Change a hall, its tables and booths."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    return _hall_page(request, event, hall, user=user)


def _hall_page(request: HttpRequest, event: Event, public_id: str | None, *, user: User) -> HttpResponse:
    halls = list(event.halls.prefetch_related("tables", "booths"))
    hall = next((one for one in halls if one.public_id == public_id), None)
    if public_id is not None and hall is None:
        raise Http404
    initial: dict[str, object] = {}
    if hall is not None:
        pairs = HallsApart.objects.filter(Q(first=hall) | Q(second=hall)).values_list("first", "second")
        initial = {
            "name": hall.name,
            "tables": [table.name for table in hall.tables.all()],
            "booths": [booth.name for booth in hall.booths.all()],
            "apart_from": [pk for pair in pairs for pk in pair if pk != hall.pk],
        }
    form = HallForm([one for one in halls if one != hall], request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = hall or Hall(event=event)
        row.name = form.cleaned_data["name"]
        try:
            setting.save_hall(
                row,
                tables=form.cleaned_data["tables"],
                booths=form.cleaned_data["booths"],
                apart_from=[one for one in halls if one.pk in form.cleaned_data.get("apart_from", [])],
                by=user,
                at=now(),
            )
        except DomainError as error:
            form.add_error("tables", str(error))
        else:
            messages.success(request, _("The hall is saved."))
            return redirect("events:event-halls", event.slug)
    return render(
        request, "events/event_halls.html", {"form": form, "event": event, "hall": hall, "halls": halls}
    )


@page(roles=ORGANISERS, of="events.Hall", methods=("POST",))
def hall_remove(request: HttpRequest, slug: str, hall: str) -> HttpResponse:
    """Remove a hall with its tables."""
    user = signed_in(request)
    row = organised_event_or_404(user, slug).halls.filter(public_id=hall).first()
    if row is None:
        raise Http404
    with outcome_told(request):
        setting.remove_hall(row, by=user, at=now())
    return redirect("events:event-halls", slug)
