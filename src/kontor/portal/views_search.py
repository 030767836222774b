"""The search page: everything a reader may find, in any of the three languages, also while they type."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.directory.countries import country_name
from kontor.directory.indexing import audience_of_event
from kontor.events.indexing import audience_of_organisers
from kontor.i18n import Text
from kontor.i18n.text import Words
from kontor.routes import ROLES, page
from kontor.search.asking import LONGEST_QUERY
from kontor.search.queries import Audiences, Filters, Found, Hit, Reason, Through, search, suggest
from kontor.search.registry import Kind, Reader, audiences_of, kinds
from kontor.topics.analysis import vocabulary
from kontor.topics.vocabulary import label

PAGE = 20
LAST_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """A result as the list shows it."""

    kind: str
    title: Words
    second_title: Words | None
    """the name in the other script, or as it was written first"""
    place: Words
    country: str
    url: str
    reasons: tuple[str, ...]
    """sentences that say why it was found; none where its name says so"""
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An entry of a filter."""

    value: str
    label: str
    is_chosen: bool


@page(roles=ROLES)
def search_show(request: HttpRequest) -> HttpResponse:
    """Results for `?q=`, limited by kind, country and topic; htmx asks for the results alone while somebody types."""
    words = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    language = get_language() or "en"
    number = _page_number(request.GET.get("page", ""))
    filters = Filters(
        kind=_known(request.GET.get("kind", ""), kinds()),
        country=request.GET.get("country", "")[:2].upper(),
        topic=_known(request.GET.get("topic", ""), vocabulary().by_id),
    )
    reader: Reader = request.user if isinstance(request.user, User) else AnonymousUser()
    audiences = audiences_of(reader) if words else ()
    is_typing = bool(request.headers.get("HX-Request"))
    if not words:
        found = Found(hits=(), has_more=False)
    elif is_typing:
        found = suggest(words, audiences=audiences, language=language, filters=filters)
    else:
        found = search(
            words,
            audiences=audiences,
            language=language,
            filters=filters,
            size=PAGE,
            skip=PAGE * (number - 1),
        )
    context = {
        "words": words,
        "hits": [_shown(hit, audiences, language) for hit in found.hits],
        "found": found,
        "next_page": _address(request, number + 1) if found.has_more and number < LAST_PAGE else "",
        "is_typing": is_typing,
    }
    if is_typing:
        return render(request, "portal/search_results.html", context)
    context |= {
        "kinds": _kind_choices(found, filters.kind),
        "countries": _country_choices(found, filters.country, language),
        "topics": _topic_choices(filters.topic, language),
    }
    return render(request, "portal/search_show.html", context)


def _page_number(text: str) -> int:
    return min(LAST_PAGE, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _known(value: str, values: Iterable[str]) -> str:
    return value if value in values else ""


def _address(request: HttpRequest, number: int) -> str:
    parameters = request.GET.copy()
    parameters["page"] = str(number)
    return f"?{parameters.urlencode()}"


def _kind_choices(found: Found, chosen: str) -> list[Choice]:
    return [
        Choice(value=name, label=str(kind.plural), is_chosen=name == chosen)
        for name, kind in kinds().items()
        if name == chosen or name in found.kinds
    ]


def _country_choices(found: Found, chosen: str, language: str) -> list[Choice]:
    codes = dict.fromkeys([*found.countries, *([chosen] if chosen else [])])
    return [
        Choice(value=code, label=country_name(code, language), is_chosen=code == chosen) for code in codes
    ]


def _topic_choices(chosen: str, language: str) -> list[Choice]:
    """The fields of the vocabulary, and the chosen topic where it is below one."""
    known = vocabulary()
    topics = list(known.fields())
    if chosen and known[chosen] not in topics:
        topics.append(known[chosen])
    return [Choice(value=one.id, label=label(one, language), is_chosen=one.id == chosen) for one in topics]


def _shown(hit: Hit, audiences: Audiences, language: str) -> ShownHit:
    kind = kinds()[hit.kind]
    return ShownHit(
        kind=str(kind.label),
        title=hit.title.for_reader(language),
        second_title=_second(hit.title, language),
        place=hit.place.for_reader(language),
        country=country_name(hit.country, language) if hit.country else "",
        url=_url(hit, kind, audiences),
        reasons=tuple(_sentences(hit.reasons, language)),
        is_sample=hit.is_sample,
    )


def _second(title: Text, language: str) -> Words | None:
    """Beside a title in Latin letters the one in characters, beside a Chinese one the one it was translated from or to."""
    shown = title.for_reader(language)
    others = ("zh",) if shown.language != "zh" else (title.original, "en", "de")
    for other in others:
        if other != shown.language and (text := title.in_language(other)) and text != shown.text:
            return Words(text, other)
    return None


def _url(hit: Hit, kind: Kind, audiences: Audiences) -> str:
    """An event leads to the page that its reader needs: the preparation, one's own day, or what everybody may read."""
    if hit.kind == "event":
        if audiences is None or audience_of_organisers(hit.key) in audiences:
            return reverse("meetings:event-show", args=hit.address)
        if audience_of_event(hit.key) in audiences:
            return reverse("meetings:day-show", args=hit.address)
        return reverse("portal:event-about", args=hit.address)
    return reverse(kind.url_name, args=hit.address) if kind.url_name else ""


def _sentences(reasons: Sequence[Reason], language: str) -> Iterator[str]:
    known = vocabulary()
    for reason in reasons:
        if reason.through is Through.CONCEPT and reason.concept in known:
            yield _("Found through the topic “%(topic)s”.") % {
                "topic": label(known[reason.concept], language)
            }
        elif reason.through is Through.OTHER_NAME:
            yield _("Also known as “%(name)s”.") % {"name": reason.name}
        elif reason.through is Through.PLACE:
            yield _("“%(words)s” stands in the place.") % {"words": reason.words}
        elif reason.through is Through.TEXT:
            yield _("“%(words)s” stands in the text.") % {"words": reason.words}
