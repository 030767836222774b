"""The Atom feed of each language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.jobs.clock import now
from kontor.news.models import Article
from kontor.routes import ROLES, page
from kontor.ui.markdown import render_markdown
from kontor.ui.usertext import markup_language

SIZE = 30


@page(roles=ROLES)
def latest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- every view takes it
    """The latest articles as Atom, in the language of the address."""
    language = get_language() or "en"
    feed = Atom1Feed(
        title=_("News"),
        link=settings.ORIGIN + reverse("news:article-list"),
        description="",
        language=markup_language(language),
        feed_url=settings.ORIGIN + reverse("news:feed"),
    )
    for one in Article.objects.public(now())[:SIZE]:
        feed.add_item(
            title=str(one.title.for_reader(language)),
            link=settings.ORIGIN + reverse("news:article-show", args=[one.slug]),
            description=render_markdown(str(one.teaser.for_reader(language))),
            unique_id=f"urn:kontor:article:{one.public_id}",
            pubdate=one.published_at,
            updateddate=one.changed_at if one.corrected_at else one.published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
