"""The form in which somebody enters a claim."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.i18n.fields import TextFormField


class EarlierClaim(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Claims in words, with their day."""

    def label_from_instance(self, obj: Any) -> str:
        return wording.sentence(obj)


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A number with what it counts, its day and its source; without a day only on purpose."""

    is_undated = forms.BooleanField(label=_("The source gives no date"), required=False)
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    quotation = TextFormField(label=_("The words of the source"), is_long=True, required=False)
    dispute_note = TextFormField(
        label=_("What is doubtful about it"), is_long=True, max_length=600, required=False
    )
    scope = TextFormField(
        label=_("Who or what exactly"),
        help_text=_(
            "As it follows the number: member companies; in Chinese with its measure word: 家会员企业."
        ),
    )

    supersedes = EarlierClaim(
        label=_("Replaces an earlier claim of the same source"),
        queryset=Claim.objects.none(),
        required=False,
        empty_label=pgettext_lazy("earlier claim", "none"),
    )

    class Meta:
        model = Claim
        fields = (
            "measure",
            "qualifier",
            "value",
            "value_to",
            "unit",
            "scope",
            "as_of",
            "as_of_precision",
            "is_undated",
            "status",
            "source",
            "source_url",
            "published_on",
            "quotation",
            "dispute_note",
            "supersedes",
        )
        widgets = {  # noqa: RUF012 -- Django's own shape
            "as_of": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "published_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = self.fields["supersedes"]
        assert isinstance(earlier, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        earlier.queryset = Claim.objects.about(self.instance.subject).filter(
            withdrawn_at__isnull=True, superseded_by__isnull=True
        )
        self.fields["value_to"].required = False

    def clean(self) -> dict[str, Any]:
        """A day or the word that there is none; a range that goes up; money only where money is meant."""
        data = super().clean() or {}
        if not data.get("as_of") and not data.get("is_undated") and "as_of" not in self.errors:
            self.add_error(
                "as_of",
                _("When was this true? Please give the day, or say below that the source gives no date."),
            )
        if data.get("as_of") and data.get("is_undated"):
            self.add_error("is_undated", _("There is a day above. Please give one of the two."))
        low, high = data.get("value"), data.get("value_to")
        if low is not None and high is not None and high <= low:
            self.add_error("value_to", _("The end of a range is larger than its beginning."))
        is_money = data.get("unit") not in (None, Claim.Unit.COUNT)
        needs_money = data.get("measure") in (Claim.Measure.REVENUE, Claim.Measure.INVESTMENT)
        if data.get("measure") and data.get("unit") and is_money != needs_money:
            self.add_error(
                "unit",
                _("This measure is an amount of money: please choose its currency.")
                if needs_money
                else _("This measure is a number, not an amount of money."),
            )
        replaced = data.get("supersedes")
        if replaced is not None and replaced.measure != data.get("measure"):
            self.add_error("supersedes", _("That claim is about something else."))
        return data


class WithdrawForm(forms.Form):
    """Why a claim no longer stands."""

    reason = TextFormField(label=_("Why it no longer stands"), max_length=300)
