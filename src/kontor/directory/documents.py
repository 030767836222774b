"""Business cards of organisations and people as vCard 4.0 (RFC 6350), with every script the name is known in."""

from collections.abc import Iterable, Iterator

from kontor.directory.models import Affiliation, Organisation, Person, PersonLanguage, Site
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES, State
from kontor.ui.templatetags.kontor import native_language

VCARD_TYPE = "text/vcard; charset=utf-8"
_MARKUP = {"de": "de", "en": "en", "zh": "zh-Hans"}
_LONGEST_LINE = 75
"""bytes of UTF-8, by RFC 6350 section 3.2"""


def organisation_card(organisation: Organisation, *, sites: list[Site], url: str) -> bytes:
    """The card; versions of one name in several languages share an ALTID, so that programs know them to be one name."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"UID:{_escape(url)}"]
    lines += _versions("FN", organisation.name)
    lines += _versions("ORG", organisation.name)
    for number, site in enumerate(sites, start=1):
        lines += _address(site, number)
    if organisation.website:
        lines.append(f"URL:{organisation.website}")
    lines += _versions("NOTE", organisation.capability)
    lines += [f"SOURCE:{url}", "END:VCARD"]
    return _file(lines)


def person_card(
    person: Person,
    *,
    languages: Iterable[PersonLanguage],
    work: Affiliation | None,
    url: str,
    with_addresses: bool,
) -> bytes:
    """The card of a person: the name in its parts and in both scripts; mail and telephone only in one's own card."""
    name = person.name
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"UID:{_escape(url)}"]
    versions = [("en", name.latin, (name.family, name.given, "", name.titles, ""))] if name.latin else []
    if name.native:
        parts = (name.native_family, name.native_given, "", "" if name.latin else name.titles, "")
        versions.append((native_language(name.native), name.native, parts))
    alternative = "ALTID=1;" if len(versions) > 1 else ""
    for language, whole, _parts in versions:
        lines.append(f"FN;{alternative}LANGUAGE={language}:{_escape(whole)}")
    for language, _whole, parts in versions:
        lines.append(f"N;{alternative}LANGUAGE={language}:{';'.join(map(_escape, parts))}")
    if person.preferred_name:
        lines.append(f"NICKNAME:{_escape(person.preferred_name)}")
    if work is not None:
        lines += _versions("ORG", work.organisation.name)
        lines += _versions("TITLE", work.function)
    by_level = sorted(languages, key=lambda spoken: (spoken.level, spoken.code), reverse=True)
    lines += [
        f"LANG;PREF={place}:{_escape(spoken.code)}" for place, spoken in enumerate(by_level[:100], start=1)
    ]
    if with_addresses and person.email:
        lines.append(f"EMAIL:{_escape(person.email)}")
    if with_addresses and person.phone:
        lines.append(f"TEL;VALUE=text:{_escape(person.phone)}")
    return _file([*lines, f"SOURCE:{url}", "END:VCARD"])


def _file(lines: Iterable[str]) -> bytes:
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _versions(name: str, text: Text) -> Iterator[str]:
    languages = [language for language in LANGUAGES if text.in_language(language)]
    # A card cannot say that a machine wrote it.
    languages = [one for one in languages if text.versions[one].state is not State.MACHINE]
    languages.sort(key=lambda language: language != text.original)
    for language in languages:
        alternative = "ALTID=1;" if len(languages) > 1 else ""
        yield f"{name};{alternative}LANGUAGE={_MARKUP[language]}:{_escape(text.in_language(language))}"


def _address(site: Site, number: int) -> Iterator[str]:
    """ADR: box; extended; street; locality; region; code; country; the parts we do not tell apart are the street."""
    for language in LANGUAGES:
        street, place = site.address.in_language(language), site.place.in_language(language)
        if street or place:
            parts = ["", "", _escape(street), _escape(place), "", "", site.country]
            yield f"ADR;ALTID={number};LANGUAGE={_MARKUP[language]}:{';'.join(parts)}"
    if site.latitude is not None:
        yield f"GEO:geo:{site.latitude},{site.longitude}"


def _escape(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _fold(line: str) -> str:
    """Long lines go on behind a space; no character is cut in two."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)
