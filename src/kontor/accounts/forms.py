"""Forms of signing in and of one's own settings."""

from typing import ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User, mail_identity
from kontor.jobs.clock import now
from kontor.jobs.services import enqueue
from kontor.ui.zones import zone_choices


class MailLinkForm(forms.Form):
    """Where to send the link."""

    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class PasswordResetForm(forms.Form):
    """Whose password to set anew; allauth's page shows it and calls `save`."""

    email = forms.EmailField()

    def save(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth passes it
        """Leave the rest to a job: here the time of the answer would tell whether the address is known."""
        address = mail_identity(self.cleaned_data["email"])
        enqueue("accounts.mail_password_reset", arguments={"address": address})
        return address


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
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = zone_choices(now(), chosen=self.instance.time_zone)
