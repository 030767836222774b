"""Pages of agreements: all of them, one with its duties and documents, and the story of a relation."""

from pathlib import Path

from django.contrib import messages
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kontor.accounts.permissions import signed_in
from kontor.agreements import services
from kontor.agreements.forms import AgreementForm, DocumentForm, MilestoneForm, ObligationForm, SignatoryForm
from kontor.agreements.models import Agreement, Document, Milestone, Obligation
from kontor.agreements.queries import timeline
from kontor.directory.models import Cluster, ClusterPartnership
from kontor.directory.permissions import staff_or_404, works_for_a_cluster
from kontor.errors import DomainError, outcome_told
from kontor.jobs.clock import now
from kontor.routes import ROLES, SIGNED_IN, STAFF, page
from kontor.ui.components import Chip
from kontor.ui.downloads import download_response
from kontor.ui.formatting import format_known_day

MOST = 200
TONES = {"active": "ok", "expiring": "warn", "expired": "no", "terminated": "no", "dormant": "outline"}
TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
}


@page(roles=ROLES)
def agreement_list(request: HttpRequest) -> HttpResponse:
    """All agreements this reader may know of, newest first, and the relations they belong to."""
    today = now().date()
    found = Agreement.objects.visible_to(request.user).prefetch_related(
        "parties__organisation", "parties__cluster"
    )
    rows = [
        {"agreement": one, "chip": _chip(one.standing(today)), "day": _signed(one)} for one in found[:MOST]
    ]
    relations = ClusterPartnership.objects.select_related("first", "second").filter(
        first__in=Cluster.objects.visible_to(request.user),
        second__in=Cluster.objects.visible_to(request.user),
    )
    context = {"rows": rows, "relations": relations[:MOST], "is_keeper": works_for_a_cluster(request.user)}
    return render(request, "agreements/agreement_list.html", context)


@page(roles=ROLES, of="agreements.Agreement")
def agreement_show(request: HttpRequest, agreement: str) -> HttpResponse:
    """One agreement: parties, signatures, duties, documents, what came before and after."""
    return _show(request, _agreement_or_404(request, agreement))


def _show(request: HttpRequest, found: Agreement, *, status: int = 200, **forms: BaseForm) -> HttpResponse:
    today = now().date()
    is_keeper, parties = vars(found)["is_kept"], list(found.parties.select_related("organisation", "cluster"))
    context = {
        "agreement": found,
        "chip": _chip(found.standing(today)),
        "day": _signed(found),
        "parties": parties,
        "signatories": found.signatories.all(),
        "obligations": [
            {"row": one, "is_overdue": one.is_overdue(today)}
            for one in found.obligations.select_related("party")
        ],
        "documents": found.documents.all() if vars(found)["is_readable"] else None,
        "successors": found.successors.all(),
        "is_keeper": is_keeper,
    }
    if is_keeper:
        context |= {
            "next_states": [(one, services.State(one).label) for one in services.NEXT[found.state]],
            "signatory_form": SignatoryForm(found, parties, prefix="signatory"),
            "obligation_form": ObligationForm(found, parties, prefix="obligation"),
            "document_form": DocumentForm(prefix="document"),
        }
    return render(request, "agreements/agreement_show.html", context | forms, status=status)


@page(roles=STAFF, methods=("GET", "POST"))
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Write down an agreement, new or long signed."""
    return _edit(request, Agreement(), _("Agreement added."))


@page(roles=STAFF, of="agreements.Agreement", methods=("GET", "POST"))
def agreement_edit(request: HttpRequest, agreement: str) -> HttpResponse:
    """Change what is written of an agreement."""
    staff_or_404(request)
    return _edit(request, _agreement_or_404(request, agreement), _("Saved."))


def _edit(request: HttpRequest, agreement: Agreement, success: str) -> HttpResponse:
    user = staff_or_404(request)
    form = AgreementForm(request.POST or None, instance=agreement)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_agreement(form.save(commit=False), parties=form.parties, by=user, at=now())
        except DomainError as error:
            form.add_error("clusters", str(error))
        else:
            messages.success(request, success)
            return redirect("agreements:agreement-show", saved.public_id)
    return render(request, "agreements/agreement_edit.html", {"form": form, "agreement": agreement})


@page(roles=STAFF, of="agreements.Agreement", methods=("POST",))
def agreement_move(request: HttpRequest, agreement: str) -> HttpResponse:
    """Bring an agreement into its next state."""
    user = staff_or_404(request)
    found = _agreement_or_404(request, agreement)
    to = request.POST.get("to", "")
    if to not in services.State.values:
        raise Http404
    with outcome_told(request, _("Saved.")):
        services.move_agreement(found, to=to, by=user, at=now())
    return redirect("agreements:agreement-show", agreement)


@page(roles=STAFF, of="agreements.Agreement", methods=("POST",))
def signatory_add(request: HttpRequest, agreement: str) -> HttpResponse:
    """Name somebody who signs or stands by."""
    staff_or_404(request)
    found = _agreement_or_404(request, agreement)
    form = SignatoryForm(found, None, request.POST, prefix="signatory")
    if not form.is_valid():
        return _show(request, found, status=422, signatory_form=form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("agreements:agreement-show", agreement)


@page(roles=STAFF, of="agreements.Agreement", methods=("POST",))
def obligation_add(request: HttpRequest, agreement: str) -> HttpResponse:
    """Write down what a party promised."""
    staff_or_404(request)
    found = _agreement_or_404(request, agreement)
    form = ObligationForm(found, None, request.POST, prefix="obligation")
    if not form.is_valid():
        return _show(request, found, status=422, obligation_form=form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("agreements:agreement-show", agreement)


@page(roles=STAFF, of="agreements.Obligation", methods=("POST",))
def obligation_settle(request: HttpRequest, obligation: str) -> HttpResponse:
    """Say that an obligation is done or no longer wanted."""
    user = staff_or_404(request)
    found = Obligation.objects.select_related("agreement").filter(public_id=obligation).first()
    state = request.POST.get("state", "")
    if found is None or state not in (Obligation.State.DONE, Obligation.State.WAIVED):
        raise Http404
    at = now()
    with outcome_told(request, _("Saved.")):
        services.settle_obligation(found, state=state, on=at.date(), by=user, at=at)
    return redirect("agreements:agreement-show", found.agreement.public_id)


@page(roles=STAFF, of="agreements.Agreement", methods=("POST",))
def document_file(request: HttpRequest, agreement: str) -> HttpResponse:
    """File the text of the agreement in one language."""
    user = staff_or_404(request)
    found = _agreement_or_404(request, agreement)
    form = DocumentForm(request.POST, request.FILES, prefix="document")
    if not form.is_valid():
        return _show(request, found, status=422, document_form=form)
    upload = form.cleaned_data["file"]
    with outcome_told(request, _("Saved.")):
        services.file_document(
            found,
            language=form.cleaned_data["language"],
            name=upload.name,
            content=upload.read(services.LARGEST_DOCUMENT + 1),
            by=user,
            at=now(),
        )
    return redirect("agreements:agreement-show", agreement)


@page(roles=SIGNED_IN, of="agreements.Document")
def document_show(request: HttpRequest, document: str) -> HttpResponse:
    """A document as a file, for people of the parties and of clusters."""
    user = signed_in(request)
    agreements = Agreement.objects.readable_by(user).order_by()
    found = Document.objects.filter(public_id=document, agreement__in=agreements.values("pk")).first()
    if found is None:
        raise Http404
    return download_response(
        services.read_document(found), found.name, TYPES[Path(found.file.name or "").suffix]
    )


@page(roles=ROLES, of="directory.ClusterPartnership")
def relation_show(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """The story of two clusters, from the first exchange to today."""
    found = _relation_or_404(request, first, second)
    moments = [(one, one.words()) for one in timeline(found, reader=request.user)]
    context = {"relation": found, "moments": moments, "is_keeper": works_for_a_cluster(request.user)}
    return render(request, "agreements/relation_show.html", context)


@page(roles=STAFF, of="directory.ClusterPartnership", methods=("GET", "POST"))
def milestone_new(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Write down what happened between two clusters."""
    staff_or_404(request)
    relation = _relation_or_404(request, first, second)
    return _edit_milestone(request, Milestone(partnership=relation), _("Step added."))


@page(roles=STAFF, of="agreements.Milestone", methods=("GET", "POST"))
def milestone_edit(request: HttpRequest, milestone: str) -> HttpResponse:
    """Correct what is written of a step of a relation."""
    staff_or_404(request)
    return _edit_milestone(request, _milestone_or_404(request, milestone), _("Saved."))


def _edit_milestone(request: HttpRequest, milestone: Milestone, success: str) -> HttpResponse:
    user, relation = staff_or_404(request), milestone.partnership
    form = MilestoneForm(request.POST or None, instance=milestone)
    if request.method == "POST" and form.is_valid():
        services.save_milestone(form.save(commit=False), by=user, at=now())
        messages.success(request, success)
        return redirect("agreements:relation-show", relation.first.slug, relation.second.slug)
    context = {"form": form, "milestone": milestone, "relation": relation}
    return render(request, "agreements/milestone_edit.html", context, status=422 if form.errors else 200)


@page(roles=STAFF, of="agreements.Milestone", methods=("POST",))
def milestone_remove(request: HttpRequest, milestone: str) -> HttpResponse:
    """Take a step out of the story of a relation."""
    user = staff_or_404(request)
    found = _milestone_or_404(request, milestone)
    services.remove_milestone(found, by=user, at=now())
    messages.success(request, _("Removed."))
    return redirect("agreements:relation-show", found.partnership.first.slug, found.partnership.second.slug)


def _relation_or_404(request: HttpRequest, first: str, second: str) -> ClusterPartnership:
    clusters = Cluster.objects.visible_to(request.user)
    found = (
        ClusterPartnership.objects.select_related("first", "second")
        .filter(Q(first__slug=first, second__slug=second) | Q(first__slug=second, second__slug=first))
        .filter(first__in=clusters, second__in=clusters)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _milestone_or_404(request: HttpRequest, public_id: str) -> Milestone:
    """Whoever may not know of both clusters finds no step of their relation either."""
    clusters = Cluster.objects.visible_to(request.user)
    found = (
        Milestone.objects.select_related("partnership__first", "partnership__second")
        .filter(public_id=public_id, partnership__first__in=clusters, partnership__second__in=clusters)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _agreement_or_404(request: HttpRequest, public_id: str) -> Agreement:
    found = (
        Agreement.objects.visible_to(request.user)
        .with_rights_of(request.user)
        .select_related("predecessor", "partnership__first", "partnership__second")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _signed(agreement: Agreement) -> str:
    day = agreement.signed_on
    return format_known_day(day, agreement.signed_precision) if day else ""


def _chip(standing: str) -> Chip:
    words = {
        "expiring": pgettext("state of an agreement", "expires soon"),
        "expired": pgettext("state of an agreement", "expired"),
    }
    text = words.get(standing) or str(services.State(standing).label)
    return Chip(text=text, tone=TONES.get(standing, ""))  # type: ignore[arg-type]
