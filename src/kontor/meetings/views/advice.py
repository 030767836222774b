"""Pages about what cannot be planned, and about what further changes would buy."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError, outcome_told
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.meetings.causes import cause_sentence
from kontor.meetings.models import CurvePoint, PlanCheck
from kontor.meetings.phrases import join_sentences
from kontor.meetings.queries.conflicts import conflict_rows
from kontor.meetings.services import advice
from kontor.meetings.views.plan import run_or_404
from kontor.routes import ORGANISERS, page
from kontor.ui.charts import LineChart, line_chart
from kontor.ui.formatting import format_number

MENDED_AT = {"H3": "events:event-halls", "H4": "events:interpreter-list", "H6": "meetings:request-list"}
"""where the facts of a rule are changed; people are changed on their own pages"""


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def plan_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What cannot all be placed, whatever the plan: the smallest contradicting facts, and where to mend them."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    if request.method == "POST":
        with outcome_told(request):
            advice.check_event(event, by=user, at=now())
        return redirect("meetings:plan-check", slug)
    check = PlanCheck.objects.filter(event=event).first()
    rows, names = conflict_rows(event, check, get_language() or "en") if check else ([], None)
    context = {
        "event": event,
        "check": check,
        "rows": [
            {
                "row": row,
                "sentence": join_sentences(cause_sentence(fact, names) for fact in row.facts),
                "url": reverse(MENDED_AT[row.rule], args=[slug]) if row.rule in MENDED_AT else "",
                "num_more": row.num_meetings - len(row.meetings),
            }
            for row in rows
            if names is not None
        ],
    }
    return render(request, "meetings/plan_check.html", context)


@page(roles=ORGANISERS, of="meetings.PlanRun", methods=("GET", "POST"))
def plan_curve(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """After a repair: gaps against changed meetings; a point of the curve becomes the draft."""
    user = signed_in(request)
    run = run_or_404(user, slug, number)
    if not (run.is_repair and run.has_draft):
        raise Http404
    if request.method == "POST":
        point = request.POST.get("point", "")
        if not point.isdecimal() or len(point) > 3:
            advice.ask_for_curve(run)
            messages.success(request, _("The curve is being drawn. Load this page again in some seconds."))
            return redirect("meetings:plan-curve", slug, number)
        try:
            advice.take_point(run, int(point), by=user, at=now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("meetings:plan-curve", slug, number)
        return redirect("meetings:plan-show", slug)
    points = list(CurvePoint.objects.filter(run=run).defer("places"))
    chart = _curve_chart(points) if len({point.changes for point in points}) > 1 else None
    context = {
        "event": run.event,
        "run": run,
        "points": points,
        "finding": _finding(points) if points else "",
        "chart": chart,
    }
    return render(request, "meetings/plan_curve.html", context)


def _finding(points: Sequence[CurvePoint]) -> str:
    """What the curve says in one sentence."""
    fewest, best = points[0], min(points, key=lambda point: (point.gaps, point.changes))
    more, saved = best.changes - fewest.changes, fewest.gaps - best.gaps
    if saved <= 0:
        return _("Moving more meetings does not lead to fewer gaps.")
    facts = {"more": format_number(more), "saved": format_number(saved)}
    return (
        ngettext(
            "Moving %(more)s more meeting lowers the number of gaps by %(saved)s.",
            "Moving %(more)s more meetings lowers the number of gaps by %(saved)s.",
            more,
        )
        % facts
    )


def _curve_chart(points: Sequence[CurvePoint]) -> LineChart:
    first, last = points[0].changes, points[-1].changes
    return line_chart(
        _finding(points),
        [format_number(point.changes) for point in points],
        [(_("Gaps"), [float(point.gaps) for point in points])],
        label_heading=_("Changed meetings"),
        axis_name=_("Changed meetings"),
        positions=[(point.changes - first) / (last - first) for point in points],
    )
