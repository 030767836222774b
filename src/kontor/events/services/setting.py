"""Set up an event: create, copy, blocks with slots, halls with tables and booths, what lies apart."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Block, Booth, Event, Hall, HallsApart, Interpreter, Organiser, Slot, Table
from kontor.i18n import Text
from kontor.search.services import index


class SlugTaken(DomainError):
    """Another event has this short name."""

    sentence = _('Another event already uses the short name "%(slug)s". Please choose another one.')


class SlotsOverlap(DomainError):
    """Two blocks of one event would cover the same time."""

    sentence = _("This block would overlap the one that begins at %(start)s. Please choose another time.")


class PlaceInUse(DomainError):
    """People were told to meet there or then."""

    sentence = ngettext_lazy(
        "One published meeting takes place there. Publish a plan without it first.",
        "%(count)s published meetings take place there. Publish a plan without them first.",
        "count",
    )


@transaction.atomic
def create_event(event: Event, *, by: User, at: datetime) -> Event:
    """Save a new event; its creator becomes its organiser. Raises SlugTaken."""
    _save_new(event)
    Organiser.objects.create(event=event, user=by)
    record("event_created", by=by, subject=event, at=at)
    index("event", event.public_id)
    return event


@transaction.atomic
def copy_event(
    source: Event, *, slug: str, name: Text, starts_on: date, with_interpreters: bool, by: User, at: datetime
) -> Event:
    """A new event with the halls, tables, blocks (moved by whole days) and, if wished, interpreters of an earlier one."""
    shift = starts_on - source.starts_on
    copy = Event(
        slug=slug,
        name=name,
        place=source.place,
        venue=source.venue,
        zone=source.zone,
        starts_on=starts_on,
        ends_on=source.ends_on + shift,
        request_expiry_h=source.request_expiry_h,
        max_open_requests=source.max_open_requests,
        is_sample=source.is_sample,
    )
    _save_new(copy)
    Organiser.objects.create(event=copy, user=by)
    halls = {}
    for hall in source.halls.prefetch_related("tables", "booths"):
        halls[hall.pk] = new = Hall.objects.create(event=copy, name=hall.name, position=hall.position)
        Table.objects.bulk_create(
            Table(hall=new, number=table.number, name=table.name) for table in hall.tables.all()
        )
        Booth.objects.bulk_create(Booth(hall=new, name=booth.name) for booth in hall.booths.all())
    for apart in HallsApart.objects.filter(first__event=source):
        HallsApart.objects.create(first=halls[apart.first_id], second=halls[apart.second_id])
    for block in source.blocks.all():
        # the same time on the wall, even where summer time ends in between
        local = block.starts_at.astimezone(source.tzinfo).replace(tzinfo=None) + shift
        add_block(
            copy,
            starts_at=local.replace(tzinfo=copy.tzinfo),
            slot_min=block.slot_min,
            break_min=block.break_min,
            num_slots=block.num_slots,
            by=by,
            at=at,
        )
    if with_interpreters:
        Interpreter.objects.bulk_create(
            Interpreter(
                event=copy, person=old.person, pairs=old.pairs, max_run=old.max_run, is_sample=old.is_sample
            )
            for old in source.interpreters.select_related("person")
        )
    index("event", copy.public_id)
    record("event_copied", by=by, subject=copy, at=at, data={"from": source.slug})
    return copy


def _save_new(event: Event) -> None:
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError as error:
        if Event.objects.filter(slug=event.slug).exists():
            raise SlugTaken(slug=event.slug) from error
        raise


@transaction.atomic
def change_event(event: Event, *, by: User, at: datetime) -> None:
    """Save changed fields of an event. Raises SlugTaken."""
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError as error:
        if Event.objects.filter(slug=event.slug).exclude(pk=event.pk).exists():
            raise SlugTaken(slug=event.slug) from error
        raise
    record("event_changed", by=by, subject=event, at=at)
    index("event", event.public_id)


@transaction.atomic
def add_block(
    event: Event,
    *,
    starts_at: datetime,
    slot_min: int,
    break_min: int,
    num_slots: int,
    by: User,
    at: datetime,
) -> Block:
    """A stretch of slots: `num_slots` of `slot_min` minutes with `break_min` between them. Raises SlotsOverlap."""
    Event.objects.select_for_update().get(pk=event.pk)
    step = timedelta(minutes=slot_min + break_min)
    length = timedelta(minutes=slot_min)
    times = [(starts_at + step * index, starts_at + step * index + length) for index in range(num_slots)]
    clash = (
        event.slots.filter(starts_at__lt=times[-1][1], ends_at__gt=starts_at).select_related("block").first()
    )
    if clash is not None:
        raise SlotsOverlap(start=clash.block.starts_at.astimezone(event.tzinfo).strftime("%H:%M"))
    block = Block.objects.create(
        event=event, starts_at=starts_at, slot_min=slot_min, break_min=break_min, num_slots=num_slots
    )
    Slot.objects.bulk_create(
        Slot(event=event, block=block, position=0, starts_at=start, ends_at=end) for start, end in times
    )
    _number_slots(event)
    record(
        "block_added",
        by=by,
        subject=event,
        at=at,
        data={"starts_at": starts_at.isoformat(), "slots": num_slots},
    )
    return block


@transaction.atomic
def remove_block(block: Block, *, by: User, at: datetime) -> None:
    """Remove a block and its slots. Raises PlaceInUse when published meetings lie in it."""
    _delete_unless_used(block)
    _number_slots(block.event)
    record(
        "block_removed", by=by, subject=block.event, at=at, data={"starts_at": block.starts_at.isoformat()}
    )


def _number_slots(event: Event) -> None:
    slots = list(event.slots.order_by("starts_at"))
    for position, slot in enumerate(slots):
        slot.position = position
    Slot.objects.bulk_update(slots, ["position"])


@transaction.atomic
def save_hall(
    hall: Hall, *, tables: list[str], booths: list[str], apart_from: list[Hall], by: User, at: datetime
) -> Hall:
    """Save a hall with exactly these tables, booths and far-away halls; tables that stay keep their rows.

    Raises PlaceInUse when a table that would go has published meetings.
    """
    event = Event.objects.select_for_update().get(pk=hall.event_id)
    if hall._state.adding:  # noqa: SLF001 -- Django documents _state.adding for this question
        last = event.halls.aggregate(last=models.Max("position"))["last"]
        hall.position = 0 if last is None else last + 1
    hall.save()
    kept = {table.name: table for table in hall.tables.all()}
    for name, table in kept.items():
        if name not in tables:
            _delete_unless_used(table)
    # Two steps, since numbers are unique in a hall: first out of the way, then into place.
    hall.tables.update(number=models.F("number") + 100_000)
    for number, name in enumerate(tables, start=1):
        Table.objects.update_or_create(hall=hall, name=name, defaults={"number": number})
    hall.booths.exclude(name__in=booths).delete()
    present = set(hall.booths.values_list("name", flat=True))
    Booth.objects.bulk_create(Booth(hall=hall, name=name) for name in booths if name not in present)
    HallsApart.objects.filter(models.Q(first=hall) | models.Q(second=hall)).delete()
    for other in apart_from:
        first, second = sorted((hall, other), key=lambda one: one.position)
        HallsApart.objects.create(first=first, second=second)
    record("hall_saved", by=by, subject=event, at=at, data={"tables": len(tables), "booths": len(booths)})
    return hall


@transaction.atomic
def remove_hall(hall: Hall, *, by: User, at: datetime) -> None:
    """Remove a hall with its tables. Raises PlaceInUse."""
    _delete_unless_used(hall)
    record("hall_removed", by=by, subject=hall.event, at=at)


def _delete_unless_used(thing: models.Model) -> None:
    """Delete, or say how many published meetings stand in the way."""
    try:
        with transaction.atomic():
            thing.delete()
    except models.ProtectedError as error:
        raise PlaceInUse(count=len(error.protected_objects)) from error
