"""The staff of a cluster writes its profile, labels, services, working groups and partners, and creates organisations."""

from django.contrib import messages
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.forms_clusters import (
    ClusterForm,
    GroupForm,
    LabelForm,
    NewOrganisationForm,
    PartnerForm,
    ServiceForm,
)
from kontor.directory.machine_translation import configured_translator
from kontor.directory.models import Cluster, ClusterLabel, ClusterService, Organisation, WorkingGroup
from kontor.directory.permissions import staff_or_404
from kontor.directory.services import clusters
from kontor.directory.services.clusters import ClusterChangedMeanwhile, Part
from kontor.directory.services.creating import MayBeKnownAlready, create_organisation
from kontor.directory.services.translations import may_be_drafted
from kontor.directory.views.pages import partners_of
from kontor.errors import DomainError, outcome_told
from kontor.i18n.text import LANGUAGES
from kontor.jobs.clock import now
from kontor.routes import STAFF, page

PARTS: "dict[str, tuple[type[Part], type[ModelForm[Part]]]]" = {
    "label": (ClusterLabel, LabelForm),
    "service": (ClusterService, ServiceForm),
    "group": (WorkingGroup, GroupForm),
}
"""by their word in addresses: what a cluster consists of, and how it is written"""
NEW = "new"


def _managed_or_404(request: HttpRequest, slug: str) -> Cluster:
    found = (
        Cluster.objects.managed_by(signed_in(request))
        .select_related("organisation", "contact")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        raise Http404
    return found


@page(roles=STAFF, of="directory.Cluster", methods=("GET", "POST"))
def cluster_edit(request: HttpRequest, cluster: str) -> HttpResponse:
    """Write the profile; whoever comes second is told and keeps their words."""
    found = _managed_or_404(request, cluster)
    form = ClusterForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            clusters.save_cluster(
                form.save(commit=False), by=signed_in(request), at=now(), seen=form.cleaned_data["seen"]
            )
        except ClusterChangedMeanwhile as error:
            form = form.with_mark(Cluster.objects.get(pk=found.pk))
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:cluster-show", cluster)
    missing = [one for one in LANGUAGES if may_be_drafted(found.description, one)]
    drafts = [f"{found.public_id}:{one}" for one in missing] if configured_translator() else []
    context = {"form": form, "cluster": found, "drafts": drafts}
    return render(request, "directory/cluster_edit.html", context, status=422 if form.errors else 200)


@page(roles=STAFF, of="directory.Cluster")
def cluster_parts(request: HttpRequest, cluster: str) -> HttpResponse:
    """Labels, services, working groups and partners, each with what can be done about it."""
    found = _managed_or_404(request, cluster)
    return _parts(request, found, PartnerForm(cluster=found, user=signed_in(request)))


def _parts(request: HttpRequest, found: Cluster, partner_form: PartnerForm) -> HttpResponse:
    context = {
        "cluster": found,
        "labels": found.labels.all(),
        "services": found.services.all(),
        "groups": found.working_groups.all(),
        "partners": partners_of(found, request.user),
        "partner_form": partner_form,
    }
    return render(
        request, "directory/cluster_parts.html", context, status=422 if partner_form.errors else 200
    )


@page(roles=STAFF, of="directory.Cluster", methods=("GET", "POST"))
def part_edit(request: HttpRequest, cluster: str, part: str, piece: str) -> HttpResponse:
    """Write one label, service or working group, a new one or one that is there."""
    found = _managed_or_404(request, cluster)
    row = _piece_or_404(found, part, piece)
    form = PARTS[part][1](request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        written = form.save(commit=False)
        clusters.save_part(written, members=form.cleaned_data.get("members"), by=signed_in(request), at=now())
        messages.success(request, _("Saved."))
        return redirect("directory:cluster-parts", cluster)
    headings = {
        "label": _("Quality label"),
        "service": _("Service of the cluster"),
        "group": _("Working group"),
    }
    context = {
        "form": form,
        "cluster": found,
        "heading": headings[part],
        "part": part,
        "piece": "" if piece == NEW else piece,
    }
    return render(request, "directory/part_edit.html", context, status=422 if form.errors else 200)


def _piece_or_404(cluster: Cluster, part: str, piece: str) -> Part:
    if part not in PARTS:
        raise Http404
    model = PARTS[part][0]
    if piece == NEW:
        return model(cluster=cluster)
    row = model._default_manager.filter(cluster=cluster, public_id=piece).first()  # noqa: SLF001 -- documented
    if row is None:
        raise Http404
    row.cluster = cluster
    return row


@page(roles=STAFF, of="directory.Cluster", methods=("POST",))
def part_remove(request: HttpRequest, cluster: str, part: str, piece: str) -> HttpResponse:
    """Take a label, service or working group away."""
    found = _managed_or_404(request, cluster)
    row = _piece_or_404(found, part, piece)
    if row.pk is None:
        raise Http404
    clusters.remove_part(row, by=signed_in(request), at=now())
    messages.success(request, _("Removed."))
    return redirect("directory:cluster-parts", cluster)


@page(roles=STAFF, of="directory.Cluster", methods=("POST",))
def partner_add(request: HttpRequest, cluster: str) -> HttpResponse:
    """Say that this cluster works with another one."""
    found, user = _managed_or_404(request, cluster), signed_in(request)
    form = PartnerForm(request.POST, cluster=found, user=user)
    if not form.is_valid():
        return _parts(request, found, form)
    data = form.cleaned_data
    with outcome_told(request, _("Saved.")):
        clusters.make_partners(
            found, data["partner"], since_year=data["since_year"], source=data["source"], by=user, at=now()
        )
    return redirect("directory:cluster-parts", cluster)


@page(roles=STAFF, of="directory.Cluster", methods=("POST",))
def partner_remove(request: HttpRequest, cluster: str, second: str) -> HttpResponse:
    """They work together no longer."""
    found = _managed_or_404(request, cluster)
    known = {other.slug: other for other, _pair in partners_of(found, request.user)}
    if second not in known:
        raise Http404
    with outcome_told(request, _("Removed.")):
        clusters.end_partnership(found, known[second], by=signed_in(request), at=now())
    return redirect("directory:cluster-parts", cluster)


@page(roles=STAFF, methods=("GET", "POST"))
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Create an organisation; those that may be the same are shown before it is saved."""
    user = staff_or_404(request)
    form = NewOrganisationForm(request.POST or None, instance=Organisation(), user=user)
    doubles: list[Organisation] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            created = create_organisation(
                form.profile(),
                cluster=data["cluster"],
                category=data["category"],
                is_listed=data["is_listed"],
                seen=data["doubles"],
                by=user,
                at=now(),
            )
        except MayBeKnownAlready as error:
            doubles = error.params["doubles"]
            shown = " ".join(one.public_id for one in doubles)
            form = NewOrganisationForm(
                {**request.POST.dict(), "doubles": shown}, instance=Organisation(), user=user
            )
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Created, not yet published. Add its other names, numbers and sites here.")
            )
            return redirect("directory:organisation-details", created.public_id)
    context = {"form": form, "doubles": doubles}
    return render(request, "directory/organisation_new.html", context, status=422 if form.errors else 200)
