"""The translator's desk: what a language lacks, drafts by a machine where one is set, and the page to write and verify."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.accounts.permissions import signed_in
from kontor.directory.forms_translations import TranslationForm
from kontor.directory.machine_translation import configured_translator
from kontor.directory.models import Cluster, Organisation, TranslationCheck
from kontor.directory.permissions import staff_or_404
from kontor.directory.services.translations import (
    Speaker,
    ask_for_drafts,
    may_be_drafted,
    save_translation,
)
from kontor.directory.views.editing import editable_or_404
from kontor.directory.views.pages import ORDER, language_names, state_chip
from kontor.errors import DomainError, outcome_told
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES, State, Words
from kontor.jobs.clock import now
from kontor.routes import EDITORS, STAFF, page
from kontor.ui.components import Chip
from kontor.ui.paging import cursor_page
from kontor.ui.redirects import safe_redirect

Field = TranslationCheck.Field
TO_TRANSLATE = ("missing", State.STALE.value, State.MACHINE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A text that a language lacks, or in which it is not as good as the original."""

    organisation: Organisation
    field: str
    field_words: str
    language: str
    language_words: str
    chip: Chip
    may_be_drafted: bool


@page(roles=STAFF)
def translation_list(request: HttpRequest) -> HttpResponse:
    """Texts that a language lacks, that are older than their original, or that only a machine wrote."""
    user = staff_or_404(request)
    wanted = request.GET.get("language", "")
    languages = (wanted,) if wanted in LANGUAGES else LANGUAGES
    listed = cursor_page(
        request, Organisation.objects.editable_by(user).listed().order_by("sort_key"), ORDER, size=100
    )
    rows = [gap for one in listed.rows for gap in _gaps(one, languages)]
    context = {
        "page": listed,
        "rows": rows,
        "can_draft": configured_translator() is not None and any(one.may_be_drafted for one in rows),
        "languages": [(code, name, code == wanted) for code, name in language_names().items()],
    }
    return render(request, "directory/translation_list.html", context)


def _gaps(organisation: Organisation, languages: tuple[str, ...]) -> Iterator[Gap]:
    names = language_names()
    for field in Field:
        text: Text = getattr(organisation, field.value)
        for language in languages if text else ():
            state = str(text.for_reader(language).state) if text.in_language(language) else "missing"
            if state in TO_TRANSLATE:
                shown, tone = state_chip(text, language)
                yield Gap(
                    organisation=organisation,
                    field=field.value,
                    field_words=str(field.label),
                    language=language,
                    language_words=names[language],
                    chip=Chip(text=shown, tone=tone),
                    may_be_drafted=field is Field.CAPABILITY and may_be_drafted(text, language),
                )


@page(roles=EDITORS, methods=("POST",))
def translation_draft(request: HttpRequest) -> HttpResponse:
    """Ask the machine for drafts of the chosen texts, each named as organisation:language or cluster:language."""
    user = signed_in(request)
    chosen = [value.partition(":") for value in request.POST.getlist("text")]
    ids = [public_id for public_id, _colon, _language in chosen]
    found: dict[str, Speaker] = {
        **Organisation.objects.editable_by(user).in_bulk(ids, field_name="public_id"),
        **Cluster.objects.managed_by(user).in_bulk(ids, field_name="public_id"),
    }
    if not found:
        raise Http404
    texts = [
        (found[public_id], language)
        for public_id, _colon, language in chosen
        if public_id in found and language in LANGUAGES
    ]
    with outcome_told(request):
        num = ask_for_drafts(texts, by=user, at=now())
        told = ngettext(
            "The machine translates %(num)s text. Verify it once it is here.",
            "The machine translates %(num)s texts. Verify them once they are here.",
            num,
        )
        messages.success(request, told % {"num": num})
    return safe_redirect(request, request.POST.get("next", ""), reverse("directory:organisation-list"))


@page(roles=EDITORS, of="directory.Organisation", methods=("GET", "POST"))
def translation_edit(request: HttpRequest, organisation: str, field: str, language: str) -> HttpResponse:
    """One text beside its original: write it, correct the draft of a machine, and say that it is right."""
    found = editable_or_404(request, organisation)
    if field not in Field.values or language not in LANGUAGES:
        raise Http404
    text: Text = getattr(found, field)
    if not text or language == text.original:
        raise Http404
    form = TranslationForm(request.POST or None, text=text, language=language, is_long=field != Field.NAME)
    if request.method == "POST" and form.is_valid():
        try:
            save_translation(
                found,
                field=field,
                language=language,
                words=form.cleaned_data["words"],
                of=form.cleaned_data["of"],
                is_verified=request.POST.get("verdict") == "verify",
                by=signed_in(request),
                at=now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
            form.take_newest(text)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:translation-edit", organisation, field, language)
    state, tone = state_chip(text, language)
    is_verified = Words(text.in_language(language), language) and state_of(text, language) == State.VERIFIED
    check = (
        found.translation_checks.filter(field=field, language=language).select_related("checked_by").first()
    )
    context = {
        "organisation": found,
        "form": form,
        "field_words": Field(field).label,
        "language_words": language_names()[language],
        "original_words": language_names()[text.original],
        "original": text.original_words(),
        "chip": Chip(text=state, tone=tone),
        "check": check if is_verified else None,
        "draft": f"{found.public_id}:{language}"
        if field == Field.CAPABILITY
        and configured_translator() is not None
        and may_be_drafted(text, language)
        else "",
    }
    return render(
        request,
        "directory/translation_edit.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


def state_of(text: Text, language: str) -> State | None:
    """How the words in exactly this language came to be; None where there are none."""
    return text.for_reader(language).state if text.in_language(language) else None
