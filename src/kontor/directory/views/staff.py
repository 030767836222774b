"""What the staff of clusters keeps in order: doubles, stale profiles, memberships, the list as a file."""

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.countries import country_name
from kontor.directory.models import Cluster, Membership, Organisation, OrganisationMerge
from kontor.directory.permissions import can_manage_cluster, staff_or_404
from kontor.directory.places import place_words
from kontor.directory.queries import duplicate_candidates
from kontor.directory.services import clusters
from kontor.directory.services.merging import keep_apart, merge_organisations, undo_merge
from kontor.directory.views.pages import ORDER, filtered, language_names
from kontor.errors import outcome_told
from kontor.i18n.text import LANGUAGES
from kontor.jobs.clock import now
from kontor.routes import STAFF, page
from kontor.ui.downloads import download_response
from kontor.ui.paging import cursor_page
from kontor.ui.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes

MOST_PAIRS = 50
MOST_MERGES = 20
State = Membership.State
STEPS: dict[str, tuple[str, ...]] = {
    State.APPLIED: ("accept", "end"),
    State.ACCEPTED: ("activate", "end"),
    State.ACTIVE: ("suspend", "end"),
    State.SUSPENDED: ("resume", "end"),
    State.ENDED: (),
}


# Doubles


@page(roles=STAFF)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one organisation, and the merges that can be undone."""
    staff_or_404(request)
    reasons = {
        "name": pgettext("reason for a double", "like name"),
        "domain": pgettext("reason for a double", "same website"),
        "sound": pgettext("reason for a double", "sounds alike"),
    }
    context = {
        "pairs": [
            (
                pair,
                [reasons[one] for one in pair.reasons],
                *(place_words(one.place, "") for one in (pair.first, pair.second)),
            )
            for pair in duplicate_candidates(limit=MOST_PAIRS)
        ],
        "merges": OrganisationMerge.objects.filter(undone_at=None).select_related(
            "survivor", "duplicate", "merged_by"
        )[:MOST_MERGES],
    }
    return render(request, "directory/duplicate_list.html", context)


@page(roles=STAFF, methods=("POST",))
def duplicate_decide(request: HttpRequest) -> HttpResponse:
    """Merge two organisations into the one that was chosen, or keep them apart for good."""
    user = staff_or_404(request)
    first, second = (_known_organisation(request.POST.get(name, "")) for name in ("first", "second"))
    verdict = request.POST.get("verdict", "")
    acts: dict[str, Callable[[], object]] = {
        "first": lambda: merge_organisations(first, duplicate=second, by=user, at=now()),
        "second": lambda: merge_organisations(second, duplicate=first, by=user, at=now()),
        "apart": lambda: keep_apart(first, second, by=user, at=now()),
    }
    if verdict not in acts:
        raise Http404
    with outcome_told(request, _("Saved.")):
        acts[verdict]()
    return redirect("directory:duplicate-list")


@page(roles=STAFF, of="directory.OrganisationMerge", methods=("POST",))
def merge_undo(request: HttpRequest, merge: str) -> HttpResponse:
    """Two organisations again."""
    user = staff_or_404(request)
    found = OrganisationMerge.objects.filter(public_id=merge).first()
    if found is None:
        raise Http404
    with outcome_told(request, _("Saved.")):
        undo_merge(found, by=user, at=now())
    return redirect("directory:duplicate-list")


def _known_organisation(public_id: str) -> Organisation:
    found = Organisation.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


# What grows old


@page(roles=STAFF)
def stale_list(request: HttpRequest) -> HttpResponse:
    """Published organisations of one's clusters that nobody confirmed for twelve months."""
    user = staff_or_404(request)
    found = Organisation.objects.editable_by(user).stale(now())
    return render(request, "directory/stale_list.html", {"page": cursor_page(request, found, ORDER)})


# Members


@page(roles=STAFF, of="directory.Cluster")
def membership_list(request: HttpRequest, cluster: str) -> HttpResponse:
    """Applications and members of a cluster, with the next steps."""
    found = Cluster.objects.managed_by(signed_in(request)).filter(slug=cluster).first()
    if found is None:
        raise Http404
    steps = _step_words()
    rows = Membership.objects.filter(cluster=found).select_related("organisation")
    listed = cursor_page(request, rows, ("organisation__sort_key", "id"), size=100)
    context = {
        "cluster": found,
        "page": listed,
        "rows": [(one, [(step, steps[step]) for step in STEPS[one.state]]) for one in listed.rows],
    }
    return render(request, "directory/membership_list.html", context)


def _step_words() -> dict[str, str]:
    return {
        "accept": pgettext("membership", "Accept"),
        "activate": pgettext("membership", "Begins today"),
        "suspend": pgettext("membership", "Suspend"),
        "resume": pgettext("membership", "Resume"),
        "end": pgettext("membership", "End today"),
    }


@page(roles=STAFF, of="directory.Membership", methods=("POST",))
def membership_move(request: HttpRequest, membership: str) -> HttpResponse:
    """The next step of a membership; declining an application ends it."""
    user, at = signed_in(request), now()
    found = Membership.objects.select_related("cluster").filter(public_id=membership).first()
    step = request.POST.get("step", "")
    if found is None or not can_manage_cluster(user, found.cluster) or step not in _step_words():
        raise Http404
    acts: dict[str, Callable[[], object]] = {
        "accept": lambda: clusters.accept_membership(found, by=user, at=at),
        "activate": lambda: clusters.activate_membership(found, since=at.date(), by=user, at=at),
        "suspend": lambda: clusters.suspend_membership(found, by=user, at=at),
        "resume": lambda: clusters.resume_membership(found, by=user, at=at),
        "end": lambda: clusters.end_membership(found, until=at.date(), by=user, at=at),
    }
    with outcome_told(request, _("Saved.")):
        acts[step]()
    return redirect("directory:membership-list", found.cluster.slug)


# The list as a file


@page(roles=STAFF)
def organisation_export(request: HttpRequest, form: str) -> HttpResponse:
    """The published organisations that fit the filters, as CSV or XLSX."""
    staff_or_404(request)
    title = pgettext("title", "Organisations")
    header, rows = _header(), _rows(request)
    if form == "csv":
        return download_response(csv_bytes(header, rows), f"{title}.csv", CSV_TYPE)
    return download_response(xlsx_bytes(title, header, rows), f"{title}.xlsx", XLSX_TYPE)


def _header() -> list[str]:
    names = language_names()
    return [
        *(_("Name (%(language)s)") % {"language": names[language]} for language in LANGUAGES),
        _("Kind"),
        _("Country"),
        _("Place"),
        _("Website"),
        pgettext("employees", "Staff"),
        _("Founded"),
        pgettext("organisation", "Checked"),
    ]


def _rows(request: HttpRequest) -> Iterator[list[str | int | None]]:
    language = get_language() or "en"
    for one in filtered(request).order_by(*ORDER).iterator(chunk_size=2000):
        yield [
            *(one.name.in_language(code) for code in LANGUAGES),
            one.get_kind_display(),
            country_name(one.country, language) if one.country else "",
            one.place,
            one.website,
            one.num_staff,
            one.founded_in,
            one.get_verification_display(),
        ]
