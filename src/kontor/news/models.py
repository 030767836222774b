"""Articles with their earlier versions, photographs, and the figures they quote."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models import ClusterStaff, Organisation
from kontor.directory.permissions import works_for_a_cluster
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles: published ones are public from their hour on."""

    def with_rights_of(self, user: "User | AnonymousUser") -> Self:
        """Each with `is_kept`: this user works for a cluster and may change it."""
        if not user.is_authenticated or user.is_superuser:
            return self.annotate(is_kept=Value(bool(user.is_authenticated)))
        return self.annotate(is_kept=Exists(ClusterStaff.objects.filter(user=user)))

    def visible_to(self, user: "User | AnonymousUser", *, at: datetime) -> Self:
        """What everybody may read at this moment; everything for people who work for a cluster."""
        if user.is_authenticated and works_for_a_cluster(user):
            return self
        return self.public(at)

    def public(self, at: datetime) -> Self:
        """Published, and no longer under embargo."""
        return self.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=at), state=Article.State.PUBLISHED
        )


class Article(models.Model):
    """A news item."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("article", "being written")
        REVIEW = "review", pgettext_lazy("article", "in review")
        PUBLISHED = "published", pgettext_lazy("article", "published")
        ARCHIVED = "archived", pgettext_lazy("article", "archived")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    title = TextField(_("title"))
    teaser = TextField(_("teaser"))
    body = TextField(_("text"), blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    embargo_until = models.DateTimeField(_("not before"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    correction_note = TextField(_("what was corrected"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(blank=True, max_length=500)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisations = models.ManyToManyField(Organisation, related_name="articles", blank=True)
    events = models.ManyToManyField(Event, related_name="articles", blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [F("published_at").desc(nulls_first=True), "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="a_published_article_says_when",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-published_at"], name="articles_by_day")]

    def __str__(self) -> str:
        return str(self.title)

    def is_held(self, at: datetime) -> bool:
        """Published, but under embargo."""
        return self.embargo_until is not None and self.embargo_until > at

    def is_public(self, at: datetime) -> bool:
        """Everybody may read it."""
        return self.state == self.State.PUBLISHED and not self.is_held(at)


class Revision(models.Model):
    """What an article said before it was corrected."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    title = TextField()
    teaser = TextField()
    body = TextField(blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.article_id} until {self.replaced_at:%Y-%m-%d}"


class Quote(models.Model):
    """A claim that an article quotes, found by the link in its text."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="quotes")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="quotes")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "claim"], name="an_article_quotes_a_claim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} quotes {self.claim_id}"


class Photo(models.Model):
    """A photograph whose rights are known."""

    class Rights(models.TextChoices):
        OWN = "own", pgettext_lazy("rights of a photograph", "taken by ourselves")
        LICENSED = "licensed", pgettext_lazy("rights of a photograph", "under a licence")
        PERMITTED = (
            "permitted",
            pgettext_lazy("rights of a photograph", "with permission of the photographer"),
        )

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="news/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    description = TextField(_("what can be seen"))
    credit = models.CharField(_("photograph by"), max_length=200)
    rights = models.CharField(_("rights"), max_length=9, choices=Rights)
    people_agreed = models.BooleanField(_("everybody who can be recognised agreed"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(credit="") & ~Q(rights=""), name="a_photograph_has_rights"),
        ]

    def __str__(self) -> str:
        return str(self.description)
