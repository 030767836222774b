"""Pages of the meeting plan: start and watch a run, the board, what is not placed, move and lock, compare, publish."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.errors import outcome_told
from kontor.events.models import Event
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.meetings.causes import cause_sentence, remedy_sentence
from kontor.meetings.forms import RunForm
from kontor.meetings.models import Meeting, MeetingParty, PlanRun
from kontor.meetings.phrases import join_sentences
from kontor.meetings.queries.board import (
    BoardData,
    BoardMeeting,
    Quality,
    board_of,
    drafts,
    halls_with_tables,
    quality_of,
)
from kontor.meetings.queries.unplaced import names_for, place_words, unplaced_rows
from kontor.meetings.services import plan
from kontor.routes import ORGANISERS, page
from kontor.ui.addresses import row_addresses
from kontor.ui.components import Board, BoardRow, Chip, Kpi, Progress, Seat
from kontor.ui.formatting import format_clock, format_number, format_share

SIZE = 25


def run_or_404(user: User, slug: str, number: int, *, with_files: bool = False) -> PlanRun:
    """A run with its event, for somebody who organises it; one statement, which tells the newest
    publication too. The files only where they are needed."""
    rows = PlanRun.objects.visible_to(user).with_publication().filter(event__slug=slug, number=number)
    run = (rows if with_files else rows.without_files()).select_related("event", "job").first()
    if run is None:
        raise Http404
    return run


@page(roles=ORGANISERS, of="events.Event")
def plan_show(request: HttpRequest, slug: str) -> HttpResponse:
    """The board of a draft with its quality; while a run is at work, its progress."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    number = request.GET.get("draft", "")
    wanted = int(number) if number.isdecimal() and len(number) < 8 else None
    listed = drafts(event)
    if not listed.rows:
        return render(request, "meetings/plan_empty.html", {"event": event, "form": RunForm()})
    run = listed.rows[0]
    if wanted is not None:
        is_listed = (one for one in listed.rows if one.number == wanted)
        run = next(is_listed, None) or run_or_404(user, slug, wanted)
    context: dict[str, Any] = {
        "event": event,
        "run": run,
        "drafts": listed.rows,
        "publication": listed.publication,
        "published_run": listed.published_run,
        "published_edits": listed.published_edits,
        "form": RunForm(),
        "is_at_work": run.state in ("waiting", "running") and not _has_ended(run),
    }
    if context["is_at_work"]:
        return render(request, "meetings/plan_running.html", context | {"progress": _progress(run)})
    if not run.has_draft:
        return render(request, "meetings/plan_failed.html", context)
    slots = list(event.slots.select_related("block").order_by("position"))
    blocks = list({slot.block_id: slot.block for slot in slots}.values())
    halls = halls_with_tables(event)
    if not blocks or not halls:  # removed after the draft was made
        return render(request, "meetings/plan_failed.html", context)
    quality = quality_of(run)
    block = next((one for one in blocks if one.public_id == request.GET.get("block")), blocks[0])
    hall = next((one for one in halls if one.public_id == request.GET.get("hall")), halls[0])
    board = board_of(run, [slot for slot in slots if slot.block_id == block.pk], hall)
    context |= {
        "kpis": _kpis(quality),
        "quality": quality,
        "limit": LIMITS[quality.limit]() if quality.limit in LIMITS else "",
        "board": _board(run, event, board),
        "blocks": blocks,
        "halls": halls,
        "shown_block": block,
        "shown_hall": hall,
    }
    return render(request, "meetings/plan_show.html", context)


def _has_ended(run: PlanRun) -> bool:
    return run.job is None or run.job.is_finished


def _progress(run: PlanRun) -> Progress:
    figures: dict[str, Any] = run.job.progress if run.job else {}
    total = int(figures.get("total", 0))
    placed = int(figures.get("placed", 0))
    if not figures:
        sentence = (
            _("The run waits for a worker.") if run.state == "waiting" else _("The problem is being set up.")
        )
    else:
        sentence = _(
            "%(placed)s meetings placed, at most %(most)s possible; %(gaps)s gaps, at least %(fewest)s; %(seconds)s s."
        ) % {
            "placed": format_number(placed),
            "most": format_number(min(total, int(figures.get("bound_priority", total)))),
            "gaps": format_number(int(figures.get("gaps", 0))),
            "fewest": format_number(int(figures.get("bound_gaps", 0))),
            "seconds": format_number(int(figures.get("seconds", 0))),
        }
    return Progress(
        done=placed,
        total=total,
        sentence=sentence,
        is_finished=_has_ended(run),
        poll_url=reverse("meetings:run-progress", args=[run.event.slug, run.number]),
    )


@page(roles=ORGANISERS, of="meetings.PlanRun")
def run_progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The moving part of a run; when it has ended, the whole page is asked for."""
    run = run_or_404(signed_in(request), slug, number)
    response = render(request, "ui/components/progress.html", {"progress": _progress(run)})
    if _has_ended(run):
        response["HX-Refresh"] = "true"
    return response


def _kpis(quality: Quality) -> list[Kpi]:
    below = quality.most - quality.placed
    if below <= 0:
        chip = Chip(text=_("no plan places more"), tone="ok")
    else:
        chip = Chip(
            text=ngettext("%(count)s below the upper bound", "%(count)s below the upper bound", below)
            % {"count": below},
            tone="ok" if below <= max(3, quality.most // 100) else "warn",
        )
    per_person = quality.gaps / quality.num_people if quality.num_people else 0
    fewest = quality.fewest_gaps / quality.num_people if quality.num_people else 0
    busy = quality.interpreted / quality.interpreter_seats if quality.interpreter_seats else 0
    return [
        Kpi(
            label=_("Meetings placed"),
            value=format_number(quality.placed),
            of=_("of %(total)s") % {"total": format_number(quality.total)},
            chip=chip,
        ),
        Kpi(
            label=_("Gaps per person"),
            value=format_number(round(per_person, 2), 2),
            note=_("at most %(most)s each · lower bound %(bound)s")
            % {"most": quality.max_gaps, "bound": format_number(round(fewest, 2), 2)}
            if quality.fewest_gaps
            else _("at most %(most)s each") % {"most": quality.max_gaps},
        ),
        Kpi(
            label=_("Interpreters busy"),
            value=format_share(busy),
            note=_("%(interpreted)s of %(seats)s interpreter slots")
            % {
                "interpreted": format_number(quality.interpreted),
                "seats": format_number(quality.interpreter_seats),
            },
        ),
        Kpi(
            label=_("People without a meeting"),
            value=format_number(quality.num_without),
            of=_("of %(total)s") % {"total": format_number(quality.num_people + quality.num_without)},
            note=_("of those who agreed to meet somebody"),
        ),
    ]


LIMITS = {
    "H4": lambda: _("Interpreters are the limit."),
    "H3": lambda: _("Tables are the limit."),
    "H1": lambda: _("The time of the people is the limit."),
    "H2": lambda: _("The time of the people is the limit."),
}
"""What stops most of the unplaced meetings, by hard rule."""


def _board(run: PlanRun, event: Event, data: BoardData) -> Board:
    language = get_language() or "en"
    url = row_addresses("meetings:plan-move", event.slug, str(run.number))
    return Board(
        caption=_("Meeting plan: tables and time slots"),
        corner=_("Table"),
        slots=[format_clock(moment, event.zone) for moment in data.slots],
        rows=[
            BoardRow(label=label, seats=[_seat(cell, url, language) if cell else None for cell in cells])
            for label, cells in data.rows
        ],
    )


def _seat(cell: BoardMeeting, url: Callable[[str], str], language: str) -> Seat:
    names = [name.for_reader(language).text for name in cell.names]
    return Seat(
        text=" × ".join(_shortened(name) for name in names),
        state="fixed" if cell.is_locked else "interpreter" if cell.has_interpreter else "meeting",
        url=url(cell.public_id),
        detail=" × ".join(names),
    )


def _shortened(name: str) -> str:
    """The telling beginning of a long organisation's name."""
    if any("\u4e00" <= character <= "\u9fff" for character in name):
        return name[:6]
    first, *rest = name.split()
    return first if len(first) > 5 or not rest else f"{first} {rest[0]}"


@page(roles=ORGANISERS, of="events.Event", methods=("POST",))
def plan_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a run, from scratch or from a draft."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    form = RunForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose how long to search."))
        return redirect("meetings:plan-show", slug)
    number = request.POST.get("continues", "")
    continues = event.plan_runs.filter(number=number).first() if number.isdecimal() else None
    with outcome_told(request):
        plan.start_run(
            event,
            seconds=form.cleaned_data["seconds"],
            may_move_published=form.cleaned_data["may_move_published"],
            continues=continues,
            by=user,
            at=now(),
        )
    return redirect("meetings:plan-show", slug)


@page(roles=ORGANISERS, of="meetings.PlanRun", methods=("POST",))
def run_stop(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """End a run with the best plan found so far."""
    user = signed_in(request)
    plan.stop_run(run_or_404(user, slug, number), by=user, at=now())
    messages.success(request, _("The run ends with the best plan it has found so far."))
    return redirect("meetings:plan-show", slug)


@page(roles=ORGANISERS, of="meetings.PlanRun")
def plan_unplaced(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The meetings without a place, each with its cause and the cheapest remedy."""
    run = run_or_404(signed_in(request), slug, number)
    event = run.event
    if not run.has_draft:
        raise Http404
    start = int(after) if (after := request.GET.get("from", "")).isdecimal() and len(after) < 6 else 0
    rows, total = unplaced_rows(run, start=start, size=SIZE)
    names = names_for(event, rows, get_language() or "en")
    shown = [
        {
            "row": row,
            "causes": join_sentences(cause_sentence(cause, names) for cause in row.causes[:3]),
            "remedy": remedy_sentence(row.remedy, row.places, names) if row.remedy else "",
        }
        for row in rows
    ]
    context = {
        "event": event,
        "run": run,
        "rows": shown,
        "total": total,
        "next_from": start + SIZE if start + SIZE < total else None,
        "previous_from": max(0, start - SIZE) if start else None,
    }
    return render(request, "meetings/plan_unplaced.html", context)


@page(roles=ORGANISERS, of="meetings.Meeting", methods=("GET", "POST"))
def plan_move(request: HttpRequest, slug: str, number: int, meeting: str) -> HttpResponse:
    """One meeting of a draft: where it is, where else it could be, lock it there."""
    user = signed_in(request)
    run = run_or_404(user, slug, number, with_files=True)
    parties = list(
        MeetingParty.objects.filter(
            meeting__event=run.event_id, meeting__public_id=meeting, meeting__state=Meeting.State.AGREED
        )
        .select_related("meeting__booth", "participation__person", "participation__organisation")
        .order_by("side", "id")
    )
    if not parties or meeting not in run.plan.get("meetings", {}):
        raise Http404
    row = parties[0].meeting
    if request.method == "POST":
        with outcome_told(request):
            _change_place(request, run, row, user=user)
        return redirect("meetings:plan-move", slug, number, meeting)
    words = place_words(
        run.event, booth=row.booth.name if row.booth else "", with_interpreters=bool(row.pair)
    )
    current = run.plan["meetings"][meeting]
    context = {
        "event": run.event,
        "run": run,
        "meeting": row,
        "parties": parties,
        "current": words(current) if current else None,
        "places": [words(place) for place in plan.places_for(run, meeting) if place != current],
    }
    return render(request, "meetings/plan_move.html", context)


def _change_place(request: HttpRequest, run: PlanRun, meeting: Meeting, *, user: User) -> None:
    act = request.POST.get("act", "")
    edits = int(value) if (value := request.POST.get("num_edits", "")).isdecimal() else -1
    if act in ("lock", "unlock"):
        plan.set_lock(run, meeting, is_locked=act == "lock", by=user, at=now())
        messages.success(
            request, _("Locked: later runs leave it there.") if act == "lock" else _("No longer locked.")
        )
        return
    place = None
    if act == "move":
        parts = request.POST.get("place", "").split("|")
        if len(parts) != 4 or not parts[0].isdecimal() or not (parts[2] == "" or parts[2].isdecimal()):
            raise plan.NoSuchPlace
        place = {
            "slot": int(parts[0]),
            "hall": parts[1],
            "table": int(parts[2]) if parts[2] else None,
            "interpreter": parts[3] or None,
        }
    plan.move_meeting(run, meeting.public_id, place=place, num_edits=edits, by=user, at=now())
    messages.success(request, _("The draft is changed. Nobody is told before you publish it."))
