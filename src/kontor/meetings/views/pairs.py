"""Pairs of people who want to meet, as a list: upload, preview, apply, undo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.directory.lists import PairField, UnreadableFile, field_label, previews
from kontor.directory.lists.choices import Choices, wished_choices
from kontor.errors import DomainError
from kontor.events.models import ListImport
from kontor.events.permissions import organised_event_or_404
from kontor.events.services import small_lists, stored_lists
from kontor.jobs.clock import now
from kontor.meetings.forms import PairsForm
from kontor.meetings.services import pair_lists
from kontor.routes import ORGANISERS, page


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def pairs_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a list of pairs; earlier ones below."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    form = PairsForm(request.POST, request.FILES) if request.method == "POST" else PairsForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = small_lists.prepare_list(
                event,
                ListImport.Kind.PAIRS,
                file_name=upload.name,
                content=upload.read(),
                build=pair_lists.build_preview,
                by=user,
                at=now(),
                is_correctable=True,
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("meetings:pairs-show", slug, row.public_id)
    earlier = event.imports.filter(kind=ListImport.Kind.PAIRS).defer("content", "preview", "summary", "undo")[
        :20
    ]
    return render(request, "meetings/pairs_new.html", {"event": event, "form": form, "earlier": earlier})


@page(roles=ORGANISERS, of="events.ListImport", methods=("GET", "POST"))
def pairs_show(request: HttpRequest, slug: str, list_import: str) -> HttpResponse:
    """The preview of a list of pairs; read the file in another way; apply, undo or discard it."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    row = (
        event.imports.select_related("event")
        .defer("content", "preview", "undo")
        .filter(kind=ListImport.Kind.PAIRS, public_id=list_import)
        .first()
    )
    if row is None:
        raise Http404
    if request.method == "POST":
        return _act(request, row, user=user)
    headings = [_("First person"), _("Second person"), _("Reason")]
    context = {
        "event": event,
        "import": row,
        "preview": previews.show(row.summary, headings=headings, kind=PairField),
        "headings": headings,
        "fields": [(str(field), field_label(field)) for field in PairField],
        "are_pairs": True,
        "subject": pgettext("rows of a list", "Pairs"),
    }
    return render(request, "events/import_show.html", context)


def _act(request: HttpRequest, row: ListImport, *, user: User) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "apply":
            small_lists.apply_list(
                row, build=pair_lists.build_preview, write=pair_lists.write_pairs, by=user, at=now()
            )
            messages.success(request, _("The list is applied. It can be undone as a whole on this page."))
        elif act == "undo":
            small_lists.undo_list(row, put_back=pair_lists.put_pairs_back, by=user, at=now())
            messages.success(request, _("The import is undone. Everything is as it was before."))
        elif act == "discard":
            stored_lists.discard_list(row, by=user, at=now())
            return redirect("meetings:pairs-new", row.event.slug)
        elif act == "choices":
            choices = wished_choices(
                Choices.from_json(row.choices),
                row.summary["reading"],
                wanted=request.POST,
                mapping=request.POST.getlist("mapping"),
                fields=set(PairField),
            )
            stored_lists.read_again(row, choices, build=pair_lists.build_preview)
    except (UnreadableFile, DomainError) as error:
        messages.error(request, str(error))
    return redirect("meetings:pairs-show", row.event.slug, row.public_id)
