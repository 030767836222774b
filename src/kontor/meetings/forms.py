"""Forms of requests and of the plan."""

from typing import ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kontor.meetings.models import MeetingRequest
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


class RunForm(forms.Form):
    """How long to search, and whether published meetings may move."""

    seconds = forms.TypedChoiceField(
        label=_("Search for"),
        choices=[(10, _("10 seconds")), (60, _("1 minute")), (300, _("5 minutes"))],
        coerce=int,
        initial=10,
    )
    may_move_published = forms.BooleanField(label=_("Published meetings may move"), required=False)
