"""Form in which a person translates one text, or corrects what a machine drafted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kontor.i18n import Text
from kontor.i18n.text import Words


class TranslationForm(forms.Form):
    """The words in one language, and the original as the translator saw it."""

    words = forms.CharField(label=gettext_lazy("Translation"), required=False, max_length=300)
    of = forms.CharField(widget=forms.HiddenInput, strip=False, required=False)

    def __init__(self, *args: Any, text: Text, language: str, is_long: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markup = Words("", language).markup_language
        if is_long:
            self.fields["words"] = forms.CharField(
                label=gettext_lazy("Translation"), required=False, max_length=5000, widget=forms.Textarea
            )
        self.fields["words"].widget.attrs.update({"lang": markup, **({"rows": "8"} if is_long else {})})
        self.initial.update(words=text.in_language(language), of=str(text.original_words()))

    def clean_of(self) -> str:
        """Forms send line ends in their own way."""
        return str(self.cleaned_data["of"]).replace("\r\n", "\n")

    def take_newest(self, text: Text) -> None:
        """Show the words that were written beside the original as it is now."""
        self.data = {**self.data.dict(), "of": str(text.original_words())}  # type: ignore[attr-defined]
