"""People with names in their own order and script, the languages they speak, and for whom they work."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models.organisations import Organisation, has_visible_organisation
from kontor.directory.names import NameOrder, PersonName
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons are private: reached by their own consent, through an event that both attend, or as oneself."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Who wishes to be found; oneself; the people of one's events (listed ones where one only attends)."""
        if not user.is_authenticated:
            return self.filter(findable_by=Person.FindableBy.EVERYBODY)
        if user.is_superuser:
            return self
        return self.filter(
            Q(user=user)
            | Q(findable_by__in=[Person.FindableBy.EVERYBODY, Person.FindableBy.SIGNED_IN])
            | _one_of(participations__event__organisers__user=user)
            | _one_of(
                participations__is_listed=True, participations__event__participations__person__user=user
            )
        )

    def found_by(self, user: "User | AnonymousUser") -> Self:
        """Who agreed to be found by this reader, and oneself; all for operators. Lists and cards begin here."""
        if not user.is_authenticated:
            return self.filter(findable_by=Person.FindableBy.EVERYBODY)
        if user.is_superuser:
            return self
        agreed = [Person.FindableBy.EVERYBODY, Person.FindableBy.SIGNED_IN]
        return self.filter(Q(user=user) | Q(findable_by__in=agreed))


class Person(models.Model):
    """A human being with name parts as they were given; the display never reorders them."""

    NAME_ORDERS: ClassVar = [
        (NameOrder.GIVEN_FIRST.value, _("given name first")),
        (NameOrder.FAMILY_FIRST.value, _("family name first")),
    ]

    class Romanisation(models.TextChoices):
        PINYIN = "pinyin", pgettext_lazy("romanisation", "pinyin")
        PASSPORT = "passport", pgettext_lazy("romanisation", "as in the passport")
        OWN = "own", pgettext_lazy("romanisation", "in one's own way")

    class Channel(models.TextChoices):
        EMAIL = "email", pgettext_lazy("channel", "e-mail")
        PHONE = "phone", pgettext_lazy("channel", "telephone")
        WECHAT = "wechat", pgettext_lazy("channel", "WeChat")

    class FindableBy(models.TextChoices):
        NOBODY = "nobody", pgettext_lazy("may find a person", "nobody")
        SIGNED_IN = "signed_in", pgettext_lazy("may find a person", "people who are signed in")
        EVERYBODY = "everybody", pgettext_lazy("may find a person", "everybody")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    family = models.CharField(_("family name"), max_length=120)
    given = models.CharField(_("given name"), max_length=120, blank=True)
    native_family = models.CharField(_("family name in its own script"), max_length=40, blank=True)
    native_given = models.CharField(_("given name in its own script"), max_length=40, blank=True)
    name_order = models.CharField(
        _("order of the name"), max_length=12, choices=NAME_ORDERS, default=NameOrder.GIVEN_FIRST.value
    )
    romanisation = models.CharField(
        _("spelling in Latin letters"), max_length=8, choices=Romanisation, blank=True
    )
    preferred_name = models.CharField(_("likes to be called"), max_length=120, blank=True)
    pronunciation = models.CharField(_("how to pronounce it"), max_length=160, blank=True)
    title = models.CharField(_("academic title"), max_length=80, blank=True)
    official_title = TextField(_("official title"), blank=True)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    channel = models.CharField(_("prefers to be reached by"), max_length=8, choices=Channel, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("writes and reads"), max_length=2, default="en")
    sort_key = models.CharField(max_length=260, db_index=True)
    candidate_key = models.CharField(max_length=260, db_index=True)
    findable_by = models.CharField(
        _("may be found by"), max_length=10, choices=FindableBy, default=FindableBy.NOBODY
    )
    findable_since = models.DateTimeField(null=True, blank=True)
    """when the person agreed to be found"""
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(findable_by="nobody") | Q(findable_since__isnull=False),
                name="who_may_be_found_agreed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name.native or f"{self.family} {self.given}".strip())

    @property
    def name(self) -> PersonName:
        """The name in its parts, for display and keys."""
        return PersonName(
            family=self.family,
            given=self.given,
            native_family=self.native_family,
            native_given=self.native_given,
            order=NameOrder(self.name_order),
            titles=self.title,
        )


def _one_of(**lookups: object) -> Q:
    """One subquery per reason: joining them all in one query would multiply their rows."""
    return Q(pk__in=Person.objects.filter(**lookups).order_by().values("pk"))


class PersonLanguage(models.Model):
    """A language somebody speaks, by the Common European Framework; `is_assumed` when a list named no level."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(max_length=8)
    level = models.CharField(max_length=2, choices=[(level, level) for level in LEVELS])
    is_assumed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "code"], name="one_level_per_person_and_language"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level}"


class PersonAlias(models.Model):
    """Another spelling under which somebody is known: a reason to find them, never to take two people for one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "text"], name="an_alias_is_kept_once"),
        ]

    def __str__(self) -> str:
        return self.text


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Affiliations are as private as their person."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of people and organisations that this user may see."""
        return self.filter(
            has_visible_organisation(user), person__in=Person.objects.visible_to(user).order_by().values("pk")
        )


class Affiliation(models.Model):
    """Somebody works for an organisation, from and until; an editor writes its profile."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="affiliations")
    function = TextField(_("function"), blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    """order of precedence, 1 first"""
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_editor = models.BooleanField(default=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["rank", "person__sort_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(until__isnull=True),
                name="one_present_affiliation_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) | Q(since__isnull=True) | Q(until__isnull=True),
                name="an_affiliation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"
