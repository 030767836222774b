"""What of news can be searched: published articles by everybody, the others by people of the desk."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from kontor.agreements.indexing import DESK
from kontor.news.models import Article
from kontor.search.registry import OPERATORS, PUBLIC, Document, Kind, register


def _articles(keys: Sequence[str]) -> Iterator[Document]:
    for one in Article.objects.filter(public_id__in=keys):
        # an embargo ends by the clock, not by a change: until then only the desk finds it
        is_public = one.state == Article.State.PUBLISHED and one.embargo_until is None
        yield Document(
            key=one.public_id,
            title=one.title,
            names=[one.slug],
            texts=[one.teaser, one.body],
            places=[],
            audiences=[PUBLIC] if is_public else [OPERATORS, DESK],
            address=[one.slug],
            is_sample=one.is_sample,
        )


def _keys() -> Iterable[str]:
    return Article.objects.order_by("pk").values_list("public_id", flat=True)


register(
    Kind(
        name="article",
        label=_("Article"),
        plural=_("Articles"),
        load=_articles,
        keys=_keys,
        url_name="news:article-show",
    )
)
