"""The form in which people propose a label."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.topics.models import LabelProposal
from kontor.ui.usertext import clean_user_text


class LabelForm(forms.Form):
    """A label, its language, and where it is said."""

    language = forms.ChoiceField(label=_("Language of the label"), choices=LabelProposal.Language.choices)
    label = forms.CharField(
        label=pgettext_lazy("of a topic", "Label"),
        max_length=80,
        help_text=_("What people of the field call it: one name, not an explanation."),
    )
    note = forms.CharField(
        label=_("Who says so"),
        max_length=300,
        required=False,
        help_text=_("For example a standard, a company, or a region such as Taiwan."),
    )

    def clean_label(self) -> str:
        label = " ".join(clean_user_text(self.cleaned_data["label"]).split())
        if not any(character.isalnum() for character in label):
            raise forms.ValidationError(_("A label needs at least one letter or digit."), code="empty")
        return label

    def clean_note(self) -> str:
        return clean_user_text(self.cleaned_data["note"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].widget.attrs["autocomplete"] = "off"
