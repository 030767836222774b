"""Proposed labels: people propose, operators decide, authors take over what was accepted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError, outcome_told
from kontor.i18n import Words, content_language
from kontor.jobs import clock
from kontor.routes import SIGNED_IN, page
from kontor.topics import services
from kontor.topics.analysis import vocabulary
from kontor.topics.forms import LabelForm
from kontor.topics.models import LabelProposal
from kontor.topics.permissions import can_decide_labels
from kontor.topics.skos import FORMS, write_labels
from kontor.topics.views.data import base
from kontor.topics.views.pages import Topic, chip_of, topic_of
from kontor.ui.downloads import download_response
from kontor.ui.paging import cursor_page


@page(roles=SIGNED_IN, methods=["GET", "POST"])
def propose_label(request: HttpRequest, concept: str) -> HttpResponse:
    """Say what a topic is also called."""
    known = vocabulary()
    if concept not in known:
        raise Http404
    form = LabelForm(request.POST or None, initial={"language": content_language(get_language())})
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_label(known[concept], **form.cleaned_data, by=signed_in(request), at=clock.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The operator of this site decides on your label."))
            return redirect("topics:topic-show", concept)
    context = {"topic": topic_of(known[concept]), "form": form}
    return render(request, "topics/label_propose.html", context, status=422 if form.errors else 200)


@page(roles=["operator"])
def list_proposals(request: HttpRequest) -> HttpResponse:
    """The labels that wait for a decision, or those of another state."""
    _only_those_who_decide(request)
    state = request.GET.get("state", LabelProposal.State.OPEN)
    if state not in LabelProposal.State.values:
        raise Http404
    rows = LabelProposal.objects.visible_to(request.user).filter(state=state).select_related("proposed_by")
    shown = cursor_page(request, rows, ("-created_at", "-id"))
    context = {
        "page": shown,
        "rows": [
            (one, _topic(one.concept_id), Words(one.label, one.language), chip_of(one)) for one in shown.rows
        ],
        "states": LabelProposal.State.choices,
        "state": state,
    }
    return render(request, "topics/proposal_list.html", context)


@page(roles=["operator"], of="topics.LabelProposal", methods=["POST"])
def decide_proposal(request: HttpRequest, proposal: str) -> HttpResponse:
    """Accept or decline one label, as the pressed button says."""
    _only_those_who_decide(request)
    found = get_object_or_404(LabelProposal.objects.visible_to(request.user), public_id=proposal)
    with outcome_told(request):
        services.decide_label(
            found, is_accepted="accept" in request.POST, by=signed_in(request), at=clock.now()
        )
    return redirect("topics:proposal-list")


@page(roles=["operator"])
def download_accepted(request: HttpRequest) -> HttpResponse:
    """What was accepted and is not in the vocabulary yet, as a file for `kontor topics import`."""
    _only_those_who_decide(request)
    accepted = LabelProposal.objects.visible_to(request.user).filter(state=LabelProposal.State.ACCEPTED)
    labels = services.labels_for_authors(vocabulary(), accepted.order_by("id"))
    content = write_labels(labels, form="ttl", base=base())
    return download_response(content, "accepted-labels.ttl", FORMS["ttl"].content_type)


def _topic(concept_id: str) -> Topic | None:
    """None for a concept that is no longer in the vocabulary."""
    known = vocabulary()
    return topic_of(known[concept_id]) if concept_id in known else None


def _only_those_who_decide(request: HttpRequest) -> None:
    if not can_decide_labels(request.user):
        raise Http404
