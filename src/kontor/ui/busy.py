"""The page for a locked, full or unreachable database and for a full disk: it says what to do, and keeps what was typed."""

import errno
from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

RETRY_AFTER_S = 30
FULL = ("full", "No space left")
"""in the words of SQLite and PostgreSQL"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One field of a form that could not be saved."""

    name: str
    value: str


def busy_answer(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    """503 where this fault passes by itself or by the operator's hand; None for every other one.

    Services write in one transaction, so nothing of the request was kept. The page itself reads nothing.
    """
    is_full = isinstance(fault, OSError) and fault.errno == errno.ENOSPC
    if isinstance(fault, OperationalError):
        is_full = any(words in str(fault) for words in FULL)
    elif not is_full:
        return None
    context = {
        "language": get_language(),
        "is_full": is_full,
        "was_sent": request.method == "POST",
        "path": request.get_full_path(),
        "typed": _typed(request),
    }
    return HttpResponse(
        render_to_string("503.html", context),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
    )


def _typed(request: HttpRequest) -> list[Typed]:
    """The fields of the form, its token among them; none where a file or a password would have to be sent again."""
    if request.content_type == "multipart/form-data" or any("password" in name for name in request.POST):
        return []
    return [Typed(name=name, value=str(one)) for name, values in request.POST.lists() for one in values]
