"""Import of organisations and members: upload, preview with corrections, apply, undo."""

from typing import cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.directory.forms import ClusterChoice
from kontor.directory.lists import OrganisationField, UnreadableFile, field_label, previews
from kontor.directory.lists.choices import Choices, wished_choices
from kontor.directory.lists.tables import MAX_BYTES
from kontor.directory.models import Cluster, OrganisationList
from kontor.directory.permissions import staff_or_404
from kontor.directory.services import imports, stored_lists
from kontor.errors import DomainError
from kontor.jobs.clock import now
from kontor.routes import STAFF, page
from kontor.ui.components import Progress

SHOWN_LISTS = 20


class ListForm(forms.Form):
    """A list as a file, and whether all in it belong to one cluster."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV or XLSX, at most 20 MB."))
    cluster = ClusterChoice(
        label=gettext_lazy("All are members of"),
        queryset=Cluster.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("no cluster, or the list names it"),
    )

    def clean_file(self) -> object:
        """Refuse what is too large before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Please split it, or remove pictures from it.")
            )
        return upload


def _form(request: HttpRequest, user: User) -> ListForm:
    """The form with the clusters of this user, the one of `?cluster=` chosen."""
    initial = {"cluster": request.GET.get("cluster", "")}
    is_posted = request.method == "POST"
    form = ListForm(
        request.POST if is_posted else None, request.FILES if is_posted else None, initial=initial
    )
    cast("forms.ModelChoiceField[Cluster]", form.fields["cluster"]).queryset = Cluster.objects.managed_by(
        user
    )
    return form


def lists_of(user: User) -> QuerySet[OrganisationList]:
    """The lists somebody brought; operators see all."""
    lists = OrganisationList.objects.select_related("cluster", "job").defer("content", "preview", "undo")
    return lists if user.is_superuser else lists.filter(created_by=user)


@page(roles=STAFF, methods=("GET", "POST"))
def list_new(request: HttpRequest) -> HttpResponse:
    """Upload a list of organisations, or of the members of a cluster; earlier ones beside it."""
    user = staff_or_404(request)
    form = _form(request, user)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = imports.prepare_import(
                file_name=upload.name,
                content=upload.read(),
                cluster=form.cleaned_data["cluster"],
                by=user,
                at=now(),
                is_correctable=True,
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("directory:list-show", row.public_id)
    context = {"form": form, "earlier": lists_of(user).defer("summary")[:SHOWN_LISTS]}
    return render(request, "directory/list_new.html", context)


@page(roles=STAFF, of="directory.OrganisationList", methods=("GET", "POST"))
def list_show(request: HttpRequest, organisation_list: str) -> HttpResponse:
    """The preview: what is new, changed, unchanged, refused; read the file in another way; apply, undo or discard it.

    While a worker applies or undoes the list, the page says how far that is.
    """
    user = staff_or_404(request)
    row = lists_of(user).filter(public_id=organisation_list).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        return _act(request, row, user=user)
    is_moving_part = bool(request.headers.get("HX-Request"))
    if is_moving_part and not row.is_at_work:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if row.is_at_work:
        template = "ui/components/progress.html" if is_moving_part else "directory/list_running.html"
        return render(request, template, {"import": row, "progress": _progress(row)})
    headings = [_("Organisation"), pgettext("column of a list", "Cluster")]
    context = {
        "import": row,
        "preview": previews.show(row.summary, headings=headings, kind=OrganisationField),
        "headings": headings,
        "job": row.job,
        "fields": [(str(field), field_label(field)) for field in OrganisationField],
        "with_proposals": True,
    }
    return render(request, "directory/list_show.html", context)


def _progress(row: OrganisationList) -> Progress:
    job = row.job
    figures = job.progress if job else {}
    if job is None or job.state == job.State.READY:
        sentence = _("The list waits for its turn.")
    elif "organisations" not in figures:
        sentence = _("Everything in the list is being written, all of it or nothing.")
    else:
        sentence = _("Everything is written. The search is taking it in.")
    return Progress(
        done=figures.get("in_search", 0),
        total=figures.get("organisations", 0),
        sentence=sentence,
        poll_url=reverse("directory:list-show", args=[row.public_id]),
    )


def _act(request: HttpRequest, row: OrganisationList, *, user: User) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "apply":
            imports.hand_over_apply(row, by=user, language=get_language() or user.language)
        elif act == "undo":
            imports.hand_over_undo(row, by=user, language=get_language() or user.language)
        elif act == "discard":
            stored_lists.discard_list(row, by=user, at=now())
            return redirect("directory:list-new")
        elif act == "proposal":
            _accept(request, row)
        elif act == "choices":
            imports.read_again(row, _wished(request, row))
    except (UnreadableFile, DomainError) as error:
        messages.error(request, str(error))
    return redirect("directory:list-show", row.public_id)


def _accept(request: HttpRequest, row: OrganisationList) -> None:
    number, field = request.POST.get("row", ""), request.POST.get("field", "")
    if number.isdecimal() and field in set(OrganisationField):
        imports.accept_proposal(
            row, row_number=int(number), field=field, value=request.POST.get("value", "")[:300]
        )


def _wished(request: HttpRequest, row: OrganisationList) -> Choices:
    return wished_choices(
        Choices.from_json(row.choices),
        row.summary["reading"],
        wanted=request.POST,
        mapping=request.POST.getlist("mapping"),
        fields=set(OrganisationField),
    )
