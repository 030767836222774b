"""Rows of the sample people, made in memory and then written in one short transaction."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kontor.accounts.models import User
from kontor.demo.people import (
    SECTORS,
    SampleOrganisation,
    SamplePerson,
    load,
    make_organisations,
    make_person,
    weighted,
)
from kontor.demo.profiles import compose
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.directory.names import candidate_key, display, organisation_key, sort_key
from kontor.events.models import (
    Booth,
    Event,
    Interpreter,
    InterpreterUnavailability,
    Participation,
    Unavailability,
)
from kontor.events.services.people import ZONES
from kontor.i18n import Text

PARTICIPANTS, FOREIGN, ORGANISATIONS, FOREIGN_ORGANISATIONS = 2000, 220, 860, 130
MATCHMAKING, EXHIBITORS, INTERPRETERS = 360, 90, 44
BATCH = 500
_INTERFACE = {"de": "de", "en": "en", "zh": "zh-hans"}


@dataclass(slots=True)
class SampleRows:
    """Rows made in memory, in the order in which they are written: making takes seconds, writing must not."""

    users: list[User] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    languages: list[PersonLanguage] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    unavailabilities: list[Unavailability] = field(default_factory=list)
    interpreters: list[Interpreter] = field(default_factory=list)
    absences: list[InterpreterUnavailability] = field(default_factory=list)

    @transaction.atomic
    def write(self) -> None:
        """All of them or none."""
        kinds: tuple[list[Any], ...] = (
            self.users,
            self.organisations,
            self.persons,
            self.languages,
            self.participations,
            self.unavailabilities,
            self.interpreters,
            self.absences,
        )
        for rows in kinds:
            if rows:
                type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 -- documented


def build_people(event: Event, *, seed: int, scale: float) -> None:
    rnd = random.Random(seed)  # noqa: S311 -- sample data, not secrets
    total = max(60, round(PARTICIPANTS * scale))
    foreign = max(20, round(FOREIGN * scale))
    samples = make_organisations(
        rnd,
        foreign=max(15, round(FOREIGN_ORGANISATIONS * scale)),
        chinese=max(30, round((ORGANISATIONS - FOREIGN_ORGANISATIONS) * scale)),
    )
    rows = SampleRows()
    organisations = _make_organisations(rows, samples)
    seats = _employers(rnd, organisations, total=total, foreign=foreign)
    _make_participants(rnd, rows, event, seats, scale=scale)
    _make_interpreters(rnd, rows, event, number=max(6, round(INTERPRETERS * scale)))
    rows.write()


def _make_organisations(
    rows: SampleRows, samples: list[SampleOrganisation]
) -> list[tuple[Organisation, SampleOrganisation]]:
    made = [
        Organisation(
            name=sample.name,
            name_key=organisation_key(sample.name.original_words().text),
            kind=sample.kind,
            country=sample.country,
            place=sample.place,
            num_staff=sample.num_staff,
            is_sample=True,
        )
        for sample in samples
    ]
    rows.organisations += made
    return list(zip(made, samples, strict=True))


Employer = tuple[Organisation, SampleOrganisation]


def _employers(
    rnd: random.Random, organisations: list[Employer], *, total: int, foreign: int
) -> list[tuple[Employer, str]]:
    """For whom each participant comes, and where they live: everybody somewhere, some organisations with many."""
    abroad = [one for one in organisations if one[1].country != "CN"]
    at_home = [one for one in organisations if one[1].country == "CN"]
    seats = []
    for pool, number in ((abroad, foreign), (at_home, total - foreign)):
        chosen = list(pool[:number])
        # 55 % of organisations send one person, few send many
        weights = [rnd.choices([0, 1, 2.5, 7], [55, 25, 12, 8])[0] + 0.01 for _ in pool]
        chosen += rnd.choices(pool, weights, k=max(0, number - len(chosen)))
        seats += [(one, one[1].country) for one in chosen]
    return seats


def _make_participants(
    rnd: random.Random, rows: SampleRows, event: Event, seats: list[tuple[Employer, str]], *, scale: float
) -> None:
    people = [make_person(rnd, country) for _, country in seats]
    addresses = []
    for number, (_employer, country) in enumerate(seats, start=1):
        has_address = rnd.random() < (0.8 if country == "CN" else 0.99)
        domain = (
            "example.cn"
            if country == "CN"
            else "example.org"
            if country in ("DE", "AT", "CH")
            else "example.com"
        )
        addresses.append(f"p{number:04d}@{domain}" if has_address else None)
    persons = _make_persons(rows, people, addresses, [country for _, country in seats], prefix="wx_sample_")
    categories = _categories(rnd, seats, scale=scale)
    booths = list(Booth.objects.filter(hall__event=event).order_by("id"))
    exhibitors = 0
    participations = []
    for person, sample, ((organisation, firm), _country), category in zip(
        persons, people, seats, categories, strict=True
    ):
        language = sample.language
        has_profile = category in ("matchmaking", "exhibitor") or (
            category == "delegate"
            and firm.kind in ("sme", "large", "institute", "university", "service")
            and rnd.random() < 0.62
        )
        booth = None
        if category == "exhibitor":
            booth = booths[exhibitors % len(booths)] if exhibitors < len(booths) else None
            exhibitors += 1
        wished = firm.sector if rnd.random() < 0.6 else weighted(rnd, SECTORS)
        participations.append(
            Participation(
                event=event,
                person=person,
                organisation=organisation,
                function=Text.of(
                    language, **{language: rnd.choice(load("sentences")[language]["functions"][sample.sex])}
                ),
                category=category,
                offers=compose(rnd, field=firm.sector, side="offers", language=language)
                if has_profile
                else Text(language),
                seeks=compose(rnd, field=wished, side="seeks", language=language)
                if has_profile and rnd.random() < 0.93
                else Text(language),
                booth=booth,
                is_listed=rnd.random() < 0.83,
                sort_key=person.sort_key,
                is_sample=True,
            )
        )
    rows.participations += participations
    _make_unavailabilities(rnd, rows, event, participations)


def _make_persons(
    rows: SampleRows,
    people: list[SamplePerson],
    addresses: list[str | None],
    countries: list[str],
    *,
    prefix: str,
) -> list[Person]:
    users = [
        User(
            email=address,
            name=display(sample.name, "en"),
            language=_INTERFACE[sample.language],
            time_zone=ZONES.get(country, "Europe/Berlin"),
            password=make_password(None),
            is_sample=True,
        )
        for sample, address, country in zip(people, addresses, countries, strict=True)
    ]
    rows.users += users
    made = [
        Person(
            user=user,
            family=sample.name.family,
            given=sample.name.given,
            native_family=sample.name.native_family,
            native_given=sample.name.native_given,
            name_order=str(sample.name.order),
            title=sample.name.titles,
            email=address,
            # numbers that no network gives out
            phone=f"+86 531 0000 {number:04d}" if country == "CN" else f"+49 351 0000 {number:04d}",
            wechat=f"{prefix}{number:04d}" if country == "CN" else "",
            country=country,
            language=sample.language,
            sort_key=sort_key(sample.name),
            candidate_key=candidate_key(sample.name),
            is_sample=True,
        )
        for number, (user, sample, address, country) in enumerate(
            zip(users, people, addresses, countries, strict=True), start=1
        )
    ]
    rows.persons += made
    rows.languages += [
        PersonLanguage(person=row, code=code, level=level, is_assumed=is_assumed)
        for row, sample in zip(made, people, strict=True)
        for code, (level, is_assumed) in sample.levels.items()
    ]
    return made


def _categories(rnd: random.Random, seats: list[tuple[Employer, str]], *, scale: float) -> list[str]:
    """Badge categories: matchmaking half European, half Chinese companies; the others by their number."""
    categories = ["delegate"] * len(seats)
    firms = ("sme", "large", "institute", "university", "service")
    order = list(range(len(seats)))
    rnd.shuffle(order)
    able = [index for index in order if seats[index][0][1].kind in firms]
    europe = [index for index in able if seats[index][1] != "CN"]
    china = [index for index in able if seats[index][1] == "CN"]
    wanted = max(30, round(MATCHMAKING * scale))
    for_europe = min(len(europe), round(wanted * 0.47))
    chosen = europe[:for_europe] + china[: wanted - for_europe]
    for index in chosen:
        categories[index] = "matchmaking"
    rest = [index for index in order if categories[index] == "delegate"]
    start = 0
    for category, number in (
        ("exhibitor", EXHIBITORS),
        ("speaker", 78),
        ("vip", 64),
        ("media", 80),
        ("diplomatic", 24),
    ):
        count = round(number * scale)
        pool = [
            index for index in rest[start:] if category != "exhibitor" or seats[index][0][1].kind in firms
        ]
        for index in pool[:count]:
            categories[index] = category
        rest = [index for index in rest if categories[index] == "delegate"]
        start = 0
    return categories


def _make_unavailabilities(
    rnd: random.Random, rows: SampleRows, event: Event, participations: list[Participation]
) -> None:
    """Forums, late arrivals, early departures; and an Israeli guest's Friday afternoon."""
    zone = event.tzinfo

    def stretch(day: int, start: int, end: int) -> tuple[datetime, datetime]:
        midnight = datetime(2018, 11, day, tzinfo=zone)
        return midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)

    away = []
    for one in participations:
        if one.category not in ("matchmaking", "exhibitor"):
            continue
        draw = rnd.random()
        absence = None
        if draw < 0.10:
            absence = "forum", *stretch(1, 14 * 60, 15 * 60)  # a forum's opening
        elif draw < 0.16:
            absence = "late", *stretch(1, 13 * 60, 15 * 60 + 30)
        elif draw < 0.24:
            absence = "early", *stretch(2, 10 * 60 + 30, 24 * 60)
        elif draw < 0.28:
            absence = "morning", *stretch(2, 9 * 60, 10 * 60)
        if one.person.country == "IL":
            absence = "friday", *stretch(2, 13 * 60, 24 * 60)
        if absence is not None:
            words, start, end = absence
            one.availability_words = load("sentences")[one.person.language]["absences"][words]
            away.append((one, start, end))
    rows.unavailabilities += [
        Unavailability(participation=one, starts_at=start, ends_at=end) for one, start, end in away
    ]


def _make_interpreters(rnd: random.Random, rows: SampleRows, event: Event, *, number: int) -> None:
    people = [make_person(rnd, "CN" if index % 3 else "DE") for index in range(number)]
    pairs = [
        ["de-zh"] if index % 9 < 4 else ["en-zh"] if index % 9 < 8 else ["de-zh", "en-zh"]
        for index in range(number)
    ]
    made = [
        SamplePerson(
            name=person.name,
            sex=person.sex,
            levels={code: ("C2", False) for pair in own for code in pair.split("-")} | {"zh": ("C2", False)},
            language=person.language,
        )
        for person, own in zip(people, pairs, strict=True)
    ]
    addresses: list[str | None] = [f"interpreter{index:02d}@example.org" for index in range(1, number + 1)]
    persons = _make_persons(rows, made, addresses, ["CN"] * number, prefix="wx_interpreter_")
    interpreters = [
        Interpreter(event=event, person=row, pairs=own, max_run=4, is_sample=True)
        for row, own in zip(persons, pairs, strict=True)
    ]
    for one in interpreters[::9]:
        one.availability_words = load("sentences")["zh"]["absences"]["second"]
    rows.interpreters += interpreters
    zone = event.tzinfo
    rows.absences += [
        InterpreterUnavailability(
            interpreter=one,
            starts_at=datetime(2018, 11, 2, 9, 0, tzinfo=zone),
            ends_at=datetime(2018, 11, 2, 10, 15, tzinfo=zone),
        )
        for one in interpreters[::9]
    ]
