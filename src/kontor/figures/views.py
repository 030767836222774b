"""Pages of figures: whose figures there are, the figures of one subject with their history, one claim with its source."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kontor.directory.models import Cluster, Organisation
from kontor.directory.permissions import staff_or_404, works_for_a_cluster
from kontor.errors import outcome_told
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.forms import ClaimForm, WithdrawForm
from kontor.figures.models import Claim, Subject
from kontor.figures.queries import Figure, figures
from kontor.figures.services import enter_claim, withdraw_claim
from kontor.i18n import LANGUAGES, Words
from kontor.jobs.clock import now
from kontor.routes import ROLES, STAFF, page
from kontor.ui.charts import LineChart, line_chart

MOST_SUBJECTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCard:
    """One measure as a reader sees it."""

    figure: Figure
    title: str
    amount: str
    sentence: str
    wordings: list[Words]
    """the same sentence ready for a text in each of the three languages"""
    differing: list[tuple[Claim, str]]
    unchanged_since: str
    """the day since when the same number is repeated, "" where it is not"""
    chart: LineChart | None
    claims: list[tuple[Claim, str, bool]]
    """claim, its words, whether its unit looks wrong"""


@page(roles=ROLES)
def figure_list(request: HttpRequest) -> HttpResponse:
    """Whose figures there are, each with its best ones."""
    today = now().date()
    by_subject: dict[tuple[str, int], list[Claim]] = {}
    claims = (
        Claim.objects.visible_to(request.user)
        .with_standing()
        .select_related("organisation", "cluster", "event")
    )
    for claim in claims.order_by("-id")[: MOST_SUBJECTS * 20]:
        by_subject.setdefault((claim.kind, claim.subject.pk), []).append(claim)
    rows = []
    for (kind, _pk), own in list(by_subject.items())[:MOST_SUBJECTS]:
        if found := figures(own, on=today):
            rows.append((kind, own[0].subject, [wording.sentence(one.best) for one in found]))
    rows.sort(key=lambda row: (row[0] != "cluster", row[0], -len(row[2]), row[1].pk))
    return render(request, "figures/figure_list.html", {"rows": rows})


@page(roles=ROLES, of="figures.Claim")
def subject_show(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """The figures of one organisation, cluster or event: best claim, contradictions, course over time.

    `?on=2015-12-31` shows what was known on another day.
    """
    about = _subject_or_404(request, kind, subject)
    today = now().date()
    on = _day(request.GET.get("on", "")) or today
    claims = list(Claim.objects.about(about).with_standing())
    later = [one.as_of for one in claims if one.as_of and one.as_of > on and one.is_live]
    context = {
        "subject": about,
        "kind": kind,
        "cards": [_card(one) for one in figures(claims, on=on)],
        "on": on,
        "today": today,
        "num_later": len(later),
        "last_day": max(later, default=on),
        "is_keeper": works_for_a_cluster(request.user),
    }
    return render(request, "figures/subject_show.html", context)


@page(roles=ROLES, of="figures.Claim")
def claim_show(request: HttpRequest, claim: str) -> HttpResponse:
    """One claim: its words, its source, what became of it."""
    found = _claim_or_404(request, claim)
    is_keeper = works_for_a_cluster(request.user)
    context = {
        "claim": found,
        "sentence": wording.sentence(found),
        "is_keeper": is_keeper,
        "form": WithdrawForm() if is_keeper and found.withdrawn_at is None else None,
    }
    return render(request, "figures/claim_show.html", context)


@page(roles=STAFF, of="figures.Claim", methods=("GET", "POST"))
def claim_new(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Enter what somebody said."""
    user = staff_or_404(request)
    about = _subject_or_404(request, kind, subject)
    form = ClaimForm(request.POST or None, instance=Claim(**{kind: about}))
    if request.method == "POST" and form.is_valid():
        claim = enter_claim(form.save(commit=False), by=user, at=now())
        doubtful = {
            pk
            for one in figures(Claim.objects.about(about).with_standing(), on=date.max)
            for pk in one.doubtful
        }
        if claim.pk in doubtful:
            messages.warning(
                request,
                _(
                    "Entered as the source has it. The number is about a thousand times smaller or larger "
                    "than the others: is the unit right? It is marked and not shown as the best figure."
                ),
            )
        else:
            messages.success(request, _("Entered. It stands beside the earlier claims."))
        return redirect("figures:subject-show", kind, subject)
    return render(request, "figures/claim_new.html", {"form": form, "subject": about, "kind": kind})


@page(roles=STAFF, of="figures.Claim", methods=("POST",))
def claim_withdraw(request: HttpRequest, claim: str) -> HttpResponse:
    """Say that a claim no longer stands, and why."""
    user = staff_or_404(request)
    found = _claim_or_404(request, claim)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        context = {"claim": found, "sentence": wording.sentence(found), "is_keeper": True, "form": form}
        return render(request, "figures/claim_show.html", context, status=422)
    with outcome_told(request, _("Withdrawn. It stays on record, and texts that quote it are marked.")):
        withdraw_claim(found, reason=form.cleaned_data["reason"], by=user, at=now())
    return redirect("figures:claim-show", claim)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _subject_or_404(request: HttpRequest, kind: str, public_id: str) -> Subject:
    models = {"organisation": Organisation, "cluster": Cluster, "event": Event}
    if kind not in models:
        raise Http404
    found: Subject | None = models[kind].objects.visible_to(request.user).filter(public_id=public_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _claim_or_404(request: HttpRequest, public_id: str) -> Claim:
    found = (
        Claim.objects.visible_to(request.user)
        .with_standing()
        .select_related("organisation", "cluster", "event", "supersedes")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _card(figure: Figure) -> FigureCard:
    language = get_language()
    best = figure.best
    since = figure.unchanged_since
    return FigureCard(
        figure=figure,
        title=str(best.get_measure_display()),
        amount=wording.amount(best, language, is_short=True),
        sentence=wording.sentence(best, language),
        wordings=[Words(wording.sentence(best, one), one) for one in LANGUAGES],
        differing=[(one, wording.sentence(one, language)) for one in figure.differing],
        unchanged_since=wording.as_of(since, language) if since else "",
        chart=_chart(figure),
        claims=[(one, wording.sentence(one, language), one.pk in figure.doubtful) for one in figure.claims],
    )


def _chart(figure: Figure) -> LineChart | None:
    """The course over time, where at least three dated claims in one unit show one; what others report is a line of its own."""
    own, reported = (
        [one for one in claims if one.unit == figure.best.unit] for claims in (figure.series, figure.reported)
    )
    if len(own) < 2 or len(own) + len(reported) < 3:
        return None
    first, last = own[0], own[-1]
    words = {
        "first": wording.amount(first),
        "begin": _year(first),
        "last": wording.amount(last),
        "end": _year(last),
    }
    title = _("From %(first)s (%(begin)s) to %(last)s (%(end)s)") % words
    if reported and _as_of(reported[-1]) > _as_of(last):
        words |= {"other": wording.amount(reported[-1]), "when": _year(reported[-1])}
        title = _("From %(first)s (%(begin)s) to %(last)s (%(end)s); others say %(other)s (%(when)s)") % words
    marks = sorted([*own, *reported], key=_as_of)
    begin, end = _as_of(marks[0]), _as_of(marks[-1])
    lines = [
        (pgettext("course of a figure", "own"), own),
        (pgettext("course of a figure", "others"), reported),
    ]
    if not reported:
        lines = [(str(figure.best.get_measure_display()), own)]
    return line_chart(
        title,
        [wording.as_of(one, is_short=True) for one in marks],
        [(name, [float(one.value) if one in claims else None for one in marks]) for name, claims in lines],
        label_heading=_("As of"),
        positions=[(_as_of(one) - begin) / max(end - begin, 1) for one in marks],
    )


def _as_of(claim: Claim) -> int:
    """The day of a claim as a number; a course has dated claims only."""
    return claim.as_of.toordinal() if claim.as_of else 0


def _year(claim: Claim) -> str:
    return str(claim.as_of.year) if claim.as_of else ""
