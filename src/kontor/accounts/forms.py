"""Forms of signing in and of one's own settings."""

from typing import ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User

# Zones people of this site live in come first; any other zone of the database is accepted.
_COMMON_ZONES = (
    "Europe/Berlin", "Asia/Shanghai", "Europe/Helsinki", "Europe/Zurich", "Europe/Vienna", "Europe/Amsterdam",
    "Asia/Jerusalem", "Europe/London", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Asia/Tokyo", "UTC",
)  # fmt: skip


class MailLinkForm(forms.Form):
    """Where to send the link."""

    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class PersonalCodeForm(forms.Form):
    """The code from a printed schedule."""

    code = forms.CharField(
        label=_("Code on your printed schedule"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Language and time zone of the reader."""

    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ("language", "time_zone")
        labels: ClassVar = {"language": _("Language")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in _COMMON_ZONES)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = [(zone, zone.replace("_", " ")) for zone in (*_COMMON_ZONES, *others)]
