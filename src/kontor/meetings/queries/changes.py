"""What a draft would change for people, against the plan they know."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When
from django.db.models.functions import Coalesce

from kontor.events.models import Event, Interpreter, Participation
from kontor.i18n import Text
from kontor.meetings.models import Meeting, PlanRun, Publication
from kontor.meetings.queries.parties import organisations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a draft would change for people, against the published plan; numbers of meetings."""

    new: int
    moved: int
    """to another slot, hall or table"""
    removed: int
    replaced: int
    """only the interpreter is another one"""
    num_people: int
    """participants and interpreters who would be told"""

    @property
    def is_empty(self) -> bool:
        """Whether publishing would change nothing."""
        return not (self.new or self.moved or self.removed or self.replaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMeeting:
    """A meeting whose place differs between the published plan and a draft."""

    kind: str
    """new, moved or removed"""
    names: tuple[Text, ...]
    before: tuple[datetime, Text, str] | None
    """(start, hall, table or booth)"""
    after: tuple[datetime, Text, str] | None


if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    class _Difference(TypedDict):
        kind: str
        interpreter_before: int
        interpreter_after: int


def _changes(run: PlanRun) -> "QuerySet[WithAnnotations[Meeting, _Difference]]":
    """The meetings for which a draft differs from what people know; `kind` says how.

    new, moved (slot, hall or table), removed, or replaced: only the interpreter is another one.
    """
    no_table = Value(0)
    is_kept = Q(state=Meeting.State.AGREED, draft__slot__isnull=False)
    is_seated = Q(seat__isnull=False)
    stays = Q(seat__slot=F("draft__slot"), seat__hall=F("draft__hall"), table_before=F("table_after"))
    placed = Meeting.objects.filter(event=run.event_id).annotate(
        draft=FilteredRelation("drafts", condition=Q(drafts__run=run.pk)),
        table_before=Coalesce("seat__table", no_table),
        table_after=Coalesce("draft__table", no_table),
        interpreter_before=Coalesce("seat__interpreter", Value(0)),
        interpreter_after=Coalesce("draft__interpreter", Value(0)),
    )
    kind = Case(
        When(is_kept & ~is_seated, then=Value("new")),
        When(is_seated & ~is_kept, then=Value("removed")),
        When(~is_kept, then=Value("")),
        When(~stays, then=Value("moved")),
        When(~Q(interpreter_before=F("interpreter_after")), then=Value("replaced")),
        default=Value(""),
    )
    return placed.annotate(kind=kind).exclude(kind="")  # type: ignore[return-value]  # named otherwise by the plugin


def moved_meetings(run: PlanRun, *, size: int) -> list[MovedMeeting]:
    """What moves for whom and what is taken out, in order of time; two statements."""
    rows = _changes(run).filter(kind__in=("moved", "removed"))
    found = list(
        rows.order_by(Coalesce("draft__slot__starts_at", "seat__slot__starts_at"), "id").values_list(
            "id",
            "kind",
            "booth__name",
            "seat__slot__starts_at",
            "seat__hall__name",
            "seat__table__name",
            "draft__slot__starts_at",
            "draft__hall__name",
            "draft__table__name",
        )[:size]
    )
    names = organisations_of(row[0] for row in found)
    return [
        MovedMeeting(
            kind=kind,
            names=tuple(names.get(meeting, ())),
            before=(before, old_hall, old_table or booth or ""),
            after=(after, hall, table or booth or "") if kind == "moved" else None,
        )
        for meeting, kind, booth, before, old_hall, old_table, after, hall, table in found
    ]


def compare_with_published(run: PlanRun) -> Difference:
    """How many meetings change, and how many people hear of it; three statements."""
    changes = _changes(run)
    counts = dict(changes.order_by().values_list("kind").annotate(num=Count("id")))
    told = changes.exclude(kind="replaced")
    people = Participation.objects.filter(meeting_parties__meeting__in=told.values("pk"))
    interpreters = Interpreter.objects.filter(
        Q(pk__in=changes.values("interpreter_before"))
        | Q(pk__in=changes.exclude(kind="removed").values("interpreter_after"))
    )
    return Difference(
        new=counts.get("new", 0),
        moved=counts.get("moved", 0),
        removed=counts.get("removed", 0),
        replaced=counts.get("replaced", 0),
        num_people=people.distinct().count() + interpreters.count(),
    )


def latest_publication(event: Event) -> Publication | None:
    """The plan people know."""
    return event.publications.order_by("-number").first()
