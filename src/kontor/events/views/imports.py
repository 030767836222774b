"""Import of lists: upload, preview with corrections, apply, undo."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError
from kontor.events.lists import (
    CandidateGroup,
    Field,
    Notice,
    ParticipantRow,
    Refusal,
    Repetition,
    UnreadableFile,
    field_label,
)
from kontor.events.models import Event, ListImport
from kontor.events.permissions import organised_event_or_404
from kontor.events.services import imports, interpreter_lists, small_lists
from kontor.jobs.clock import now
from kontor.routes import ORGANISERS, page

MAX_BYTES = 20_000_000
SHOWN_ROWS = 100


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
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            form.add_error(
                "file", _("This file is larger than 20 MB. Please split it, or remove pictures from it.")
            )
        else:
            try:
                if are_interpreters:
                    row = small_lists.prepare_list(
                        event,
                        ListImport.Kind.INTERPRETERS,
                        file_name=upload.name,
                        content=upload.read(),
                        build=interpreter_lists.build_preview,
                        by=user,
                        at=now(),
                    )
                else:
                    row = imports.prepare_import(
                        event, file_name=upload.name, content=upload.read(), by=user, at=now()
                    )
            except UnreadableFile as error:
                form.add_error("file", str(error))
            else:
                return redirect("events:import-show", slug, row.public_id)
    context = {
        "event": event,
        "form": form,
        "earlier": _earlier(event).exclude(kind=ListImport.Kind.PAIRS)[:20],
        "are_interpreters": are_interpreters,
    }
    return render(request, "events/import_new.html", context)


def _earlier(event: Event) -> QuerySet[ListImport]:
    return event.imports.defer("content", "preview", "undo")


def _import_or_404(event: Event, public_id: str) -> ListImport:
    row = (
        event.imports.select_related("event")
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
    if row.kind == ListImport.Kind.INTERPRETERS:
        context = {
            "event": event,
            "import": row,
            "columns": [_("Name"), _("Language pairs"), _("Meetings in a row without a pause")],
            "faults": [entry | {"reason": FAULTS[entry["code"]]} for entry in row.preview["faults"]],
            "has_something_new": any(entry["fate"] != "unchanged" for entry in row.preview["rows"]),
        }
        return render(request, "events/small_list_show.html", context)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "proposal":
                _accept(row, request)
            else:
                imports.change_choices(row, _choices(row, request))
        except UnreadableFile as error:
            messages.error(request, str(error))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("events:import-show", slug, list_import)
    return render(request, "events/import_show.html", {"event": event, "import": row} | _shown(row))


FAULTS = {
    "no_name": gettext_lazy("There is no name in this row."),
    "no_pair": gettext_lazy("No two of the languages German, English and Chinese were found in this row."),
    "repeated": gettext_lazy("This person is in the list already."),
}
"""Why a row of a list of interpreters is refused."""


def _accept(row: ListImport, request: HttpRequest) -> None:
    number = request.POST.get("row", "")
    field = request.POST.get("field", "")
    if number.isdecimal() and field in set(Field):
        imports.accept_proposal(
            row, row_number=int(number), field=field, value=request.POST.get("value", "")[:300]
        )


def _choices(row: ListImport, request: HttpRequest) -> imports.Choices:
    """How the form wants the file to be read; a new encoding or sheet forgets the mapping of the old one."""
    facts = row.preview["table"]
    encoding = request.POST.get("encoding", "")
    delimiter = request.POST.get("delimiter", "")
    sheet = request.POST.get("sheet", "")
    line = request.POST.get("header_line", "")
    is_same_table = (encoding, delimiter, sheet, line) == (
        facts["encoding"],
        facts["delimiter"],
        facts["sheet"],
        str(facts["header_line"]),
    )
    known = {str(field) for field in Field}
    mapping = tuple(name if name in known else "" for name in request.POST.getlist("mapping"))
    return imports.Choices(
        encoding=encoding if encoding in facts["encodings"] else "",
        delimiter=delimiter if delimiter in facts["delimiters"] else "",
        sheet=sheet if sheet in facts["sheets"] else "",
        header_line=int(line) if line.isdecimal() and len(line) < 6 else 0,
        mapping=mapping if is_same_table else (),
        corrections=imports.Choices.from_json(row.choices).corrections if is_same_table else (),
    )


def _shown(row: ListImport) -> dict[str, Any]:
    preview = row.preview
    facts = preview["table"]
    rows = [
        {
            "fate": entry["fate"],
            "fields": [field_label(Field(name)) if name in set(Field) else name for name in entry["fields"]],
            "person": ParticipantRow.from_json(entry["row"]),
        }
        for entry in sorted(
            preview["rows"], key=lambda entry: ("changed", "new", "unchanged").index(entry["fate"])
        )[:SHOWN_ROWS]
    ]
    return {
        "counts": preview["counts"],
        "table": facts,
        "columns": [
            {
                "heading": heading,
                "field": field,
                "confidence": confidence,
                "sample": [line[index] for line in facts["sample"] if index < len(line)],
            }
            for index, (heading, field, confidence) in enumerate(
                zip(facts["headings"], preview["mapping"], preview["confidence"], strict=True)
            )
        ],
        "fields": [(str(field), field_label(field)) for field in Field],
        "rows": rows,
        "num_more": max(0, len(preview["rows"]) - SHOWN_ROWS),
        "refusals": [Refusal.from_json(entry) for entry in preview["refusals"]],
        "repetitions": [Repetition.from_json(entry) for entry in preview["repetitions"]],
        "notices": [Notice.from_json(entry) for entry in preview["notices"]][:SHOWN_ROWS],
        "candidates": [CandidateGroup.from_json(entry) for entry in preview["candidates"]],
        "has_something_new": bool(preview["counts"]["new"] or preview["counts"]["changed"]),
    }


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_apply(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Write what the preview shows."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    try:
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
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is applied. It can be undone as a whole below."))
    return redirect("events:import-show", slug, list_import)


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_undo(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Put everything back."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    try:
        if row.kind == ListImport.Kind.INTERPRETERS:
            small_lists.undo_list(row, put_back=interpreter_lists.put_interpreters_back, by=user, at=now())
        else:
            imports.undo_import(row, by=user, at=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The import is undone. Everything is as it was before."))
    return redirect("events:import-show", slug, list_import)


@page(roles=ORGANISERS, of="events.ListImport", methods=("POST",))
def import_discard(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """Forget a preview."""
    user = signed_in(request)
    row = _import_or_404(organised_event_or_404(user, slug), list_import)
    try:
        imports.discard_import(row, by=user, at=now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("events:import-new", slug)
