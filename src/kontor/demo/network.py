"""The network around the sample event: real organisations with public facts and their source, two clusters, sample members."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from kontor.accounts.models import User
from kontor.demo.story import build_story
from kontor.directory.models import Affiliation, Cluster, ClusterStaff, Membership, Organisation, Person, Site
from kontor.directory.names import organisation_key
from kontor.directory.services.clusters import make_partners, save_cluster
from kontor.directory.services.organisations import NameData, add_organisation
from kontor.directory.services.refreshing import refresh_organisations
from kontor.directory.services.sites import save_site
from kontor.events.models import Event
from kontor.i18n import Text
from kontor.topics.analysis import tokens

DATA = Path(__file__).parent / "data" / "network.toml"
KNOWN_AT = datetime(2018, 11, 6, 17, 55, tzinfo=UTC)
"""when the press release said so"""
MEMBERS = {"DE": "silicon-saxony", "CN": "jinan-high-tech-zone"}
MOST_TOPICS = 6
IN_BOTH = 3
"""sample organisations that belong to both clusters"""


def build_network(event: Event) -> None:
    """Publish the sample organisations, and write the real ones; once."""
    if Cluster.objects.filter(slug="silicon-saxony").exists():
        return
    with transaction.atomic():
        data = tomllib.loads(DATA.read_text(encoding="utf-8"))
        organisations = _write_organisations(data["organisations"], source=data["source"])
        _write_sites(data["sites"], organisations, source=data["source"])
        clusters = _write_clusters(data["clusters"], organisations, source=data["source"])
        samples = Organisation.objects.filter(participations__event=event, is_sample=True).distinct()
        pks = list(samples.order_by("pk").values_list("pk", flat=True))
        Organisation.objects.filter(pk__in=pks).update(
            state=Organisation.State.PUBLISHED, confirmed_at=KNOWN_AT
        )
        _write_topics(event, pks)
        _write_members(clusters, pks)
        for user in User.objects.filter(email="staff@example.org"):
            ClusterStaff.objects.bulk_create(
                ClusterStaff(cluster=one, user=user) for one in clusters.values()
            )
        build_story(event, organisations)
        _let_people_be_found(event)
        refresh_organisations(pks)


def _let_people_be_found(event: Event) -> None:
    """Every fifth listed participant agreed: by turns everybody, or people who are signed in, may find them."""
    agreed = list(event.participations.filter(is_listed=True).select_related("person").order_by("pk")[::5])
    for number, one in enumerate(agreed):
        by_all = number % 2 == 0
        one.person.findable_by = Person.FindableBy.EVERYBODY if by_all else Person.FindableBy.SIGNED_IN
        one.person.findable_since = KNOWN_AT
    people = [one.person for one in agreed]
    Person.objects.bulk_update(people, ["findable_by", "findable_since"], batch_size=400)
    Affiliation.objects.bulk_create(
        Affiliation(person=one.person, organisation_id=one.organisation_id, function=one.function)
        for one in agreed
    )


def _write_organisations(rows: Sequence[Mapping[str, Any]], *, source: str) -> dict[str, Organisation]:
    made: dict[str, Organisation] = {}
    for row in rows:
        name = _text(row["name"])
        one = Organisation(
            name=name,
            name_key=organisation_key(str(name)),
            kind=row["kind"],
            country=row["country"],
            place=row["place"],
            founded_in=row.get("founded_in"),
            website=row.get("website", ""),
            topics=row.get("topics", []),
            capability=_text(row.get("capability", {})),
            parent=made.get(row.get("parent", "")),
            state=Organisation.State.PUBLISHED,
            confirmed_at=KNOWN_AT,
            source=source,
        )
        names = [_name(text) for text in row.get("names", [])]
        made[row["key"]] = add_organisation(one, names=names, by=None, at=KNOWN_AT)
    return made


def _name(text: str) -> NameData:
    kind, language, words = text.split(":", 2)
    return NameData(kind=kind, language=language, text=words)


def _write_sites(
    rows: Sequence[Mapping[str, Any]], organisations: Mapping[str, Organisation], *, source: str
) -> None:
    for row in rows:
        site = Site(
            organisation=organisations[row["organisation"]],
            kind=row["kind"],
            country=row["country"],
            name=_text(row.get("name", {})),
            place=_text(row["place"]),
            latitude=row["latitude"],
            longitude=row["longitude"],
            opened_in=row.get("opened_in"),
            source=source,
        )
        save_site(site, by=None, at=KNOWN_AT)


def _write_clusters(
    rows: Sequence[Mapping[str, Any]], organisations: Mapping[str, Organisation], *, source: str
) -> dict[str, Cluster]:
    made = {}
    for row in rows:
        cluster = Cluster(
            slug=row["slug"],
            name=_text(row["name"]),
            organisation=organisations[row["organisation"]],
            region=_text(row["region"]),
            country=row["country"],
            founded_in=row.get("founded_in"),
            description=_text(row.get("description", {})),
            topics=row["topics"],
            countries_of_interest=row["countries_of_interest"],
            website=row.get("website", ""),
            source=source,
            is_published=True,
        )
        made[row["slug"]] = save_cluster(cluster, by=None, at=KNOWN_AT)
    first, second = made.values()
    make_partners(first, second, source=source, by=None, at=KNOWN_AT)
    return made


def _write_topics(event: Event, samples: Sequence[int]) -> None:
    """What an organisation can do: the topics that its people's offers name."""
    found: dict[int, dict[str, None]] = {}
    people = event.participations.filter(organisation__in=samples).order_by("pk")
    for organisation, offers in people.values_list("organisation", "offers"):
        words = offers.original_words()
        if words:
            found.setdefault(organisation, {}).update(
                dict.fromkeys(tokens(words.text, words.language).concepts)
            )
    rows = list(Organisation.objects.filter(pk__in=found))
    for one in rows:
        one.topics = list(found[one.pk])[:MOST_TOPICS]
    Organisation.objects.bulk_update(rows, ("topics",), batch_size=500)


def _write_members(clusters: Mapping[str, Cluster], samples: Sequence[int]) -> None:
    """Sample organisations as members, marked as such: from Saxony's side the German ones, from Jinan's the Chinese ones."""
    countries = dict(Organisation.objects.filter(pk__in=samples).values_list("pk", "country"))
    pairs = [(clusters[MEMBERS[code]], pk) for pk, code in countries.items() if code in MEMBERS]
    german = [pk for pk, code in countries.items() if code == "DE"]
    pairs += [(clusters[MEMBERS["CN"]], pk) for pk in german[:IN_BOTH]]
    Membership.objects.bulk_create(
        [
            Membership(
                cluster=cluster,
                organisation_id=pk,
                state=Membership.State.ACTIVE,
                since=date(2010 + pk % 8, 1, 1),
                is_listed=True,
                is_sample=True,
            )
            for cluster, pk in pairs
        ]
    )


def _text(row: Mapping[str, str]) -> Text:
    words = {language: text for language, text in row.items() if language != "original"}
    return Text.of(row.get("original", "en"), **words)
