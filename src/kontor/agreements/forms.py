"""Forms of agreements, obligations and documents, and of the milestones of a relation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.agreements.models import LANGUAGE_CHOICES, Agreement, Milestone, Obligation, Party, Signatory
from kontor.directory.duplicates import keys_of_names
from kontor.directory.forms import rewritten
from kontor.directory.models import Cluster, ClusterPartnership, Organisation, OrganisationKey
from kontor.directory.names import organisation_key
from kontor.i18n.fields import TextFormField


class PartyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the parties, named in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Party.objects.none(), required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name.for_reader(get_language() or "en"))


class ClusterField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Clusters named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name.for_reader(get_language() or "en"))


class PredecessorField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Agreements by their titles in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title.for_reader(get_language() or "en"))


class RelationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Relations named by both clusters."""

    def label_from_instance(self, obj: Any) -> str:
        language = get_language() or "en"
        return f"{obj.first.name.for_reader(language)} – {obj.second.name.for_reader(language)}"


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What was agreed between whom, and for how long."""

    summary = TextFormField(label=_("What was agreed"), is_long=True, required=False)
    clusters = ClusterField(
        label=_("Clusters that agree"),
        queryset=Cluster.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    organisations = forms.CharField(
        label=_("Organisations that agree"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name per line, as in the directory."),
    )
    partnership = RelationField(
        label=_("Belongs to the relation"), queryset=ClusterPartnership.objects.none(), required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the agreement"),
        choices=LANGUAGE_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Agreement
        fields = (
            "kind",
            "title",
            "summary",
            "clusters",
            "organisations",
            "partnership",
            "predecessor",
            "signed_on",
            "signed_precision",
            "place",
            "effective_on",
            "expires_on",
            "languages",
            "prevailing_language",
            "source",
            "source_url",
            "is_public",
        )
        field_classes = {"predecessor": PredecessorField}  # noqa: RUF012 -- Django's own shape
        widgets = {  # noqa: RUF012 -- Django's own shape
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("signed_on", "effective_on", "expires_on")
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (
            ("clusters", Cluster.objects.all()),
            ("partnership", ClusterPartnership.objects.select_related("first", "second")),
            ("predecessor", Agreement.objects.exclude(pk=self.instance.pk)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
            field.queryset = queryset
        if self.instance.pk:
            parties = list(self.instance.parties.select_related("organisation", "cluster"))
            self.initial["clusters"] = [one.cluster_id for one in parties if one.cluster_id]
            names = [one.organisation.name.original_words() for one in parties if one.organisation]
            self.initial["organisations"] = "\n".join(str(name) for name in names)

    def clean_organisations(self) -> list[Organisation]:
        """The organisations of these names; says which one is not in the directory."""
        found = []
        for line in filter(None, (one.strip() for one in self.cleaned_data["organisations"].splitlines())):
            known = Organisation.objects.exclude(state="merged").order_by("state", "id")
            # Its original name first, then every other name by which readers of the directory know it.
            one = (
                known.filter(name_key=organisation_key(line)).first()
                or known.filter(keys__kind=OrganisationKey.Kind.NAME, keys__key__in=_keys_of(line)).first()
            )
            if one is None:
                raise forms.ValidationError(
                    _(
                        "“%(name)s” is not in the directory. Please add the organisation first, or correct its name."
                    )
                    % {"name": line}
                )
            found.append(one)
        return found

    def clean(self) -> dict[str, Any]:
        """Dates in order; the prevailing language is one of its languages."""
        data = super().clean() or {}
        start, end = data.get("effective_on") or data.get("signed_on"), data.get("expires_on")
        if start and end and end < start:
            self.add_error("expires_on", _("The agreement would expire before it begins."))
        prevailing = data.get("prevailing_language")
        if prevailing and prevailing not in data.get("languages", []):
            self.add_error("prevailing_language", _("The prevailing language is one of the languages above."))
        return data

    @property
    def parties(self) -> list[Organisation | Cluster]:
        """Who agrees, clusters first."""
        return [*self.cleaned_data["clusters"], *self.cleaned_data["organisations"]]


class ObligationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a party promises."""

    party = PartyField(label=_("Who"))

    class Meta:
        model = Obligation
        fields = ("party", "what", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012 -- Django's shape

    def __init__(
        self, agreement: Agreement, parties: Sequence[Party] | None, data: Any = None, *, prefix: str
    ) -> None:
        super().__init__(data, instance=Obligation(agreement=agreement), prefix=prefix)
        _offer_parties(self, agreement, parties)


class SignatoryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Who signs for whom."""

    party = PartyField(label=_("Signs for"))

    class Meta:
        model = Signatory
        fields = ("name", "capacity", "party", "is_witness")

    def __init__(
        self, agreement: Agreement, parties: Sequence[Party] | None, data: Any = None, *, prefix: str
    ) -> None:
        super().__init__(data, instance=Signatory(agreement=agreement), prefix=prefix)
        _offer_parties(self, agreement, parties)


def _offer_parties(form: forms.BaseForm, agreement: Agreement, parties: Sequence[Party] | None) -> None:
    """`parties` saves reading them again for a page that has them."""
    party = form.fields["party"]
    assert isinstance(party, PartyField)  # noqa: S101 -- tells the type checker
    party.queryset = agreement.parties.select_related("organisation", "cluster")
    if parties is not None:
        party.choices = [*BLANK_CHOICE_DASH, *((one.pk, party.label_from_instance(one)) for one in parties)]


class DocumentForm(forms.Form):
    """The text of the agreement in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX or ODT, at most 20 MB."))


class MilestoneForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What happened between two clusters, when, and who says so."""

    title = TextFormField(
        label=_("What happened"),
        error_messages={"required": _("Please say in at least one language what happened.")},
    )
    detail = TextFormField(label=_("More about it"), is_long=True, required=False)
    dispute_note = TextFormField(label=_("What sources say differently"), is_long=True, required=False)
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Milestone
        fields = ("day", "day_precision", "title", "detail", "dispute_note", "source", "source_url")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012 -- Django's shape
        help_texts = {"day": _("Where only the month or the year is known, any day in it.")}  # noqa: RUF012 -- as above
        error_messages = {  # noqa: RUF012 -- as above
            "day": {"required": _("Please enter the day on which it happened.")},
            "source": {"required": _("Please name the source: who says so, and where.")},
        }

    def clean(self) -> dict[str, Any]:
        """Versions that nobody touched keep how they came to be, and the original stays the original."""
        data = super().clean() or {}
        for name in ("title", "detail", "dispute_note"):
            if name in data:
                data[name] = rewritten(getattr(self.instance, name), data[name])
        return data


def _keys_of(name: str) -> list[str]:
    return [key for kind, key in keys_of_names([name]) if kind == OrganisationKey.Kind.NAME]
