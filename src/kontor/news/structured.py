"""What machines read of an article: schema.org NewsArticle."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from kontor.news.models import Article, Photo
from kontor.news.queries import Mention
from kontor.ui.usertext import markup_language

TYPES = {"organisation": "Organization", "event": "Event"}


def article_data(article: Article, photos: Sequence[Photo], mentions: Sequence[Mention]) -> dict[str, object]:
    """The article as JSON-LD, in the language of the page."""
    language = get_language() or "en"
    title = article.title.for_reader(language)
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title.text,
        "description": article.teaser.for_reader(language).text,
        "inLanguage": markup_language(title.language),
        "url": settings.ORIGIN + reverse("news:article-show", args=[article.slug]),
    }
    if article.published_at:
        data["datePublished"] = article.published_at.isoformat()
    if article.corrected_at:
        data["dateModified"] = article.corrected_at.isoformat()
        data["correction"] = article.correction_note.for_reader(language).text
    if article.source_url:
        data["isBasedOn"] = article.source_url
    if mentions:
        data["mentions"] = [
            {"@type": TYPES[one.kind], "name": one.name.text, "url": settings.ORIGIN + one.path}
            for one in mentions
        ]
    if photos:
        data["image"] = [settings.ORIGIN + reverse("news:photo-show", args=[one.public_id]) for one in photos]
    return data
