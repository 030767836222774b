"""The setting of an event: when and where people can meet."""

from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User


class EventQuerySet(models.QuerySet["Event"]):
    """Events: announced ones are public, drafts belong to their organisers."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What this user may know of: announced events, and those they organise, attend or interpret at."""
        if not user.is_authenticated:
            return self.filter(is_announced=True)
        if user.is_superuser:
            return self
        return self.filter(
            Q(is_announced=True)
            | Q(organisers__user=user)
            | Q(participations__person__user=user)
            | Q(interpreters__person__user=user)
        ).distinct()

    def organised_by(self, user: "User | AnonymousUser") -> Self:
        """The events this user organises."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(organisers__user=user)


class Event(models.Model):
    """An edition of a conference or matchmaking day, in one place and zone."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = TextField(_("name"))
    place = TextField(_("city"))
    venue = TextField(_("venue"), blank=True)
    zone = models.CharField(_("time zone of the place"), max_length=50, default="Asia/Shanghai")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_announced = models.BooleanField(_("visible to everybody"), default=False)
    requests_open_at = models.DateTimeField(_("requests open"), null=True, blank=True)
    requests_close_at = models.DateTimeField(_("requests close"), null=True, blank=True)
    request_expiry_h = models.PositiveIntegerField(_("hours until a request expires"), default=72)
    max_open_requests = models.PositiveIntegerField(_("open requests per person"), default=15)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="an_event_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone of the place."""
        return ZoneInfo(self.zone)


class Organiser(models.Model):
    """Somebody who may do everything in one event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="organisers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organising")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "user"], name="an_organiser_is_named_once_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} organises {self.event_id}"


class Hall(models.Model):
    """A hall with tables, booths, or both."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="halls")
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    name = TextField(_("name of the hall"))
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "position"], name="one_hall_per_position")
        ]

    def __str__(self) -> str:
        return str(self.name)


class HallsApart(models.Model):
    """Two halls too far from each other for two adjacent slots; `first` has the smaller position."""

    first = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="two_halls_are_apart_once")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"


class Table(models.Model):
    """A table; `number` (from 1, without holes) is what the planning engine calls it, `name` what people read."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveIntegerField()
    name = models.CharField(_("table"), max_length=20)

    class Meta:
        ordering: ClassVar = ["hall", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "number"], name="one_table_per_hall_and_number"),
            models.UniqueConstraint(fields=["hall", "name"], name="one_table_per_hall_and_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """A stretch of time with slots, on one day, without a long break."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="blocks")
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    slot_min = models.PositiveIntegerField(_("minutes of a meeting"), default=20)
    break_min = models.PositiveIntegerField(_("minutes between meetings"), default=5)
    num_slots = models.PositiveIntegerField(_("number of slots"))

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "starts_at"], name="one_block_per_event_and_beginning"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Slot(models.Model):
    """One meeting time. `position` counts over the whole event from 0, in order of time."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="slots")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "starts_at"], name="one_slot_per_event_and_beginning"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class TableClosure(models.Model):
    """A table that cannot be used in one slot; in no slot at all where `slot` is empty."""

    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="closures")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # two, since SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(fields=["table", "slot"], name="one_closure_per_table_and_slot"),
            models.UniqueConstraint(
                fields=["table"], condition=Q(slot__isnull=True), name="one_closure_per_table"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table_id} closed in {self.slot_id or 'every slot'}"


class Booth(models.Model):
    """A stand in a hall; meetings of its exhibitors are held there and need no table."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="booths")
    name = models.CharField(_("booth"), max_length=20)

    class Meta:
        ordering: ClassVar = ["hall", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "name"], name="one_booth_per_hall_and_name")
        ]

    def __str__(self) -> str:
        return self.name
