"""Write, review, publish, correct and archive articles; photographs come in through one place."""

from datetime import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Organisation
from kontor.errors import DomainError
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.i18n import LANGUAGES, Text
from kontor.news.emails import tell_author
from kontor.news.models import Article, Photo, Quote, Revision
from kontor.search.services import index
from kontor.ui.markdown import references

State = Article.State
NEXT: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.REVIEW,),
    State.REVIEW: (State.DRAFT, State.PUBLISHED),
    State.PUBLISHED: (State.ARCHIVED,),
    State.ARCHIVED: (State.DRAFT,),
}
LARGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
KINDS = ("claim", "event", "organisation")
"""what the marks of a text can name"""


class NotThatWay(DomainError):
    """The article cannot go from its state to that one."""

    sentence = _("From “%(now)s” an article cannot become “%(then)s”.")


class QuotesWithdrawnFigure(DomainError):
    """A figure in the text no longer stands."""

    sentence = _(
        "The text quotes a figure that no longer stands (%(figure)s). Please correct the text first."
    )


class NothingToRead(DomainError):
    """There is no text."""

    sentence = _("An article needs a title, a teaser and a text before it goes into review.")


class NotAPhoto(DomainError):
    """The file is no picture that can be read."""

    sentence = _("“%(name)s” is not a JPEG, PNG or WebP picture of at most 20 MB. Nothing was saved.")


class TooManyPixels(DomainError):
    """The picture is too large to be worked on."""

    sentence = _("The picture has %(width)s × %(height)s pixels. Please make it smaller than 50 megapixels.")


class UnknownReference(DomainError):
    """A link in the text leads nowhere."""

    sentence = _(
        "The link “%(reference)s” leads nowhere. Please take the reference from the list beside the text."
    )


@transaction.atomic
def save_article(article: Article, *, by: User | None, at: datetime) -> Article:
    """Save an article that is not published, and what it refers to. Raises UnknownReference."""
    is_new = article.pk is None
    if is_new:
        article.created_at, article.author = at, by
    article.changed_at = at
    article.save()
    _refer(article)
    record("article_written" if is_new else "article_changed", by=by, subject=article, at=at)
    index("article", article.public_id)
    return article


@transaction.atomic
def correct_article(article: Article, *, note: Text, by: User, at: datetime) -> Article:
    """Save changed words of a published article: the earlier ones stay on record, and readers see what was corrected."""
    before = Article.objects.select_for_update().get(pk=article.pk)
    Revision.objects.create(
        article=before,
        title=before.title,
        teaser=before.teaser,
        body=before.body,
        replaced_at=at,
        replaced_by=by,
    )
    article.corrected_at, article.correction_note, article.changed_at = at, note, at
    article.save()
    _refer(article)
    record("article_corrected", by=by, subject=article, at=at)
    index("article", article.public_id)
    return article


@transaction.atomic
def move_article(article: Article, *, to: str, by: User | None, at: datetime) -> Article:
    """Bring an article into its next state. Raises NotThatWay, NothingToRead, QuotesWithdrawnFigure."""
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if to not in NEXT[locked.state]:
        raise NotThatWay(now=State(locked.state).label, then=State(to).label)
    if to == State.REVIEW and not (locked.title and locked.teaser and locked.body):
        raise NothingToRead
    if to == State.PUBLISHED:
        if gone := outdated_quotes(locked):
            raise QuotesWithdrawnFigure(
                figure=f"{gone[0].get_measure_display()} {gone[0].value.normalize():f}"
            )
        locked.published_at = max(at, locked.embargo_until) if locked.embargo_until else at
    locked.state, locked.changed_at = to, at
    locked.save(update_fields=("state", "published_at", "changed_at"))
    record("article_moved", by=by, subject=locked, at=at, data={"to": to})
    index("article", locked.public_id)
    return locked


@transaction.atomic
def release_due(at: datetime) -> int:
    """End the embargoes that are over, so that the search finds these articles too; returns how many."""
    due = Article.objects.select_for_update().filter(state=State.PUBLISHED, embargo_until__lte=at)
    keys = list(due.values_list("public_id", flat=True))
    Article.objects.filter(public_id__in=keys).update(embargo_until=None)
    if keys:
        index("article", *keys)
    return len(keys)


def outdated_quotes(article: Article) -> list[Claim]:
    """The quoted claims that were withdrawn or replaced since; one statement."""
    claims = Claim.objects.filter(quotes__article=article).with_standing()
    return [claim for claim in claims if not claim.is_live]


@transaction.atomic
def tell_authors(claim: Claim) -> int:
    """Write to the authors whose texts quote a claim that no longer stands, once each; returns how many texts there are."""
    if claim.is_live:
        return 0
    quoting = Article.objects.filter(quotes__claim=claim).exclude(state=State.ARCHIVED)
    articles = list(quoting.select_related("author"))
    for article in articles:
        tell_author(article, claim)
    return len(articles)


def _refer(article: Article) -> None:
    """Link the article with the claims, events and organisations that its text names in any language."""
    named = {found for language in LANGUAGES for found in references(article.body.in_language(language))}
    wanted = {kind: {key for one, key in named if one == kind} for kind in KINDS}
    if unknown := {f"{kind}:{key}" for kind, key in named if kind not in wanted}:
        raise UnknownReference(reference=min(unknown))
    claims = {one.public_id: one for one in Claim.objects.filter(public_id__in=wanted["claim"])}
    events = {one.slug: one for one in Event.objects.filter(slug__in=wanted["event"])}
    organisations = {
        one.public_id: one
        for one in Organisation.objects.listed().filter(public_id__in=wanted["organisation"])
    }
    for kind, found in (("claim", claims), ("event", events), ("organisation", organisations)):
        if missing := wanted[kind] - set(found):
            raise UnknownReference(reference=f"{kind}:{min(missing)}")
    article.quotes.exclude(claim__in=claims.values()).delete()
    Quote.objects.bulk_create(
        (Quote(article=article, claim=claim) for claim in claims.values()), ignore_conflicts=True
    )
    article.events.set(events.values())
    article.organisations.set(organisations.values())


@transaction.atomic
def add_photo(photo: Photo, *, name: str, content: bytes, by: User, at: datetime) -> Photo:
    """Keep a photograph, at most 1,600 pixels long and without what the camera wrote into it. Raises NotAPhoto, TooManyPixels."""
    if len(content) > LARGEST_FILE:
        raise NotAPhoto(name=name)
    try:
        # the header alone is read here; a picture of 100 megapixels is never unpacked
        picture = Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        if picture.width * picture.height > MOST_PIXELS:
            raise TooManyPixels(width=picture.width, height=picture.height)
        packable = picture.convert("RGB")
        packable.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise NotAPhoto(name=name) from error
    packed = BytesIO()
    packable.save(packed, "JPEG", quality=82, optimize=True, progressive=True)
    photo.width, photo.height = packable.size
    photo.position = photo.article.photos.count()
    photo.file.save(f"{photo.public_id}.jpg", ContentFile(packed.getvalue()), save=False)
    photo.save()
    record("photo_added", by=by, subject=photo.article, at=at)
    return photo


def read_photo(photo: Photo) -> bytes:
    """The JPEG as it is shown."""
    with photo.file.open("rb") as file:
        return bytes(file.read())
