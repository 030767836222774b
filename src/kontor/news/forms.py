"""The author's form, and that of photographs."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.i18n import LANGUAGES
from kontor.i18n.fields import TextFormField
from kontor.news.models import Article, Photo
from kontor.ui.markdown import tidy_pasted


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Title, teaser and text in up to three languages; the hour before which nobody else reads it."""

    teaser = TextFormField(label=_("Teaser"), is_long=True)
    body = TextFormField(
        label=_("Text"),
        is_long=True,
        max_length=30_000,
        required=False,
        help_text=_(
            "An empty line begins a paragraph, ## a heading, - a list, > a quotation. "
            "**strong**, *emphasis*, [words](https://…). Text from a word processor can be pasted."
        ),
    )
    embargo_until = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    correction_note = TextFormField(
        label=_("What was corrected"), help_text=_("Readers see this below the text."), required=False
    )

    class Meta:
        model = Article
        fields = ("title", "teaser", "body", "slug", "embargo_until", "source", "source_url")

    field_order = (*Meta.fields, "correction_note")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        embargo = self.fields["embargo_until"]
        embargo.help_text = _("Time of your own zone (%(zone)s); readers see it in theirs.") % {"zone": zone}
        if self.instance.embargo_until:
            # without its zone, or the form would turn it into the time of the site's own
            local = self.instance.embargo_until.astimezone(self._zone)
            self.initial["embargo_until"] = local.replace(tzinfo=None)
        self.is_correction = self.instance.state == Article.State.PUBLISHED
        if self.is_correction:
            del self.fields["slug"], self.fields["embargo_until"]
        else:
            del self.fields["correction_note"]

    def clean_embargo_until(self) -> Any:
        """The moment that the author's own clock means, wherever readers are."""
        moment = self.cleaned_data["embargo_until"]
        return moment.replace(tzinfo=self._zone) if moment else None

    def clean_body(self) -> Any:
        """Bullets and line ends of word processors become marks."""
        text = self.cleaned_data["body"]
        for language in LANGUAGES:
            words = text.in_language(language)
            if words and (tidy := tidy_pasted(words)) != words:
                text = text.with_version(language, tidy)
        return text

    def clean(self) -> dict[str, Any]:
        """A correction says what was corrected."""
        data = super().clean() or {}
        if self.is_correction and not data.get("correction_note") and "correction_note" not in self.errors:
            self.add_error("correction_note", _("The article is published: please say what was corrected."))
        return data


class PhotoForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A photograph with what can be seen and whose it is: without rights it does not come in."""

    file = forms.FileField(
        label=_("Photograph"), help_text=_("JPEG, PNG or WebP, at most 20 MB and 50 megapixels.")
    )

    class Meta:
        model = Photo
        fields = ("file", "description", "credit", "rights", "people_agreed")
