"""A small network in three languages, whose organisations, people, sites and events the queries of the tests seek."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Organisation, OrganisationName, Person, PersonAlias, Site
from kontor.directory.names import PersonName, candidate_key, organisation_key, sort_key
from kontor.events.models import Event
from kontor.i18n import Text
from kontor.search import services


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An organisation of the network: `aliases` are "kind:language:text"."""

    name: dict[str, str]
    kind: str = "sme"
    country: str = "DE"
    place: str = "Dresden"
    says: dict[str, str] | None = None
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    state: str = "published"


ORGANISATIONS = {
    "elbtal": Sample(
        name={"de": "Elbtal Leistungsmodule GmbH"},
        says={"de": "Leistungselektronik für Bahnantriebe und Windkraft."},
    ),
    "quanxin": Sample(
        name={"zh": "济南泉芯半导体有限公司"},
        country="CN",
        place="济南",
        says={"zh": "功率半导体模块，碳化硅器件。"},
    ),
    "university": Sample(
        name={
            "de": "Technische Universität Elbtal",
            "en": "Elbtal University of Technology",
            "zh": "易北谷工业大学",
        },
        kind="university",
        aliases=("short:de:TU Elbtal",),
    ),
    "zone": Sample(
        name={
            "zh": "济南高新技术产业开发区",
            "en": "Jinan High-tech Industrial Development Zone",
            "de": "Hightechzone Jinan",
        },
        kind="zone",
        country="CN",
        place="济南",
        aliases=(
            "alias:de:Hightech-Zone Jinan",
            "alias:en:Jinan Hi-Tech Zone",
            "former:en:Jinan Innovation Zone",
            "short:zh:济南高新区",
        ),
    ),
    "office": Sample(
        name={"de": "Jinan-Dresden Kontaktbüro", "en": "Dresden-Jinan Contact Office"},
        kind="office",
        aliases=("former:de:Kontaktbüro des German Center Jinan",),
    ),
    "province": Sample(
        name={"de": "Provinz Shandong", "en": "Shandong Province", "zh": "山东省"},
        kind="authority",
        country="CN",
        place="济南",
        aliases=("typo:de:Provinz Shangdong",),
    ),
    "cleanroom": Sample(
        name={"de": "Möbius Reinraumtechnik GmbH"},
        place="Görlitz",
        says={"de": "Reinräume planen und bauen, Filter und Schleusen."},
    ),
    "laser": Sample(
        name={"en": "Beamline Photonics Ltd"},
        country="GB",
        place="Southampton",
        says={"en": "Fibre lasers for cutting and welding."},
    ),
    "sensors": Sample(
        name={"en": "Pohjola Sensors Oy"},
        country="FI",
        place="Oulu",
        says={"en": "Temperature sensors for industry."},
    ),
    "robots": Sample(
        name={"zh": "山东智行机器人有限公司", "en": "Shandong Zhixing Robotics Co., Ltd."},
        country="CN",
        place="青岛",
        says={"zh": "工业机器人，机器视觉检测。"},
    ),
    "sicily": Sample(
        name={"en": "Etna Microsystems S.r.l."},
        country="IT",
        place="Catania",
        says={"en": "MEMS pressure sensors."},
    ),
    "batteries": Sample(
        name={"zh": "潍坊恒能电池有限公司"}, country="CN", place="潍坊", says={"zh": "锂离子电池，储能系统。"}
    ),
    "hospital": Sample(
        name={"de": "Medizintechnik Sächsische Schweiz GmbH"},
        place="Pirna",
        says={"de": "Medizintechnik und Implantate."},
    ),
    "software": Sample(
        name={"de": "Strauß Software AG"},
        place="Leipzig",
        says={"de": "Software für künstliche Intelligenz in der Fertigung."},
    ),
    "hidden": Sample(name={"de": "Verborgene Halbleiter GmbH"}, state="draft"),
}

PEOPLE = {
    "lyu": PersonName(family="Lyu", given="Jiantao", native_family="吕", native_given="建涛"),
    "shan": PersonName(family="Shan", given="Ling", native_family="单", native_given="玲"),
    "ouyang": PersonName(family="Ouyang", given="Xuemei", native_family="欧阳", native_given="雪梅"),
    "mueller": PersonName(family="Müller", given="Jürgen"),
    "shy": PersonName(family="Verborgen", given="Vera"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The rows by the names the tests give them."""

    organisations: dict[str, Organisation]
    people: dict[str, Person]
    site: Site
    cluster: Cluster
    event: Event
    names: dict[str, str]
    """public id → name in the tests"""


@pytest.fixture
def network(db: None, now: datetime, forum: Event) -> Network:
    """All of it, indexed."""
    organisations = {name: _organisation(sample) for name, sample in ORGANISATIONS.items()}
    people = {name: _person(parts, now) for name, parts in PEOPLE.items()}
    Person.objects.filter(pk=people["shy"].pk).update(findable_by="nobody", findable_since=None)
    PersonAlias.objects.create(person=people["lyu"], text="Lv Jian Tao")
    site = Site.objects.create(
        organisation=organisations["laser"],
        kind="lab",
        place=Text.of("en", en="Chemnitz", zh="开姆尼茨"),
        country="DE",
        source="a press text",
    )
    cluster = Cluster.objects.create(
        slug="silicon-elbtal",
        name=Text.of("de", de="Silicon Elbtal", zh="硅易北谷"),
        country="DE",
        description=Text.of("de", de="Cluster für Mikroelektronik und Software."),
        is_published=True,
    )
    Event.objects.filter(pk=forum.pk).update(is_announced=True)
    rebuild_all()
    names = {one.public_id: name for name, one in (organisations | people).items()}
    names |= {site.public_id: "site", cluster.public_id: "cluster", forum.public_id: "forum"}
    return Network(
        organisations=organisations, people=people, site=site, cluster=cluster, event=forum, names=names
    )


def rebuild_all() -> None:
    for kind in services.kinds():
        services.rebuild(kind)


def _organisation(sample: Sample) -> Organisation:
    original = next(iter(sample.name))
    says = sample.says or {}
    row = Organisation.objects.create(
        name=Text.of(original, **sample.name),
        name_key=organisation_key(sample.name[original]),
        kind=sample.kind,
        country=sample.country,
        place=sample.place,
        capability=Text.of(next(iter(says), "en"), **says),
        topics=list(sample.topics),
        state=sample.state,
    )
    for alias in sample.aliases:
        kind, language, text = alias.split(":", 2)
        OrganisationName.objects.create(organisation=row, kind=kind, language=language, text=text)
    return row


def _person(name: PersonName, now: datetime, **fields: Any) -> Person:
    return Person.objects.create(
        family=name.family,
        given=name.given,
        native_family=name.native_family,
        native_given=name.native_given,
        name_order="family_first" if name.native else "given_first",
        sort_key=sort_key(name),
        candidate_key=candidate_key(name),
        findable_by="everybody",
        findable_since=now,
        **fields,
    )


@pytest.fixture
def reader(stranger: User) -> User:
    """Somebody who is signed in and belongs to nothing."""
    return stranger
