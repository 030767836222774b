"""Business cards of organisations as vCard 4.0 (RFC 6350), with every script the name is known in."""

from collections.abc import Iterator

from kontor.directory.models import Organisation, Site
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES

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
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _versions(name: str, text: Text) -> Iterator[str]:
    languages = [language for language in LANGUAGES if text.in_language(language)]
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
