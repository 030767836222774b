"""Articles as pages and feeds need them."""

from dataclasses import dataclass

from django.db.models import CharField, Value
from django.urls import reverse

from kontor.directory.models import Organisation
from kontor.events.models import Event
from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.i18n import Words
from kontor.news.models import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Something an author can refer to, with the mark to copy into the text."""

    words: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An organisation or event that an article names."""

    kind: str
    name: Words
    path: str


def address_of(kind: str, key: str) -> str | None:
    """Where a reference of a text leads."""
    if kind == "claim":
        return reverse("figures:claim-show", args=[key])
    if kind == "organisation":
        return reverse("directory:organisation-show", args=[key])
    return reverse("portal:event-about", args=[key]) if kind == "event" else None


def mentions_of(article: Article, language: str) -> list[Mention]:
    """The published organisations and announced events that the text names, by name; one statement."""
    columns = {
        kind: (Value(kind, output_field=CharField()), "name", key)
        for kind, key in (("organisation", "public_id"), ("event", "slug"))
    }
    organisations = Organisation.objects.listed().filter(articles=article).order_by()
    events = Event.objects.filter(articles=article, is_announced=True).order_by()
    rows = organisations.values_list(*columns["organisation"]).union(
        events.values_list(*columns["event"]), all=True
    )
    found = [
        Mention(kind=kind, name=name.for_reader(language), path=str(address_of(kind, key)))
        for kind, name, key in rows
    ]
    return sorted(found, key=lambda one: (one.kind, one.name.text))


def figures_to_quote(language: str, *, size: int = 60) -> dict[str, list[Reference]]:
    """The claims that stand, newest first, as marks to copy, under what they are about."""
    claims = Claim.objects.filter(withdrawn_at__isnull=True, superseded_by__isnull=True)
    found = claims.select_related("organisation", "cluster", "event").order_by("-id")[:size]
    about: dict[str, list[Reference]] = {}
    for one in found:
        mark = f"[{wording.phrase(one, language)}](claim:{one.public_id})"
        row = Reference(words=wording.sentence(one, language), mark=mark)
        about.setdefault(str(one.subject.name.for_reader(language)), []).append(row)
    return about
