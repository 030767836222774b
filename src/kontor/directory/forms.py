"""Forms of the directory: the profile of an organisation, its names, numbers and sites, claims and memberships."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kontor.directory.countries import country_choices
from kontor.directory.models import (
    Cluster,
    Membership,
    Organisation,
    OrganisationClaim,
    OrganisationName,
    RegistryNumber,
    Site,
)
from kontor.directory.services.organisations import NameData
from kontor.i18n import Text
from kontor.i18n.fields import TextFormField
from kontor.i18n.text import LANGUAGES
from kontor.topics.analysis import find_concepts, vocabulary
from kontor.topics.vocabulary import label

FIRST_YEAR, LAST_YEAR = 800, 2100
NEVER = datetime.min.replace(tzinfo=UTC)
DAY = {"type": "date"}


def rewritten(old: Text, new: Text) -> Text:
    """The words of `new`, where a version that nobody touched keeps its state: it is stale when the original changed."""
    if not old or not new.in_language(old.original):
        return new
    text = old
    for language in sorted(LANGUAGES, key=lambda language: language != old.original):
        if new.in_language(language) != old.in_language(language):
            text = text.with_version(language, new.in_language(language))
    return text


def _year(label_: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label_, required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)


def concepts_of(lines: str) -> list[str]:
    """The concepts that these lines name; raises `ValidationError` with the line that names none."""
    ids: dict[str, None] = {}
    for line in filter(None, (one.strip() for one in lines.splitlines())):
        found = find_concepts(line)
        if not found:
            raise forms.ValidationError(_("“%(name)s” is no topic of the vocabulary.") % {"name": line})
        ids[found[0].concept_id] = None
    return list(ids)


def lines_of(concepts: Iterable[str]) -> str:
    """The reverse of `concepts_of`, in the words of the reader."""
    known, language = vocabulary(), get_language() or "en"
    return "\n".join(label(known[one], language) for one in concepts if one in known)


PROFILE_ORDER = (
    "name", "kind", "capability", "topic_names", "country", "place", "website", "legal_form", "size_class",
    "size_standard", "num_staff", "founded_in", "source",
)  # fmt: skip


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What an organisation says of itself; one language is enough."""

    capability = TextFormField(
        label=gettext_lazy("What it can do"),
        is_long=True,
        required=False,
        help_text=gettext_lazy(
            "One language is enough; the others are shown as missing until somebody translates."
        ),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    founded_in = _year(gettext_lazy("Founded"))
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    topic_names = forms.CharField(
        label=pgettext_lazy("title", "Topics"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One topic per line, in any of the three languages."),
    )
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Organisation
        fields = tuple(name for name in PROFILE_ORDER if name != "topic_names")

    field_order = PROFILE_ORDER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        country.choices = [("", "---------"), *country_choices(language)]
        self.initial["topic_names"] = lines_of(self.instance.topics)
        if self.instance.confirmed_at:
            self.initial["seen_at"] = self.instance.confirmed_at.isoformat()

    def clean_name(self) -> Text:
        """Names in other languages keep their state."""
        return rewritten(self.instance.name, self.cleaned_data["name"])

    def clean_capability(self) -> Text:
        """Translations that nobody touched are marked when the original changed."""
        return rewritten(self.instance.capability, self.cleaned_data["capability"])

    def clean_seen_at(self) -> datetime:
        """Which version the writer began with; who sends nonsense began with none."""
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            return NEVER
        return seen if seen.tzinfo else NEVER

    def clean_topic_names(self) -> list[str]:
        """The concepts of these words; says which line is none."""
        return concepts_of(self.cleaned_data["topic_names"])

    def clean(self) -> dict[str, Any]:
        """A size says by which standard."""
        data = super().clean() or {}
        if bool(data.get("size_class")) != bool(data.get("size_standard")):
            self.add_error("size_standard", _("A size and its standard belong together."))
        return data

    def profile(self) -> Organisation:
        """The organisation as it was written, not saved."""
        organisation: Organisation = self.save(commit=False)
        organisation.topics = self.cleaned_data["topic_names"]
        return organisation


class NameForm(forms.Form):
    """One more name."""

    text = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[
            ("de", gettext_lazy("German")),
            ("en", gettext_lazy("English")),
            ("zh", gettext_lazy("Chinese")),
        ],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=OrganisationName.Kind.choices, initial=OrganisationName.Kind.ALIAS
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), required=False, widget=forms.DateInput(attrs=DAY)
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput(attrs=DAY)
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A name ends after it begins."""
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The name would end before it begins."))
        return data

    @property
    def name(self) -> NameData:
        """The name as the services take it."""
        return NameData(**self.cleaned_data)


class NumberForm(forms.Form):
    """A number of a register."""

    scheme = forms.ChoiceField(label=gettext_lazy("Register"), choices=RegistryNumber.Scheme.choices)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)
    court = forms.CharField(
        label=gettext_lazy("Court"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For the commercial register and the register of associations."),
    )


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A place of an organisation."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    opened_in = _year(gettext_lazy("Opened in"))
    closed_in = _year(gettext_lazy("Closed in"))
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"), required=False, assume_scheme="https"
    )

    class Meta:
        model = Site
        fields = (
            "kind",
            "name",
            "place",
            "country",
            "address",
            "zone",
            "latitude",
            "longitude",
            "opened_in",
            "closed_in",
            "source",
            "source_url",
        )

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        country.choices = [("", "---------"), *country_choices(get_language() or "en")]

    def clean(self) -> dict[str, Any]:
        """Both coordinates or none; years in order; texts that nobody touched keep their state."""
        data = super().clean() or {}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", _("Latitude and longitude belong together."))
        opened, closed = data.get("opened_in"), data.get("closed_in")
        if opened and closed and closed < opened:
            self.add_error("closed_in", _("The site would close before it opens."))
        for name in ("name", "place", "address", "zone"):
            if name in data:
                data[name] = rewritten(getattr(self.instance, name), data[name])
        return data


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What somebody does in the organisation they want to write for."""

    class Meta:
        model = OrganisationClaim
        fields = ("function", "reason")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012 -- Django's own shape


class ClusterChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Clusters in the words of the reader."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name.for_reader(get_language() or "en"))


class ApplicationForm(forms.Form):
    """An organisation asks to join a cluster."""

    cluster = ClusterChoice(
        label=gettext_lazy("Cluster"),
        queryset=Cluster.objects.filter(is_published=True),
        to_field_name="slug",
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Kind of membership"),
        choices=Membership.Category.choices,
        initial=Membership.Category.MEMBER,
    )
    is_listed = forms.BooleanField(label=gettext_lazy("may be listed as a member"), required=False)
