"""Mails to authors: a figure that their text quotes no longer stands."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.news.models import Article


def tell_author(article: Article, claim: Claim) -> None:
    """Queue one mail in the author's language; authors without an address read it at the desk."""
    author = article.author
    if author is None or not author.email:
        return
    with translation.override(author.language):
        facts = {
            "title": article.title.for_reader(author.language).text,
            "figure": wording.sentence(claim, author.language),
            "article": settings.ORIGIN + reverse("news:article-show", args=[article.slug]),
            "claim": settings.ORIGIN + reverse("figures:claim-show", args=[claim.public_id]),
        }
        subject = _("A figure in “%(title)s” no longer stands") % facts
        body = (
            _(
                "Your article “%(title)s” quotes a figure that was withdrawn or replaced:\n\n%(figure)s\n%(claim)s\n\n"
                "Please correct the text; readers will see what was corrected:\n%(article)s"
            )
            % facts
        )
    queue_mail(
        NewMail(
            to=author.email,
            user=author,
            subject=subject,
            body=body,
            language=author.language,
            cause=article,
            key=f"article:{article.public_id}:outdated:{claim.public_id}",
        )
    )
