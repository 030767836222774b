"""Articles as pages and feeds need them."""

from dataclasses import dataclass

from django.urls import reverse

from kontor.figures import wording
from kontor.figures.models import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Something an author can refer to, with the mark to copy into the text."""

    words: str
    mark: str


def address_of(kind: str, key: str) -> str | None:
    """Where a reference of a text leads."""
    if kind == "claim":
        return reverse("figures:claim-show", args=[key])
    if kind == "organisation":
        return reverse("directory:organisation-show", args=[key])
    return reverse("portal:event-about", args=[key]) if kind == "event" else None


def figures_to_quote(language: str, *, size: int = 60) -> list[Reference]:
    """The claims that stand, newest first, as marks to copy."""
    claims = Claim.objects.filter(withdrawn_at__isnull=True, superseded_by__isnull=True)
    found = claims.select_related("organisation", "cluster", "event").order_by("-id")[:size]
    return [
        Reference(
            words=f"{one.subject.name.for_reader(language)} · {wording.sentence(one, language)}",
            mark=f"[{wording.amount(one, language)} {one.scope.for_reader(language)}](claim:{one.public_id})",
        )
        for one in found
    ]
