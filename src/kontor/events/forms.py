"""Forms of an event's setting and its people."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kontor.directory.countries import country_choices
from kontor.directory.lists.availability import read_availability
from kontor.directory.lists.phrases import ImpossibleTime
from kontor.directory.models import Person
from kontor.directory.names import NameOrder, PersonName
from kontor.events.models import Booth, Event, Hall, Participation
from kontor.events.services.people import busy_beside, event_days
from kontor.events.table_names import NotARange, format_names, parse_names
from kontor.i18n.fields import TextFormField
from kontor.jobs.clock import now
from kontor.ui.zones import zone_choices

SLUG_HELP = _("Part of every link to the event: letters a to z, digits and hyphens, for example jinan-2019.")


class LocalDateTimeField(forms.DateTimeField):
    """A moment written as local time of the event; the form converts it with `zone`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"], **kwargs)

    def to_python(self, value: Any) -> Any:
        # naive on purpose: the form knows the zone
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        for pattern in self.input_formats or ():
            try:
                return datetime.strptime(str(value).strip(), pattern)  # noqa: DTZ007 -- the form adds the event's zone
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return value


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The first page of an event: what, where, when, and when requests may be sent."""

    name = TextFormField(
        label=pgettext_lazy("of an event", "Name"),
        help_text=_("One language is enough; each one you write is shown to its readers."),
    )
    place = TextFormField(label=_("City"))
    venue = TextFormField(label=_("Venue"), required=False)
    zone = forms.ChoiceField(label=_("Time zone of the place"))
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    requests_open_at = LocalDateTimeField(
        label=_("Requests open (local time of the place)"),
        required=False,
        help_text=_("Until then, and without this time, participants cannot ask each other for meetings."),
    )
    requests_close_at = LocalDateTimeField(
        label=_("Requests close (local time of the place)"), required=False
    )

    class Meta:
        model = Event
        fields = (
            "name", "slug", "place", "venue", "zone", "starts_on", "ends_on", "is_announced",
            "requests_open_at", "requests_close_at", "request_expiry_h", "max_open_requests",
        )  # fmt: skip
        labels: ClassVar = {
            "slug": _("Short name in the address"),
            "is_announced": _("Everybody may see that this event exists"),
            "request_expiry_h": _("Hours until an unanswered request expires"),
            "max_open_requests": _("Requests that one person may have open"),
        }
        help_texts: ClassVar = {"slug": SLUG_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        zone.choices = zone_choices(now(), chosen=self.instance.zone)
        if self.instance.pk:
            for name in ("requests_open_at", "requests_close_at"):
                moment = getattr(self.instance, name)
                self.initial[name] = moment and moment.astimezone(self.instance.tzinfo).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day lies before the first day."))
        elif starts and ends and (ends - starts).days > 30:
            self.add_error("ends_on", _("An event lasts at most 31 days here. Please check the year."))
        if data.get("zone"):
            zone = ZoneInfo(data["zone"])
            for name in ("requests_open_at", "requests_close_at"):
                if data.get(name):
                    data[name] = data[name].replace(tzinfo=zone)
        opens, closes = data.get("requests_open_at"), data.get("requests_close_at")
        if opens and closes and closes <= opens:
            self.add_error("requests_close_at", _("Requests would close before they open."))
        return data


class CopyEventForm(forms.Form):
    """What a copy of an event needs of its own."""

    name = TextFormField(label=pgettext_lazy("of an event", "Name"))
    slug = forms.SlugField(label=_("Short name in the address"), max_length=60, help_text=SLUG_HELP)
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    with_interpreters = forms.BooleanField(
        label=_("Take over the interpreters"), required=False, initial=True
    )


class BlockForm(forms.Form):
    """A stretch of meeting times on one day."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(
        label=_("First meeting begins"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        initial=time(9),
    )
    slot_min = forms.IntegerField(label=_("Minutes of a meeting"), min_value=5, max_value=240, initial=20)
    break_min = forms.IntegerField(
        label=_("Minutes between two meetings"), min_value=0, max_value=120, initial=5
    )
    num_slots = forms.IntegerField(
        label=_("Number of meetings in a row"), min_value=1, max_value=60, initial=8
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = event.starts_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("day")
        if day and not self.event.starts_on <= day <= self.event.ends_on:
            self.add_error("day", _("This day is not a day of the event."))
        if self.is_valid_so_far(data):
            minutes = data["num_slots"] * (data["slot_min"] + data["break_min"]) - data["break_min"]
            begins = data["start"].hour * 60 + data["start"].minute
            if begins + minutes > 24 * 60:
                self.add_error("num_slots", _("The last meeting would end after midnight."))
        return data

    @staticmethod
    def is_valid_so_far(data: dict[str, Any]) -> bool:
        """All numbers were understood, so that they can be compared."""
        return all(
            isinstance(data.get(name), int) for name in ("slot_min", "break_min", "num_slots")
        ) and isinstance(data.get("start"), time)

    def starts_at(self) -> datetime:
        """The beginning in the zone of the place."""
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["start"])
        return moment.replace(tzinfo=self.event.tzinfo)


class NamesField(forms.CharField):
    """Names of tables or booths with ranges; cleaned to a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 2}))
        super().__init__(required=False, max_length=20_000, **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return parse_names(super().to_python(value) or "")
        except NotARange as error:
            raise forms.ValidationError(
                _('"%(part)s" is no name or range of names. A range looks like A01–A12.'),
                params={"part": error.part},
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return format_names(value) if isinstance(value, list) else value


class HallForm(forms.Form):
    """A hall with its tables and booths."""

    name = TextFormField(label=_("Name of the hall"))
    tables = NamesField(
        label=_("Tables"), help_text=_("For example: A01–F10, or 1–12, or names with commas.")
    )
    booths = NamesField(label=_("Booths"), help_text=_("Meetings of exhibitors are held at their booth."))
    apart_from = forms.TypedMultipleChoiceField(
        label=_("Too far to walk between two meetings from"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, others: Iterable[Hall], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["apart_from"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 -- tells the type checker
        language = get_language() or "en"
        field.choices = [(one.pk, one.name.for_reader(language).text) for one in others]
        if not field.choices:
            del self.fields["apart_from"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("tables") and not data.get("booths") and not self.errors:
            self.add_error("tables", _("A hall needs at least one table or booth."))
        return data


CEFR = [("", _("does not speak it")), *((level, level) for level in ("A1", "A2", "B1", "B2", "C1", "C2"))]


class AvailabilityForm(forms.Form):
    """The part of a form that says in words when somebody has time; the words are those of imported lists."""

    availability_words = forms.CharField(
        label=_("Availability in words"),
        max_length=300,
        required=False,
        help_text=_("For example: 1 Nov only; not Friday afternoon."),
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_availability_words(self) -> str:
        """What was written newly must be understood as a whole; what an import brought may stay as it is."""
        words: str = self.cleaned_data["availability_words"].strip()
        if not self._says_something_new(words):
            return words
        try:
            reading = read_availability(words, event_days(self.event))
        except ImpossibleTime as error:
            raise forms.ValidationError(str(error)) from error
        if reading.not_understood:
            raise forms.ValidationError(
                _("not understood: %(value)s"), params={"value": reading.not_understood[0]}
            )
        if reading.outside:
            raise forms.ValidationError(
                _("“%(value)s” is outside the days of the event."), params={"value": reading.outside[0]}
            )
        return words

    def _says_something_new(self, words: str) -> bool:
        return words != (self.initial.get("availability_words") or "")

    def busy(self) -> tuple[tuple[datetime, datetime], ...] | None:
        """The stretches in which the words leave no time; None where they say what they said before."""
        words = self.cleaned_data["availability_words"]
        if not self._says_something_new(words):
            return None
        reading = read_availability(words, event_days(self.event))
        return () if reading.is_always else busy_beside(self.event, reading.intervals)


class AttendeeForm(AvailabilityForm):
    """The part of a form that says who somebody is and when they have time."""

    family = forms.CharField(label=_("Family name"), max_length=120)
    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    native_family = forms.CharField(
        label=_("Family name in Chinese characters"), max_length=40, required=False
    )
    native_given = forms.CharField(label=_("Given name in Chinese characters"), max_length=40, required=False)
    family_first = forms.BooleanField(label=_("The family name comes first"), required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """What the fields of the name and the address show of a known person."""
        return {
            "family": person.family,
            "given": person.given,
            "native_family": person.native_family,
            "native_given": person.native_given,
            "family_first": person.name_order == NameOrder.FAMILY_FIRST,
            "email": person.email,
        }

    def name(self, *, titles: str) -> PersonName:
        """The name that was entered; not every form asks for titles."""
        data = self.cleaned_data
        return PersonName(
            family=data["family"],
            given=data["given"],
            native_family=data["native_family"],
            native_given=data["native_given"],
            order=NameOrder.FAMILY_FIRST if data["family_first"] else NameOrder.GIVEN_FIRST,
            titles=titles,
        )


class ParticipantForm(AttendeeForm):
    """A participant as the organiser enters or corrects them."""

    title = forms.CharField(label=_("Academic title"), max_length=80, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    function = TextFormField(label=_("Function"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    wechat = forms.CharField(label=_("WeChat"), max_length=60, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=Participation.Category, initial="matchmaking")
    level_de = forms.ChoiceField(label=_("German"), choices=CEFR, required=False)
    level_en = forms.ChoiceField(label=_("English"), choices=CEFR, required=False)
    level_zh = forms.ChoiceField(label=_("Chinese"), choices=CEFR, required=False)
    offers = TextFormField(label=_("Offers"), is_long=True, required=False)
    seeks = TextFormField(label=_("Seeks"), is_long=True, required=False)
    booth = forms.ModelChoiceField(
        label=_("Booth"), queryset=Booth.objects.none(), required=False, empty_label=_("no booth")
    )
    is_listed = forms.BooleanField(
        label=_("May be shown to other participants"), required=False, initial=True
    )
    field_order = (
        "family", "given", "native_family", "native_given", "family_first", "title", "organisation", "function",
        "country", "email", "phone", "wechat", "category", "level_de", "level_en", "level_zh", "offers", "seeks",
        "availability_words", "booth", "is_listed",
    )  # fmt: skip

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(event, *args, **kwargs)
        country, booth = self.fields["country"], self.fields["booth"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        assert isinstance(booth, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        country.choices = [*BLANK_CHOICE_DASH, *country_choices(get_language() or "en")]
        booth.queryset = Booth.objects.filter(hall__event=event)


class ProfileForm(forms.Form):
    """What a participant says of themselves: offers and wishes in their own words."""

    offers = TextFormField(label=_("What do you offer?"), is_long=True, required=False)
    seeks = TextFormField(label=_("What do you seek?"), is_long=True, required=False)
    is_listed = forms.BooleanField(label=_("Other participants may see me"), required=False)


PAIRS = [
    ("de-zh", _("German – Chinese")),
    ("en-zh", _("English – Chinese")),
    ("de-en", _("German – English")),
]


class InterpreterForm(AttendeeForm):
    """An interpreter as the organiser enters them."""

    pairs = forms.MultipleChoiceField(
        label=_("Language pairs"), choices=PAIRS, widget=forms.CheckboxSelectMultiple
    )
    max_run = forms.IntegerField(
        label=_("Meetings in a row without a pause"), min_value=1, max_value=20, required=False, initial=4
    )
    field_order = (
        "family", "given", "native_family", "native_given", "family_first", "email", "pairs", "max_run",
        "availability_words",
    )  # fmt: skip
