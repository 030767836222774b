"""Forms of requests and of the plan."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kontor.events.models import Slot
from kontor.meetings.models import MeetingRequest
from kontor.ui.formatting import SHORT_WEEKDAY_AND_DAY, format_clock, format_day
from kontor.ui.usertext import clean_user_text


class RequestForm(forms.Form):
    """Why somebody wants to meet."""

    reason = forms.CharField(
        label=_("Why do you want to meet?"),
        help_text=_("One or two sentences. Requests with a reason are accepted more often."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class PairsForm(forms.Form):
    """A list of pairs as a file."""

    MAX_BYTES: ClassVar = 20_000_000
    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, at most 20 MB."))

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before it is read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > self.MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Please split it, or remove pictures from it.")
            )
        return upload


class DeclineForm(forms.Form):
    """A kind reason."""

    reason = forms.ChoiceField(label=_("Reason"), choices=MeetingRequest.DeclineReason)


class CancelForm(forms.Form):
    """Why a meeting is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody concerned reads it, in the words you write. It may stay empty."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean_reason(self) -> str:
        """Plain text without invisible characters."""
        return clean_user_text(self.cleaned_data["reason"])


class IncidentForm(forms.Form):
    """From which time slot to which somebody is not there, or a table not usable."""

    first = forms.ChoiceField(label=_("From the time slot"))
    last = forms.ChoiceField(label=_("Up to and including the time slot"))

    def __init__(self, data: Mapping[str, str] | None, *, slots: Sequence[Slot], zone: str) -> None:
        super().__init__(data)
        choices = [
            (
                str(slot.position),
                f"{format_day(slot.starts_at, SHORT_WEEKDAY_AND_DAY, zone=zone)} {format_clock(slot.starts_at, zone)}",
            )
            for slot in slots
        ]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field, which its base hides
        if choices:
            self.initial = {"first": choices[0][0], "last": choices[-1][0]}

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "first" in cleaned and "last" in cleaned and int(cleaned["last"]) < int(cleaned["first"]):
            self.add_error("last", _("The last time slot must not lie before the first."))
        return cleaned


class RunForm(forms.Form):
    """How long to search, and whether published meetings may move."""

    seconds = forms.TypedChoiceField(
        label=_("Search for"),
        choices=[(10, _("10 seconds")), (60, _("1 minute")), (300, _("5 minutes"))],
        coerce=int,
        initial=10,
    )
    may_move_published = forms.BooleanField(label=_("Published meetings may move"), required=False)
