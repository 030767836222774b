"""Form of one's own person: the name in its parts, languages, and who may find it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kontor.directory.countries import country_choices
from kontor.directory.models import LEVELS, Person, PersonLanguage
from kontor.directory.services.people import PROFILE
from kontor.i18n.text import LANGUAGES
from kontor.ui.formatting import language_name

MOST_ALIASES = 40


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What somebody says of themselves, and for whom it is."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Writes and reads"))
    findable_by = forms.ChoiceField(
        label=gettext_lazy("Who may find me"),
        choices=Person.FindableBy.choices,
        help_text=gettext_lazy(
            "They find the page with your name, your languages and for whom you work; your addresses are not on it."
        ),
    )
    spellings = forms.CharField(
        label=gettext_lazy("Other spellings of the name"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One per line: as in an old passport, or as others write it."),
    )

    class Meta:
        model = Person
        fields = PROFILE
        labels = {  # noqa: RUF012 -- Django's own shape
            "official_title": gettext_lazy("Official title"),
        }

    def __init__(self, *args: Any, spoken: Iterable[PersonLanguage] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        self.fields["family"].required = False  # a name may be known in characters only
        self._choices("country", [("", "---------"), *country_choices(reader)])
        self._choices("language", [(code, language_name(code)) for code in LANGUAGES])
        self.initial["findable_by"] = self.instance.findable_by
        self.initial["spellings"] = "\n".join(one.text for one in self.instance.aliases.all())
        levels = {one.code: one.level for one in spoken}
        self.codes = [*LANGUAGES, *(code for code in sorted(levels) if code not in LANGUAGES)]
        for code in self.codes:
            self.fields[f"level_{code}"] = forms.ChoiceField(
                label=_("Level of %(language)s") % {"language": language_name(code)},
                required=False,
                choices=[
                    ("", pgettext_lazy("language", "not spoken")),
                    *((level, level) for level in LEVELS),
                ],
                initial=levels.get(code, ""),
            )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A name has a family name, in one script at least."""
        data = super().clean() or {}
        if not data.get("family") and not data.get("native_family"):
            self.add_error("family", _("Please give the family name in one script at least."))
        return data

    def clean_spellings(self) -> list[str]:
        """The lines that say something."""
        lines = [" ".join(line.split())[:200] for line in self.cleaned_data["spellings"].splitlines()]
        return list(dict.fromkeys(filter(None, lines)))[:MOST_ALIASES]

    def person(self) -> Person:
        """The person as it was written, not saved."""
        person: Person = self.save(commit=False)
        return person

    def levels(self) -> dict[str, str]:
        """Code and level of each language that is spoken."""
        return {code: level for code in self.codes if (level := self.cleaned_data[f"level_{code}"])}
