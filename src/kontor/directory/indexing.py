"""What of the directory can be searched: clusters, organisations, sites, and the people who agreed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.directory.countries import country_name
from kontor.directory.models import Affiliation, Cluster, Membership, Organisation, Person, Site
from kontor.directory.names import display, surname_readings
from kontor.directory.places import place_text
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES
from kontor.search.registry import (
    OPERATORS,
    PUBLIC,
    SIGNED_IN,
    Document,
    Kind,
    register,
    register_audiences,
)
from kontor.ui.formatting import with_commas


def audience_of_organisation(public_id: str) -> str:
    """Those who work for it."""
    return f"organisation:{public_id}"


def audience_of_cluster(public_id: str) -> str:
    """The staff of a cluster."""
    return f"cluster:{public_id}"


def audience_of_event(public_id: str) -> str:
    """Those who organise or attend an event."""
    return f"event:{public_id}"


def _audiences_of(user: User) -> Iterator[str]:
    """One statement."""
    own = Affiliation.objects.filter(person__user=user, until=None).order_by()
    led = Cluster.objects.filter(staff__user=user).order_by()
    kind = Value("organisation"), Value("cluster")
    both = own.values_list(kind[0], "organisation__public_id").union(led.values_list(kind[1], "public_id"))
    for name, public_id in both:
        yield (
            audience_of_organisation(public_id) if name == "organisation" else audience_of_cluster(public_id)
        )


def country_words(country: str) -> list[str]:
    """The name of a country in the three languages."""
    return [country_name(country, language) for language in LANGUAGES] if country else []


def _organisations(keys: Sequence[str]) -> Iterator[Document]:
    found = Organisation.objects.filter(public_id__in=keys).exclude(
        state__in=[Organisation.State.MERGED, Organisation.State.BLOCKED]
    )
    audiences = _audiences_of_organisations(found)
    for one in found.prefetch_related("names", "registry_numbers", "sites"):
        numbers = [number.number for number in one.registry_numbers.all()]
        places = [words for site in one.sites.all() for words in _words(site.place)]
        yield Document(
            key=one.public_id,
            title=one.name,
            names=[*(name.text for name in one.names.all()), *numbers],
            place=place_text(one.place),
            places=[*places, *country_words(one.country)],
            texts=[one.capability],
            topics=one.topics,
            country=one.country,
            category=one.kind,
            audiences=audiences[one.pk],
            address=[one.public_id],
            is_sample=one.is_sample,
        )


def _audiences_of_organisations(found: QuerySet[Organisation]) -> dict[int, list[str]]:
    """Everybody for published ones; for others their people, the staff of their clusters, and who attends with them."""
    audiences: defaultdict[int, list[str]] = defaultdict(list)
    hidden = found.exclude(state=Organisation.State.PUBLISHED)
    for pk in found.filter(state=Organisation.State.PUBLISHED).values_list("pk", flat=True):
        audiences[pk].append(PUBLIC)
    for pk, public_id in hidden.values_list("pk", "public_id"):
        audiences[pk] += [OPERATORS, audience_of_organisation(public_id)]
    for pk, cluster in hidden.filter(memberships__isnull=False).values_list(
        "pk", "memberships__cluster__public_id"
    ):
        audiences[pk].append(audience_of_cluster(cluster))
    attending = hidden.filter(participations__isnull=False).values_list(
        "pk", "participations__event__public_id"
    )
    for pk, event in attending.distinct():
        audiences[pk].append(audience_of_event(event))
    return audiences


def _sites(keys: Sequence[str]) -> Iterator[Document]:
    found = Site.objects.filter(public_id__in=keys).select_related("organisation")
    owners = Organisation.objects.filter(sites__public_id__in=keys).exclude(
        state__in=[Organisation.State.MERGED, Organisation.State.BLOCKED]
    )
    audiences = _audiences_of_organisations(owners.distinct())
    for one in found:
        owner = one.organisation
        yield Document(
            key=one.public_id,
            title=_joined(owner.name, one.name or one.place),
            names=_words(one.name),
            place=one.place,
            places=[*_words(one.zone), *_words(one.address), *country_words(one.country)],
            country=one.country,
            category=one.kind,
            audiences=audiences.get(owner.pk, ()),
            address=[owner.public_id],
            is_sample=one.is_sample,
        )


def _people(keys: Sequence[str]) -> Iterator[Document]:
    audiences = {
        Person.FindableBy.NOBODY.value: (),
        Person.FindableBy.SIGNED_IN.value: (SIGNED_IN,),
        Person.FindableBy.EVERYBODY.value: (PUBLIC,),
    }
    found = Person.objects.filter(public_id__in=keys).exclude(findable_by=Person.FindableBy.NOBODY)
    for one in found.prefetch_related("aliases", "affiliations__organisation"):
        present = [
            work
            for work in one.affiliations.all()
            if work.until is None and work.organisation.state == Organisation.State.PUBLISHED
        ]
        names = [alias.text for alias in one.aliases.all()]
        yield Document(
            key=one.public_id,
            title=person_title(one),
            names=[*names, *([one.preferred_name] if one.preferred_name else [])],
            readings=person_readings(one),
            place=present[0].organisation.name if present else Text(),
            places=country_words(one.country),
            texts=[work.function for work in present],
            country=one.country,
            audiences=audiences[one.findable_by],
            address=[one.public_id],
            is_sample=one.is_sample,
        )


def person_title(person: Person) -> Text:
    """A name as the title of a result: in Latin letters, and in characters where they are known."""
    latin = display(person.name, "en")
    native = display(person.name, "zh")
    original = "zh" if person.language == "zh" and native != latin else "en"
    return Text.of(original, en=latin, de=latin, zh=native)


def person_readings(person: Person) -> list[str]:
    """Spellings of a name that its letters do not show: the surname's own pinyin, and the parts joined."""
    joined = f"{person.family}{person.given}".replace(" ", "")
    return [*surname_readings(person.name), joined, person.given.replace(" ", "")]


def _clusters(keys: Sequence[str]) -> Iterator[Document]:
    for one in Cluster.objects.filter(public_id__in=keys).select_related("organisation"):
        management = one.organisation
        yield Document(
            key=one.public_id,
            title=one.name,
            names=[name.text for name in management.names.all()] if management else [],
            place=one.region,
            places=country_words(one.country),
            texts=[one.description],
            topics=one.topics,
            country=one.country,
            audiences=[PUBLIC] if one.is_published else [OPERATORS, audience_of_cluster(one.public_id)],
            address=[one.slug],
            is_sample=one.is_sample,
        )


def _words(text: Text) -> list[str]:
    return [words for language in LANGUAGES if (words := text.in_language(language))]


def _joined(first: Text, second: Text) -> Text:
    """'Bosch, Jinan' in each language of either."""
    languages = [
        language for language in LANGUAGES if first.in_language(language) or second.in_language(language)
    ]
    texts = {
        language: with_commas(
            str(first.for_reader(language)), str(second.for_reader(language)), language=language
        )
        for language in languages
    }
    return Text.of(first.original, **texts)


def _all(model: type[Organisation | Site | Person | Cluster | Membership]) -> Iterable[str]:
    return model.objects.order_by("pk").values_list("public_id", flat=True).iterator(chunk_size=2_000)


register(
    Kind(
        name="cluster",
        label=_("Cluster"),
        plural=_("Clusters"),
        url_name="directory:cluster-show",
        load=_clusters,
        keys=lambda: _all(Cluster),
    )
)
register(
    Kind(
        name="organisation",
        label=_("Organisation"),
        plural=_("Organisations"),
        url_name="directory:organisation-show",
        load=_organisations,
        keys=lambda: _all(Organisation),
        categories=lambda: Organisation.Kind.choices,
    )
)
register(
    Kind(
        name="site",
        label=_("Site"),
        plural=_("Sites"),
        load=_sites,
        keys=lambda: _all(Site),
        url_name="directory:organisation-show",
        categories=lambda: Site.Kind.choices,
    )
)
register(
    Kind(
        name="person",
        label=_("Person"),
        plural=_("People"),
        url_name="directory:person-show",
        load=_people,
        keys=lambda: _all(Person),
    )
)
register_audiences(_audiences_of)
