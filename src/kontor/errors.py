"""Refusals that are part of the product: each says what is wrong, where, and what to do, in the reader's language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the domain refuses an act; nothing was changed.

    Subclasses are named as statements (`AlreadyAnswered`) and carry a lazy translated `sentence` with named
    placeholders that `params` fill.
    """

    sentence: ClassVar[str | Promise]

    def __init__(self, **params: object) -> None:
        self.params: Mapping[str, Any] = params
        super().__init__(params)

    def __str__(self) -> str:
        # the operator, not the method of str: a lazy plural chooses its form by the number among the params
        return str(cast("str", self.sentence) % self.params)


@contextmanager
def outcome_told(request: HttpRequest, success: str = "") -> Iterator[None]:
    """Try an act of a page: a refusal becomes a message in its own words, else `success` does; the page goes on."""
    try:
        yield
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if success:
            messages.success(request, success)
