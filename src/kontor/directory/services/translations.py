"""Translations of what organisations and clusters say: written and verified by people, drafted by a machine where one is set."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.machine_translation import Translator, configured_translator
from kontor.directory.models import Cluster, Organisation, TranslationCheck
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.i18n import Text
from kontor.i18n.text import State
from kontor.jobs.services import enqueue
from kontor.search.services import index

Field = TranslationCheck.Field
Speaker = Organisation | Cluster
MOST_DRAFTS = 200
"""that one job makes"""


class MachineTranslationIsOff(DomainError):
    sentence = _("Machine translation is switched off here.")


class OriginalChangedMeanwhile(DomainError):
    sentence = _("The original changed meanwhile. Look at its new words and translate those.")


class TranslationIsEmpty(DomainError):
    sentence = _("There is nothing to verify: the translation is empty.")


@transaction.atomic
def save_translation(
    organisation: Organisation,
    *,
    field: str,
    language: str,
    words: str,
    of: str,
    is_verified: bool,
    by: User,
    at: datetime,
) -> None:
    """Write what a person translated, or found right; `of` are the words of the original they had before them.

    Whoever writes a translation confirms the profile, so that somebody who edits it at the same time is told.
    """
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    text: Text = getattr(stored, field)
    if language == text.original:
        raise ValueError(f"{language} is the original of {field}, not a translation")
    if str(text.original_words()) != of:
        raise OriginalChangedMeanwhile
    if is_verified and not words.strip():
        raise TranslationIsEmpty
    setattr(stored, field, text.with_version(language, words, State.VERIFIED if is_verified else State.HUMAN))
    stored.confirmed_at = at
    stored.save(update_fields=[field, "confirmed_at"])
    checks = TranslationCheck.objects.filter(organisation=stored, field=field, language=language)
    checks.delete()
    if is_verified:
        TranslationCheck.objects.create(
            organisation=stored, field=field, language=language, checked_by=by, checked_at=at
        )
    record(
        "directory.save_translation",
        by=by,
        subject=stored,
        at=at,
        data={"field": field, "language": language, "is_verified": is_verified},
    )
    refresh_organisations([stored.pk])


@transaction.atomic
def ask_for_drafts(texts: Iterable[tuple[Speaker, str]], *, by: User, at: datetime) -> int:
    """Queue machine drafts of what these say of themselves, by language; returns how many were asked for."""
    if configured_translator() is None:
        raise MachineTranslationIsOff
    wanted = [(one, language) for one, language in texts if may_be_drafted(own_words(one), language)]
    wanted = wanted[:MOST_DRAFTS]
    for one, language in wanted:
        record("directory.ask_for_draft", by=by, subject=one, at=at, data={"language": language})
    if wanted:
        enqueue(
            "directory.draft_translations",
            arguments={"texts": [[one.public_id, language] for one, language in wanted]},
        )
    return len(wanted)


def own_words(one: Speaker) -> Text:
    """The text that a machine may draft: what an organisation can do, what a cluster is."""
    words: Text = one.capability if isinstance(one, Organisation) else one.description
    return words


def may_be_drafted(text: Text, language: str) -> bool:
    """Where nothing stands, or an older draft of a machine: no machine writes over the words of a person."""
    if not text or language == text.original:
        return False
    if not text.in_language(language):
        return True
    return text.versions[language].state is State.MACHINE and text.for_reader(language).state is State.STALE


def draft_translation(one: Speaker, *, language: str, at: datetime) -> bool:
    """Let the machine translate; whether a draft was written. It asks without a lock and looks again before it writes.

    Raises `OutgoingFailed` where the service fails.
    """
    translator: Translator | None = configured_translator()
    text = own_words(one)
    if translator is None or not may_be_drafted(text, language):
        return False
    original = text.original_words()
    words = translator.translate(original.text, source=original.language, target=language)
    with transaction.atomic():
        stored = _locked(one)
        present = own_words(stored)
        if present.original_words() != original or not may_be_drafted(present, language):
            return False
        draft = present.with_version(language, words, State.MACHINE)
        if isinstance(stored, Organisation):
            stored.capability = draft
            stored.save(update_fields=["capability"])
            refresh_organisations([stored.pk])
        else:
            stored.description = draft
            stored.save(update_fields=["description"])
            index("cluster", stored.public_id)
        record("directory.draft_translation", by=None, subject=stored, at=at, data={"language": language})
    return True


def _locked(one: Speaker) -> Speaker:
    if isinstance(one, Organisation):
        return Organisation.objects.select_for_update().get(pk=one.pk)
    return Cluster.objects.select_for_update().get(pk=one.pk)
