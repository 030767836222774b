"""Machine translation behind an interface: off unless the operator names a service of their own."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from kontor.jobs.outgoing import OutgoingFailed, post_json


class Translator(Protocol):
    """Turns a text of one content language into another; the result is a draft until a person has read it."""

    def translate(self, text: str, *, source: str, target: str) -> str:
        """Raises `OutgoingFailed` where it cannot."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LibreTranslate:
    """A service that speaks the interface of LibreTranslate: POST /translate."""

    url: str
    key: str = ""

    def translate(self, text: str, *, source: str, target: str) -> str:
        """One request; the paragraphs stay."""
        asked: dict[str, object] = {"q": text, "source": source, "target": target, "format": "text"}
        if self.key:
            asked["api_key"] = self.key
        answer = post_json(f"{self.url}/translate", asked, limit_s=60.0)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, str) or not translated.strip():
            raise OutgoingFailed("the answer holds no translatedText")
        return translated.replace("\0", "").strip()


def configured_translator() -> Translator | None:
    """The service that the operator named; None where machine translation is off."""
    if not settings.TRANSLATOR_URL:
        return None
    return LibreTranslate(url=settings.TRANSLATOR_URL, key=settings.TRANSLATOR_KEY)
