"""Organisations and people, with names in their own order and script."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.directory.names import NameOrder, PersonName
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from kontor.accounts.models import User

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")


class Organisation(models.Model):
    """A company, institute or public body. `name_key` is the folded name by which lists recognise it."""

    class Kind(models.TextChoices):
        SME = "sme", _("small or medium-sized company")
        LARGE = "large", _("large company")
        STARTUP = "startup", _("start-up")
        INSTITUTE = "institute", _("research institute")
        UNIVERSITY = "university", _("university")
        AUTHORITY = "authority", _("public authority")
        CLUSTER = "cluster", _("cluster or association")
        SERVICE = "service", _("finance, law or consulting")
        MEDIA = "media", _("media")
        OTHER = "other", _("other organisation")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    name = TextField(_("name"))
    name_key = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    country = models.CharField(_("country"), max_length=2, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    num_staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name_key", "id"]

    def __str__(self) -> str:
        return str(self.name)


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons are private: reached through an event that both attend, or as oneself."""

    def visible_to(self, user: "User") -> Self:
        """Oneself; the people of events one organises; listed people of events one attends; all for operators."""
        if user.is_superuser:
            return self
        return self.filter(
            Q(user=user)
            | Q(participations__event__organisers__user=user)
            | Q(participations__is_listed=True, participations__event__participations__person__user=user)
        ).distinct()


class Person(models.Model):
    """A human being with name parts as they were given; the display never reorders them."""

    NAME_ORDERS: ClassVar = [
        (NameOrder.GIVEN_FIRST.value, _("given name first")),
        (NameOrder.FAMILY_FIRST.value, _("family name first")),
    ]

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
    title = models.CharField(_("academic title"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("writes and reads"), max_length=2, default="en")
    sort_key = models.CharField(max_length=260, db_index=True)
    candidate_key = models.CharField(max_length=260, db_index=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]

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
