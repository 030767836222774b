"""Interpreters of an event: the list, and a form with language pairs and the times in which they are not there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.models import Person
from kontor.errors import DomainError, outcome_told
from kontor.events.forms import InterpreterForm
from kontor.events.models import Event, Interpreter
from kontor.events.permissions import organised_event_or_404
from kontor.events.services import people
from kontor.jobs.clock import now
from kontor.routes import ORGANISERS, page


@page(roles=ORGANISERS, of="events.Event")
def interpreter_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The interpreters with their language pairs, and when they are not there."""
    event = organised_event_or_404(signed_in(request), slug)
    rows = (
        event.interpreters.select_related("person")
        .prefetch_related("unavailabilities")
        .order_by("person__sort_key", "id")
    )
    return render(request, "events/interpreter_list.html", {"event": event, "interpreters": rows})


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def interpreter_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter one interpreter by hand."""
    event = organised_event_or_404(signed_in(request), slug)
    row = Interpreter(event=event, person=Person(is_sample=event.is_sample), is_sample=event.is_sample)
    return _interpreter_page(request, event, row)


@page(roles=ORGANISERS, of="events.Interpreter", methods=("GET", "POST"))
def interpreter_edit(request: HttpRequest, slug: str, interpreter: str) -> HttpResponse:
    """Correct an interpreter."""
    event = organised_event_or_404(signed_in(request), slug)
    row = event.interpreters.select_related("person__user").filter(public_id=interpreter).first()
    if row is None:
        raise Http404
    return _interpreter_page(request, event, row)


def _interpreter_page(request: HttpRequest, event: Event, row: Interpreter) -> HttpResponse:
    form = InterpreterForm(event, request.POST or None, initial=_initial(row) if row.pk else {})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row.pairs, row.max_run = sorted(data["pairs"]), data["max_run"]
        row.availability_words = data["availability_words"]
        try:
            people.save_interpreter(
                row, _person_data(row, form), busy=form.busy(), by=signed_in(request), at=now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The interpreter is saved."))
            return redirect("events:interpreter-list", event.slug)
    absences = row.unavailabilities.all() if row.pk else ()
    context = {"form": form, "event": event, "interpreter": row, "absences": absences}
    return render(request, "events/interpreter_edit.html", context)


def _initial(row: Interpreter) -> dict[str, Any]:
    person = row.person
    return {
        **InterpreterForm.initial_of(person),
        "pairs": row.pairs,
        "max_run": row.max_run,
        "availability_words": row.availability_words,
    }


def _person_data(row: Interpreter, form: InterpreterForm) -> people.PersonData:
    """What the form says of the person; what it does not ask stays as it is."""
    person, data = row.person, form.cleaned_data
    known = {}
    if person.pk:
        known = {spoken.code: (spoken.level, spoken.is_assumed) for spoken in person.languages.all()}
    return people.PersonData(
        name=form.name(titles=person.title),
        email=data["email"],
        phone=person.phone,
        wechat=person.wechat,
        country=person.country,
        language=person.language,
        levels={code: ("C2", False) for pair in row.pairs for code in pair.split("-")} | known,
    )


@page(roles=ORGANISERS, of="events.Interpreter", methods=("POST",))
def interpreter_remove(request: HttpRequest, slug: str, interpreter: str) -> HttpResponse:
    """Take an interpreter off the event."""
    user = signed_in(request)
    row = organised_event_or_404(user, slug).interpreters.filter(public_id=interpreter).first()
    if row is None:
        raise Http404
    with outcome_told(request, _("The interpreter is removed.")):
        people.remove_interpreter(row, by=user, at=now())
    return redirect("events:interpreter-list", slug)
