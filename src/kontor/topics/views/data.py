"""The vocabulary for machines: files of SKOS, and addresses that lead people to the page of what they name."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from kontor.accounts.models import User
from kontor.routes import ROLES, page
from kontor.topics.analysis import vocabulary
from kontor.topics.exports import vocabulary_file
from kontor.topics.skos import FORMS, write_skos
from kontor.ui.downloads import download_response


def base() -> str:
    """What the addresses of all concepts of this site begin with."""
    return f"{settings.ORIGIN}/topics/"


@page(roles=ROLES)
def open_vocabulary(request: HttpRequest) -> HttpResponse:
    """The address of the vocabulary leads to its page in the reader's language."""
    return _in_their_language(request, "topics:topic-list")


@page(roles=ROLES)
def open_concept(request: HttpRequest, concept: str) -> HttpResponse:
    """The address of a concept leads to its page in the reader's language."""
    if concept not in vocabulary():
        raise Http404
    return _in_their_language(request, "topics:topic-show", concept)


def _in_their_language(request: HttpRequest, name: str, *names: str) -> HttpResponse:
    user = request.user
    language = user.language if isinstance(user, User) else translation.get_language_from_request(request)
    with translation.override(language):
        response = redirect(reverse(name, args=names))
    response["Vary"] = "Accept-Language, Cookie"
    return response


@page(roles=ROLES)
def download_vocabulary(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """Every concept."""
    if form not in FORMS:
        raise Http404
    return download_response(
        vocabulary_file(form, base=base()), f"vocabulary.{form}", FORMS[form].content_type
    )


@page(roles=ROLES)
def download_concept(request: HttpRequest, concept: str, form: str) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """One concept and everything below it."""
    known = vocabulary()
    if form not in FORMS or concept not in known:
        raise Http404
    content = write_skos(known, [known[concept], *known.below(concept)], form=form, base=base())
    return download_response(content, f"{concept}.{form}", FORMS[form].content_type)
