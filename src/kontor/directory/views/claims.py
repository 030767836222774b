"""Claims: somebody asks to write for an organisation, and the staff of a cluster answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.forms import ClaimForm
from kontor.directory.models import Organisation, OrganisationClaim
from kontor.directory.permissions import staff_or_404
from kontor.directory.services.claims import claim_organisation, decide_claim
from kontor.errors import DomainError, outcome_told
from kontor.jobs.clock import now
from kontor.routes import SIGNED_IN, STAFF, page

MOST = 200


@page(roles=SIGNED_IN, of="directory.Organisation", methods=("GET", "POST"))
def claim_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Ask to write the profile of an organisation one works for."""
    user = signed_in(request)
    found = (
        Organisation.objects.visible_to(user)
        .exclude(state=Organisation.State.MERGED)
        .filter(public_id=organisation)
        .first()
    )
    if found is None:
        raise Http404
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            claim_organisation(
                found,
                function=form.cleaned_data["function"],
                reason=form.cleaned_data["reason"],
                by=user,
                at=now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent. The staff of the cluster checks it and answers."))
            return redirect("directory:organisation-show", organisation)
    own = OrganisationClaim.objects.filter(user=user, organisation=found)
    context = {"form": form, "organisation": found, "claims": own[:5]}
    return render(request, "directory/claim_new.html", context, status=422 if form.errors else 200)


@page(roles=STAFF)
def claim_list(request: HttpRequest) -> HttpResponse:
    """Claims that this reader may decide, the open ones first."""
    user = staff_or_404(request)
    claims = OrganisationClaim.objects.decidable_by(user).select_related("organisation", "user", "decided_by")
    context = {
        "open": claims.filter(state=OrganisationClaim.State.OPEN).order_by("created_at", "id")[:MOST],
        "decided": claims.exclude(state=OrganisationClaim.State.OPEN).order_by("-decided_at", "-id")[:50],
    }
    return render(request, "directory/claim_list.html", context)


@page(roles=STAFF, of="directory.OrganisationClaim", methods=("POST",))
def claim_decide(request: HttpRequest, organisation_claim: str) -> HttpResponse:
    """Approve or decline."""
    user = signed_in(request)
    found = OrganisationClaim.objects.decidable_by(user).filter(public_id=organisation_claim).first()
    verdict = request.POST.get("verdict", "")
    if found is None or verdict not in ("approve", "decline"):
        raise Http404
    with outcome_told(request, _("Saved.")):
        decide_claim(
            found,
            is_approved=verdict == "approve",
            answer=request.POST.get("answer", "").replace("\0", "")[:1000],
            by=user,
            at=now(),
        )
    return redirect("directory:claim-list")
