"""Forms of signing in and of one's own settings."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.jobs.clock import now
from kontor.ui.zones import zone_choices


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
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = zone_choices(now(), chosen=self.instance.time_zone)
