"""A person's row with languages and sign-in, written from what a list or a form says; whose an address is."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User, mail_identity
from kontor.directory.models import Person, PersonLanguage
from kontor.directory.names import PersonName, candidate_key, display, sort_key
from kontor.errors import DomainError


class AddressTaken(DomainError):
    """Another person has this e-mail address."""

    sentence = _(
        "%(email)s already belongs to %(name)s. Two people cannot share one address; merge them if they are one."
    )


class AddressBelongsToSignIn(DomainError):
    """The person signs in with this address, or uses it elsewhere; changing it would hand their sign-in to somebody else."""

    sentence = _(
        "%(name)s already signs in with the address %(email)s. Only the operator of this site can change it."
    )


class AlreadyTakesPart(DomainError):
    """The person is in this event already."""

    sentence = _("%(name)s already takes part in this event.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """What is known of a person, however it came in."""

    name: PersonName
    email: str = ""
    phone: str = ""
    wechat: str = ""
    country: str = ""
    language: str = "en"
    levels: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """code → (level, whether it was assumed)"""


def fill_person(person: Person, data: PersonData) -> None:
    person.family, person.given = data.name.family, data.name.given
    person.native_family, person.native_given = data.name.native_family, data.name.native_given
    person.name_order, person.title = str(data.name.order), data.name.titles
    person.email, person.phone, person.wechat = mail_identity(data.email) or None, data.phone, data.wechat
    person.country, person.language = data.country, data.language
    person.sort_key, person.candidate_key = sort_key(data.name), candidate_key(data.name)


def write_person(person: Person, data: PersonData) -> Person:
    """Fill a person's row, languages and sign-in from the data; the caller holds the transaction.

    Raises AddressTaken, AddressBelongsToSignIn.
    """
    email = mail_identity(data.email) or None
    if email and email != person.email:
        other = Person.objects.filter(email=email).exclude(pk=person.pk).first()
        if other is not None:
            raise AddressTaken(email=email, name=str(other))
    if person.user is not None and email != person.email and is_their_own(person, person.user):
        raise AddressBelongsToSignIn(name=str(person), email=person.email or "")
    fill_person(person, data)
    person.user = _sign_in_of(person)
    person.save()
    _write_languages(person, data.levels)
    return person


def _write_languages(person: Person, levels: dict[str, tuple[str, bool]]) -> None:
    """Make the rows say what the data say; nothing is written where they say it already."""
    known = {spoken.code: spoken for spoken in person.languages.all()}
    if gone := [spoken.pk for code, spoken in known.items() if code not in levels]:
        person.languages.filter(pk__in=gone).delete()
    for code, (level, is_assumed) in levels.items():
        spoken = known.get(code)
        if spoken is None:
            PersonLanguage.objects.create(person=person, code=code, level=level, is_assumed=is_assumed)
        elif (spoken.level, spoken.is_assumed) != (level, is_assumed):
            spoken.level, spoken.is_assumed = level, is_assumed
            spoken.save(update_fields=("level", "is_assumed"))


def is_their_own(person: Person, user: User) -> bool:
    """Whether a sign-in is more than what an organiser made for somebody on a list of theirs."""
    return (
        user.last_login is not None
        or user.is_superuser
        or user.may_organise
        or user.organising.exists()
        or person.participations.count() + person.interpreting.count() > 1
    )


ZONES = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin", "FI": "Europe/Helsinki", "CH": "Europe/Zurich", "AT": "Europe/Vienna",
         "NL": "Europe/Amsterdam", "IL": "Asia/Jerusalem", "GB": "Europe/London", "FR": "Europe/Paris", "IT": "Europe/Rome",
         "ES": "Europe/Madrid", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen",
         "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "BE": "Europe/Brussels"}  # fmt: skip
"""Where people of a country usually are; they can change it."""

_INTERFACE = {"de": "de", "en": "en", "zh": "zh-hans"}


def _sign_in_of(person: Person) -> User:
    """The person's user, made where there is none, with the person's address and name. Raises AddressTaken."""
    user = person.user
    if person.email and (user is None or user.email != person.email):
        holder = User.objects.select_related("person").filter(email=person.email).first()
        if holder is not None:
            if user is not None or getattr(holder, "person", None) is not None:
                raise AddressTaken(email=person.email, name=str(holder))
            user = holder
    if user is None:
        user = new_sign_in(person)
    name = display(person.name, "en")
    if user.pk is None or (user.email, user.name) != (person.email, name):
        user.email, user.name, user.is_sample = person.email, name, person.is_sample
        user.save()
    return user


def new_sign_in(person: Person) -> User:
    user = User(time_zone=ZONES.get(person.country, "Europe/Berlin"), language=_INTERFACE[person.language])
    user.set_unusable_password()
    return user


def known_person(email: str) -> Person | None:
    """Whoever has this address already, in whatever event."""
    address = mail_identity(email)
    return Person.objects.select_related("user").filter(email=address).first() if address else None


def without_loss(person: Person, data: PersonData) -> PersonData:
    """The data with their blanks filled from what is known of the person; a new list never empties an earlier one."""
    return replace(
        data,
        phone=data.phone or person.phone,
        wechat=data.wechat or person.wechat,
        country=data.country or person.country,
        levels={spoken.code: (spoken.level, spoken.is_assumed) for spoken in person.languages.all()}
        | data.levels,
    )
