"""Forms of clusters and their staff: the profile, labels, services, working groups, partners, and a new organisation."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.directory.countries import country_choices, country_name, find_country
from kontor.directory.forms import DAY, ClusterChoice, ProfileForm, concepts_of, lines_of, rewritten
from kontor.directory.models import (
    Affiliation,
    Cluster,
    ClusterLabel,
    ClusterService,
    Membership,
    Organisation,
    Person,
    WorkingGroup,
)
from kontor.directory.services.clusters import PROFILE, mark_of
from kontor.i18n import Text
from kontor.i18n.fields import TextFormField


class OrganisationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Organisations in the words of the reader."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name.for_reader(get_language() or "en"))


class MemberChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Members in the words of the reader."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.organisation.name.for_reader(get_language() or "en"))


def topics_field() -> forms.CharField:
    """Topics as lines, in any of the three languages."""
    return forms.CharField(
        label=pgettext_lazy("title", "Topics"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One topic per line, in any of the three languages."),
    )


def people_of(cluster: Cluster) -> Any:
    """Who may stand on the public page of a cluster: people who agreed to be found by everybody."""
    members = Membership.objects.live().filter(cluster=cluster).values("organisation")
    at_work = Affiliation.objects.filter(
        Q(organisation__in=members) | Q(organisation__clusters=cluster), until=None
    )
    return Person.objects.filter(
        findable_by=Person.FindableBy.EVERYBODY, pk__in=at_work.order_by().values("person")
    )


class _TextsKeepTheirState(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Versions that nobody touched keep how they came to be."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in data.items():
            if isinstance(value, Text):
                data[name] = rewritten(getattr(self.instance, name), value)
        return data


class ClusterForm(_TextsKeepTheirState):
    """The profile of a cluster, in the order in which the European cluster platform asks."""

    description = TextFormField(label=pgettext_lazy("title", "Description"), is_long=True, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    founded_in = forms.IntegerField(
        label=gettext_lazy("Founded"), required=False, min_value=800, max_value=2100
    )
    topics = topics_field()
    countries_of_interest = forms.CharField(
        label=gettext_lazy("Countries of interest"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One country per line, in any of the three languages."),
    )
    organisation = OrganisationChoice(
        label=gettext_lazy("Cluster management organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
    )
    contact = forms.ModelChoiceField(
        label=gettext_lazy("Contact person"),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text=gettext_lazy("Somebody of a member who agreed to be found by everybody."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Cluster
        fields = PROFILE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cluster, language = self.instance, get_language() or "en"
        members = Membership.objects.live().filter(cluster=cluster).values("organisation")
        country, organisation, contact = (
            self.fields[name] for name in ("country", "organisation", "contact")
        )
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        assert isinstance(organisation, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        assert isinstance(contact, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        country.choices = [("", "---------"), *country_choices(language)]
        organisation.queryset = Organisation.objects.filter(
            Q(pk__in=members) | Q(pk=cluster.organisation_id)
        ).order_by("sort_key", "id")
        contact.queryset = people_of(cluster)
        self.initial["organisation"] = cluster.organisation.public_id if cluster.organisation else ""
        self.initial["contact"] = cluster.contact.public_id if cluster.contact else ""
        self.initial["topics"] = lines_of(cluster.topics)
        names = [country_name(code, language) for code in cluster.countries_of_interest]
        self.initial["countries_of_interest"] = "\n".join(names)
        self.initial["seen"] = mark_of(cluster)

    def clean_topics(self) -> list[str]:
        """The concepts of these words."""
        return concepts_of(self.cleaned_data["topics"])

    def clean_countries_of_interest(self) -> list[str]:
        """The codes of these countries; says which line is none."""
        codes: dict[str, None] = {}
        lines = self.cleaned_data["countries_of_interest"].splitlines()
        for line in filter(None, (one.strip() for one in lines)):
            code = find_country(line).code
            if not code:
                raise forms.ValidationError(_("“%(name)s” is no country we know.") % {"name": line})
            codes[code] = None
        return list(codes)

    def with_mark(self, stored: Cluster) -> "ClusterForm":
        """The same words, as a change of the version that is stored now."""
        data = {**self.data.dict(), "seen": mark_of(stored)}  # type: ignore[attr-defined]
        form = ClusterForm(data, instance=self.instance)
        form.is_valid()
        return form


class LabelForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A quality label."""

    awarded_on = forms.DateField(
        label=gettext_lazy("Awarded on"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )

    class Meta:
        model = ClusterLabel
        fields = ("name", "awarded_on", "valid_until", "source")

    def clean(self) -> dict[str, Any]:
        """A label ends after it is awarded."""
        data = super().clean() or {}
        start, end = data.get("awarded_on"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The label would end before it is awarded."))
        return data


class ServiceForm(_TextsKeepTheirState):
    """Something a cluster does for its members and partners."""

    description = TextFormField(label=pgettext_lazy("title", "Description"), is_long=True, required=False)

    class Meta:
        model = ClusterService
        fields = ("name", "description", "position")
        labels: ClassVar = {"position": gettext_lazy("Place in the list")}


class GroupForm(_TextsKeepTheirState):
    """A working group with the members in it."""

    description = TextFormField(label=pgettext_lazy("title", "Description"), is_long=True, required=False)
    topics = topics_field()
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Lead"), queryset=Person.objects.none(), to_field_name="public_id", required=False
    )
    members = MemberChoice(
        label=pgettext_lazy("title", "Members"),
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = WorkingGroup
        fields = ("name", "description", "topics", "lead", "position")
        labels: ClassVar = {"position": gettext_lazy("Place in the list")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead, members = self.fields["lead"], self.fields["members"]
        assert isinstance(lead, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        assert isinstance(members, forms.ModelMultipleChoiceField)  # noqa: S101 -- tells the type checker
        cluster = self.instance.cluster
        lead.queryset = people_of(cluster)
        members.queryset = (
            Membership.objects.live()
            .filter(cluster=cluster)
            .select_related("organisation")
            .order_by("organisation__sort_key", "id")
        )
        self.initial["lead"] = self.instance.lead.public_id if self.instance.lead else ""
        self.initial["topics"] = lines_of(self.instance.topics)
        if self.instance.pk:
            chosen = self.instance.memberships.values_list("public_id", flat=True)
            self.initial["members"] = list(chosen)

    def clean_topics(self) -> list[str]:
        """The concepts of these words."""
        return concepts_of(self.cleaned_data["topics"])


class PartnerForm(forms.Form):
    """Another cluster with which this one works."""

    partner = ClusterChoice(
        label=gettext_lazy("Cluster"), queryset=Cluster.objects.none(), to_field_name="slug"
    )
    since_year = forms.IntegerField(
        label=gettext_lazy("Since the year"), required=False, min_value=1900, max_value=2100
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)

    def __init__(self, *args: Any, cluster: Cluster, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        partner.queryset = Cluster.objects.visible_to(user).exclude(pk=cluster.pk)


class NewOrganisationForm(ProfileForm):
    """An organisation that nobody wrote down yet, and the cluster to which it applies."""

    cluster = ClusterChoice(
        label=gettext_lazy("Cluster to which it applies"),
        queryset=Cluster.objects.none(),
        to_field_name="slug",
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Kind of membership"),
        choices=Membership.Category.choices,
        initial=Membership.Category.MEMBER,
    )
    is_listed = forms.BooleanField(label=gettext_lazy("may be listed as a member"), required=False)
    doubles = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cluster = self.fields["cluster"]
        assert isinstance(cluster, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        cluster.queryset = Cluster.objects.managed_by(user)

    def clean_doubles(self) -> list[str]:
        """Public ids of the organisations that the writer has looked at."""
        return str(self.cleaned_data["doubles"]).split()
