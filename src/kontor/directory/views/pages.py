"""What everybody may read: organisations and clusters, as lists, as profiles and as business cards."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.directory import links
from kontor.directory.countries import country_name
from kontor.directory.documents import VCARD_TYPE
from kontor.directory.documents import organisation_card as write_card
from kontor.directory.models import (
    Cluster,
    ClusterPartnership,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    Site,
)
from kontor.directory.permissions import works_for_a_cluster
from kontor.directory.places import place_words
from kontor.directory.queries import ShownName, about_topic, countries_listed, names_of
from kontor.directory.site_map import draw_site_map
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES, State, Words, content_language
from kontor.jobs.clock import now
from kontor.routes import ROLES, page
from kontor.topics.analysis import vocabulary
from kontor.topics.vocabulary import label
from kontor.ui.components import Chip, Column, Table, Tone
from kontor.ui.downloads import download_response
from kontor.ui.paging import cursor_page
from kontor.ui.rows import in_one_line, link, sample_mark
from kontor.ui.templatetags.kontor import words
from kontor.ui.usertext import markup_language

ORDER = ("sort_key", "id")
COLUMNS = ("id", "sort_key", "public_id", "name", "kind", "country", "place", "verification", "is_sample")
FILTERS = ("country", "kind", "topic")
MOST_MEMBERS = 500
TONES: dict[str, Tone] = {"none": "outline", "self": "", "staff": "ok", "register": "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An entry of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A concept as a word that leads to everybody who works on it."""

    id: str
    name: str


@page(roles=ROLES)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """All published organisations in one order for all readers, by country, kind and topic."""
    language = get_language() or "en"
    found = filtered(request)
    country, kind, topic = (request.GET.get(name, "") for name in FILTERS)
    listed = cursor_page(request, found.values_list(*COLUMNS, named=True), ORDER)
    kinds = dict(Organisation.Kind.choices)
    codes = countries_listed()
    countries = sorted((country_name(code, language), code) for code in codes)
    context = {
        "page": listed,
        "table": Table(
            columns=[
                Column(heading=pgettext("column", "Organisation"), is_title=True),
                Column(heading=pgettext("column", "Kind")),
                Column(heading=pgettext("column", "Place")),
            ],
            rows=[_row(one, kinds, language) for one in listed.rows],
        )
        if listed.rows
        else None,
        "countries": [Choice(value=code, label=name, is_chosen=code == country) for name, code in countries],
        "kinds": [
            Choice(value=value, label=str(name), is_chosen=value == kind) for value, name in kinds.items()
        ],
        "topics": topic_choices(topic, language),
        "is_staff": works_for_a_cluster(request.user),
    }
    return render(request, "directory/organisation_list.html", context)


def filtered(request: HttpRequest) -> QuerySet[Organisation]:
    """Published organisations by the country, kind and topic of the address; what is unknown limits nothing."""
    country, kind, topic = (request.GET.get(name, "") for name in FILTERS)
    found: QuerySet[Organisation] = Organisation.objects.listed()
    if len(country) == 2 and country.isalpha():
        found = found.filter(country=country)
    if kind in Organisation.Kind.values:
        found = found.filter(kind=kind)
    return about_topic(found, topic) if topic in vocabulary() else found


def _row(one: Any, kinds: dict[str, Any], language: str) -> tuple[str, str, str]:
    sample = sample_mark(_("sample data")) if one.is_sample else ""
    original = one.name.beside(language)
    name = link(
        reverse("directory:organisation-show", args=[one.public_id]), words(one.name.for_reader(language))
    )
    return (
        in_one_line(name, words(original, "quiet") if original else "", sample),
        str(kinds[one.kind]),
        place_words(one.place, one.country),
    )


def topic_choices(chosen: str, language: str) -> list[Choice]:
    """The fields of the vocabulary, and the chosen topic where it is below one."""
    known = vocabulary()
    topics = list(known.fields())
    if chosen in known and known[chosen] not in topics:
        topics.append(known[chosen])
    return [Choice(value=one.id, label=label(one, language), is_chosen=one.id == chosen) for one in topics]


def topic_words(ids: Iterable[str]) -> list[Topic]:
    """Concepts in the words of the reader; what left the vocabulary is left out."""
    known, language = vocabulary(), get_language() or "en"
    return [Topic(id=one, name=label(known[one], language)) for one in ids if one in known]


@page(roles=ROLES, of="directory.Organisation")
def organisation_show(request: HttpRequest, organisation: str) -> HttpResponse:
    """One organisation: names, what it can do, where it is, who checked it."""
    found = visible_organisation(request, organisation)
    if found is None:
        merged = Organisation.objects.filter(public_id=organisation, state="merged").first()
        survivor = merged.merged_into if merged else None
        if survivor is None or visible_organisation(request, survivor.public_id) is None:
            raise Http404
        return redirect("directory:organisation-show", survivor.public_id, permanent=False)
    at, language = now(), get_language() or "en"
    sites = list(found.sites.all())
    memberships = [
        one
        for one in found.memberships.visible_to(request.user).live().select_related("cluster")
        if one.state == Membership.State.ACTIVE
    ]
    is_signed_in, can_edit = isinstance(request.user, User), vars(found)["is_editable"]
    names = names_of(found)
    numbers = list(found.registry_numbers.all())
    context = {
        "organisation": found,
        "names": [(one, OrganisationName.Kind(one.kind).label) for one in names],
        "place": place_words(found.place, found.country),
        "versions": _versions(found.capability),
        "capability_mark": _mark(found.capability, language),
        "chip": Chip(text=found.get_verification_display(), tone=TONES[found.verification]),
        "is_stale": found.is_stale(at),
        "is_public": found.state == Organisation.State.PUBLISHED,
        "topics": topic_words(found.topics),
        "sites": [(site, country_name(site.country, language) if site.country else "") for site in sites],
        "numbers": numbers,
        "memberships": memberships,
        "subsidiaries": found.subsidiaries.listed().order_by("sort_key", "id")[:50],
        "map": draw_site_map(sites),
        "links": list(links.links_of(found)),
        "data": organisation_data(found, names=names, numbers=[one.number for one in numbers], sites=sites),
        "can_edit": can_edit,
        "may_claim": is_signed_in and not can_edit,
    }
    return render(request, "directory/organisation_show.html", context)


def _versions(text: Text) -> list[tuple[Words, str, Chip]]:
    """Each language of a text with how it came to be; nothing for a text that nobody wrote."""
    if not text:
        return []
    names = language_names()
    shown = []
    for language in LANGUAGES:
        state, tone = state_chip(text, language)
        written = Words(text.in_language(language), language)
        shown.append((written, names[language], Chip(text=state, tone=tone)))
    return shown


def _mark(text: Text, language: str) -> Chip | None:
    """What a reader must know about the words they see: that a machine wrote them, or that they are old."""
    shown = text.for_reader(language)
    if shown.state not in (State.MACHINE, State.STALE):
        return None
    state, tone = state_chip(text, shown.language)
    return Chip(text=state, tone=tone)


def visible_organisation(request: HttpRequest, public_id: str) -> Organisation | None:
    """The organisation of this address, if this reader may know it; with `is_editable`, and with what its links hang on."""
    editable = Organisation.objects.editable_by(request.user).filter(pk=OuterRef("pk")).order_by()
    return (
        Organisation.objects.visible_to(request.user)
        .annotate(is_editable=Exists(editable), **links.conditions())
        .exclude(state=Organisation.State.MERGED)
        .select_related("parent")
        .filter(public_id=public_id)
        .first()
    )


def organisation_data(
    organisation: Organisation,
    *,
    names: Sequence[ShownName],
    numbers: Sequence[str] = (),
    sites: Sequence[Site] = (),
) -> dict[str, object]:
    """schema.org Organization in the language of the page, with its other names and only what is known."""
    language = get_language() or "en"
    name = organisation.name.for_reader(language).text
    others = [one.words.text for one in names if one.kind != OrganisationName.Kind.TYPO]
    address = settings.ORIGIN + reverse("directory:organisation-show", args=[organisation.public_id])
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": organisation.website or address,
        "name": name,
        "alternateName": [one for one in dict.fromkeys(others) if one != name],
        "inLanguage": markup_language(language),
    }
    optional: dict[str, object] = {
        "description": _written_by_people(organisation.capability, language).text,
        "foundingDate": str(organisation.founded_in or ""),
        "identifier": list(numbers),
        "knowsAbout": [one.name for one in topic_words(organisation.topics)],
        "location": [
            {
                "@type": "Place",
                "name": (site.name or site.place).for_reader(language).text,
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": site.address.for_reader(language).text,
                    "addressLocality": site.place.for_reader(language).text,
                    "addressCountry": site.country,
                },
            }
            for site in sites
            if site.is_verified and site.closed_in is None
        ],
    }
    return data | {key: value for key, value in optional.items() if value}


def _written_by_people(text: Text, language: str) -> Words:
    """The words for a reader, or the original where only a machine translated it: other machines cannot see the mark."""
    version = text.versions.get(content_language(language))
    is_draft = version is not None and version.state is State.MACHINE
    return text.original_words() if is_draft else text.for_reader(language)


@page(roles=ROLES, of="directory.Organisation")
def organisation_card(request: HttpRequest, organisation: str) -> HttpResponse:
    """The business card of an organisation (vCard 4.0), with its name in every script."""
    found = visible_organisation(request, organisation)
    if found is None:
        raise Http404
    url = settings.ORIGIN + reverse("directory:organisation-show", args=[found.public_id])
    sites = list(found.sites.filter(is_verified=True, closed_in__isnull=True))
    card = write_card(found, sites=sites, url=url)
    return download_response(card, f"{found.name.for_reader(get_language() or 'en')}.vcf", VCARD_TYPE)


@page(roles=ROLES)
def cluster_list(request: HttpRequest) -> HttpResponse:
    """All clusters this reader may know, and what they do in one line."""
    language = get_language() or "en"
    clusters = [
        (one, country_name(one.country, language) if one.country else "")
        for one in Cluster.objects.visible_to(request.user)
    ]
    return render(request, "directory/cluster_list.html", {"clusters": clusters})


@page(roles=ROLES, of="directory.Cluster")
def cluster_show(request: HttpRequest, cluster: str) -> HttpResponse:
    """The profile of a cluster in the order in which the European cluster platform asks, to read and to print."""
    language = get_language() or "en"
    found = (
        Cluster.objects.visible_to(request.user)
        .select_related("organisation", "contact")
        .annotate(
            is_managed=Exists(Cluster.objects.managed_by(request.user).filter(pk=OuterRef("pk")).order_by())
        )
        .filter(slug=cluster)
        .first()
    )
    if found is None:
        raise Http404
    members = list(
        Membership.objects.visible_to(request.user)
        .filter(cluster=found, state=Membership.State.ACTIVE)
        .select_related("organisation")
        .order_by("organisation__sort_key", "id")[:MOST_MEMBERS]
    )
    kinds = Counter(one.organisation.kind for one in members)
    at_home = [one.organisation_id for one in members] + [found.organisation_id]
    sites = Site.objects.visible_to(request.user).on_the_map()
    sites = sites.filter(organisation__in=[pk for pk in at_home if pk], closed_in__isnull=True)
    groups, services = _groups_and_services(found)
    contact = found.contact
    context = {
        "cluster": found,
        "country": country_name(found.country, language) if found.country else "",
        "countries_of_interest": [country_name(code, language) for code in found.countries_of_interest],
        "topics": topic_words(found.topics),
        "members": members,
        "num_by_kind": [(Organisation.Kind(kind).label, num) for kind, num in kinds.most_common() if kind],
        "groups": groups,
        "labels": found.labels.all(),
        "services": services,
        "partners": partners_of(found, request.user),
        "contact": contact if contact and contact.findable_by == Person.FindableBy.EVERYBODY else None,
        "map": draw_site_map(sites.select_related("organisation")),
        "description_mark": _mark(found.description, language),
        "data": _cluster_data(found, language),
        "can_manage": vars(found)["is_managed"],
    }
    return render(request, "directory/cluster_show.html", context)


def _groups_and_services(cluster: Cluster) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Names and descriptions of both, in their order; one statement."""
    shape = ("what", "name", "description", "position", "pk")
    groups = cluster.working_groups.order_by().annotate(what=Value("group")).values(*shape)
    services = cluster.services.order_by().annotate(what=Value("service")).values(*shape)
    rows = sorted(groups.union(services, all=True), key=lambda row: (row["position"], row["pk"]))
    return [row for row in rows if row["what"] == "group"], [row for row in rows if row["what"] == "service"]


def partners_of(cluster: Cluster, user: User | AnonymousUser) -> list[tuple[Cluster, ClusterPartnership]]:
    """The clusters with which one works, as far as the reader may know them; one statement."""
    pairs = ClusterPartnership.objects.filter(Q(first=cluster) | Q(second=cluster))
    known = Cluster.objects.visible_to(user).order_by().values("pk")
    return [
        (one.second if one.first_id == cluster.pk else one.first, one)
        for one in pairs.filter(first__in=known, second__in=known).select_related("first", "second")
    ]


def _cluster_data(cluster: Cluster, language: str) -> dict[str, object]:
    """schema.org Organization of the cluster itself."""
    address = settings.ORIGIN + reverse("directory:cluster-show", args=[cluster.slug])
    name = cluster.name.for_reader(language).text
    others = [cluster.name.in_language(code) for code in ("de", "en", "zh")]
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": cluster.website or address,
        "name": name,
        "alternateName": [one for one in others if one and one != name],
        "inLanguage": markup_language(language),
    }
    return data | ({"foundingDate": str(cluster.founded_in)} if cluster.founded_in else {})


def state_chip(text: Text, language: str) -> tuple[str, Tone]:
    """How a text in one language came to be, in words and colour; "missing" where there is none."""
    if not text.in_language(language):
        return pgettext("state of a translation", "missing"), "warn"
    shown: Words = text.for_reader(language)
    states: dict[str, tuple[str, Tone]] = {
        "original": (pgettext("state of a translation", "original"), "ok"),
        "human": (pgettext("state of a translation", "translated"), ""),
        "machine": (pgettext("state of a translation", "machine-translated"), "warn"),
        "verified": (pgettext("state of a translation", "verified translation"), "ok"),
        "stale": (pgettext("state of a translation", "older than the original"), "warn"),
    }
    return states[str(shown.state)]


def language_names() -> dict[str, str]:
    """The content languages in the reader's words."""
    return {"de": _("German"), "en": _("English"), "zh": _("Chinese")}
