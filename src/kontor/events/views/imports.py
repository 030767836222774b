"""Import of lists: upload, preview with corrections, apply, undo."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.directory.lists import (
    INTERPRETER_FIELDS,
    PARTICIPANT_FIELDS,
    Field,
    UnreadableFile,
    field_label,
    previews,
)
from kontor.directory.lists.choices import Choices, wished_choices
from kontor.errors import DomainError, outcome_told
from kontor.events.models import Event, ListImport
from kontor.events.permissions import organised_event_or_404
from kontor.events.services import imports, interpreter_lists, small_lists, stored_lists
from kontor.jobs.clock import now
from kontor.routes import ORGANISERS, page

MAX_BYTES = 20_000_000


class UploadForm(forms.Form):
    """A list as a file."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV or XLSX, at most 20 MB."))


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def import_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a list of participants or, by `?kind=`, of interpreters; earlier ones below. Pairs have a page of their own."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    kind = request.GET.get("kind", "")
    if kind == ListImport.Kind.PAIRS:
        return redirect("meetings:pairs-new", slug)
    are_interpreters = kind == ListImport.Kind.INTERPRETERS
    shown_kind = ListImport.Kind.INTERPRETERS if are_interpreters else ListImport.Kind.PARTICIPANTS
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            form.add_error(
                "file", _("This file is larger than 20 MB. Please split it, or remove pictures from it.")
            )
        else:
            try:
                row = _prepare(
                    event, upload.name, upload.read(), are_interpreters=are_interpreters, user=user
                )
            except UnreadableFile as error:
                form.add_error("file", str(error))
            else:
                return redirect("events:import-show", slug, row.public_id)
    earlier = event.imports.defer("content", "preview", "summary", "undo")
    context = {
        "event": event,
        "form": form,
        "earlier": earlier.filter(kind=shown_kind)[:20],
        "are_interpreters": are_interpreters,
    }
    return render(request, "events/import_new.html", context)


def _prepare(event: Event, name: str, content: bytes, *, are_interpreters: bool, user: User) -> ListImport:
    if are_interpreters:
        return small_lists.prepare_list(
            event,
            ListImport.Kind.INTERPRETERS,
            file_name=name,
            content=content,
            build=interpreter_lists.build_preview,
            by=user,
            at=now(),
            is_correctable=True,
        )
    return imports.prepare_import(
        event, file_name=name, content=content, by=user, at=now(), is_correctable=True
    )


def _import_or_404(event: Event, public_id: str) -> ListImport:
    """A list with its summary; file and rows are read by who needs them."""
    row = (
        event.imports.select_related("event")
        .defer("content", "preview", "undo")
        .exclude(kind=ListImport.Kind.PAIRS)
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


@page(roles=ORGANISERS, of="events.ListImport", methods=("GET", "POST"))
def import_show(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """The preview: what is new, changed, unchanged, refused; read the file in another way; accept a proposal."""
    event = organised_event_or_404(signed_in(request), slug)
    row = _import_or_404(event, list_import)
    are_interpreters = row.kind == ListImport.Kind.INTERPRETERS
    fields = INTERPRETER_FIELDS if are_interpreters else PARTICIPANT_FIELDS
    if request.method == "POST":
        try:
            if request.POST.get("act") == "proposal" and not are_interpreters:
                _accept(row, request)
            else:
                _read_again(row, request, fields, are_interpreters=are_interpreters)
        except (UnreadableFile, DomainError) as error:
            messages.error(request, str(error))
        return redirect("events:import-show", slug, list_import)
    headings = [_("In a row at most"), _("Availability")] if are_interpreters else [_("Organisation")]
    context = {
        "event": event,
        "import": row,
        "preview": previews.show(row.summary, headings=headings),
        "headings": headings,
        "fields": [(str(field), field_label(field)) for field in fields],
        "are_interpreters": are_interpreters,
        "with_proposals": not are_interpreters,
        "subject": _("Interpreters") if are_interpreters else _("People"),
    }
    return render(request, "events/import_show.html", context)


def _accept(row: ListImport, request: HttpRequest) -> None:
    number = request.POST.get("row", "")
    field = request.POST.get("field", "")
    if number.isdecimal() and field in set(PARTICIPANT_FIELDS):
        imports.accept_proposal(
            row, row_number=int(number), field=field, value=request.POST.get("value", "")[:300]
        )


def _read_again(
    row: ListImport, request: HttpRequest, fields: Sequence[Field], *, are_interpreters: bool
) -> None:
    choices = wished_choices(
        Choices.from_json(row.choices),
        row.summary["reading"],
        wanted=request.POST,
        mapping=request.POST.getlist("mapping"),
        fields=set(fields),
    )
    build = interpreter_lists.build_preview if are_interpreters else imports.build_preview
    stored_lists.read_again(row, choices, build=build)


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_apply(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Write what the preview shows."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    with outcome_told(request, _("The list is applied. It can be undone as a whole on this page.")):
        if row.kind == ListImport.Kind.INTERPRETERS:
            small_lists.apply_list(
                row,
                build=interpreter_lists.build_preview,
                write=interpreter_lists.write_interpreters,
                by=user,
                at=now(),
            )
        else:
            imports.apply_import(row, by=user, at=now())
    return redirect("events:import-show", slug, list_import)


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_undo(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Put everything back."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    with outcome_told(request, _("The import is undone. Everything is as it was before.")):
        if row.kind == ListImport.Kind.INTERPRETERS:
            small_lists.undo_list(row, put_back=interpreter_lists.put_interpreters_back, by=user, at=now())
        else:
            imports.undo_import(row, by=user, at=now())
    return redirect("events:import-show", slug, list_import)


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_discard(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Forget a preview."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    with outcome_told(request):
        stored_lists.discard_list(row, by=user, at=now())
    return redirect("events:import-new", slug)
