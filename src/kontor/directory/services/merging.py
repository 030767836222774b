"""Merging: a person says that two rows are one organisation; the survivor keeps every name, and it can be undone."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import (
    Organisation,
    OrganisationKey,
    OrganisationMerge,
    OrganisationName,
    OrganisationsApart,
    TranslationCheck,
)
from kontor.directory.services.organisations import FACTS
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.i18n.text import LANGUAGES

# Rows that say something about the pair itself, or that are made from the rest.
_NOT_MOVED = (OrganisationKey, OrganisationMerge, OrganisationsApart, TranslationCheck)


class CannotMergeWithItself(DomainError):
    sentence = _("An organisation cannot be merged with itself.")


class OrganisationIsMergedAlready(DomainError):
    sentence = _("%(name)s was merged already.")


class MergeIsUndoneAlready(DomainError):
    sentence = _("This merge was undone already.")


class MergeHasFollowers(DomainError):
    sentence = _("%(name)s was merged further meanwhile; undo that first.")


@transaction.atomic
def merge_organisations(
    survivor: Organisation, *, duplicate: Organisation, by: User, at: datetime
) -> OrganisationMerge:
    """Everything that points to the duplicate now points to the survivor; what would collide stays with the duplicate.

    The survivor gets the duplicate's names, fills what it does not know, and keeps the rest of its own profile:
    what contradicts is never averaged. The duplicate stays as a row that names its survivor.
    """
    if survivor.pk == duplicate.pk:
        raise CannotMergeWithItself
    ids = sorted([survivor.pk, duplicate.pk])
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    kept, gone = rows[survivor.pk], rows[duplicate.pk]
    for row in (kept, gone):
        if row.state == Organisation.State.MERGED:
            raise OrganisationIsMergedAlready(name=row.name)
    moved = {"rows": _move_rows(gone, kept), "names": _give_names(gone, kept), "before": _fill(gone, kept)}
    moved["state"] = gone.state
    gone.state, gone.merged_into = Organisation.State.MERGED, kept
    gone.save(update_fields=["state", "merged_into"])
    merge = OrganisationMerge.objects.create(
        survivor=kept, duplicate=gone, merged_by=by, merged_at=at, moved=moved
    )
    record("directory.merge_organisations", by=by, subject=kept, at=at, data={"duplicate": gone.public_id})
    refresh_organisations([kept.pk, gone.pk])
    return merge


@transaction.atomic
def undo_merge(merge: OrganisationMerge, *, by: User, at: datetime) -> None:
    """Two organisations again, each with what it had; what came after the merge stays with the survivor."""
    stored = OrganisationMerge.objects.select_for_update().get(pk=merge.pk)
    if stored.undone_at is not None:
        raise MergeIsUndoneAlready
    kept = Organisation.objects.select_for_update().get(pk=stored.survivor_id)
    gone = Organisation.objects.select_for_update().get(pk=stored.duplicate_id)
    if kept.state == Organisation.State.MERGED:
        raise MergeHasFollowers(name=kept.name)
    for path, pks in stored.moved["rows"].items():
        model_path, field = path.rsplit(".", 1)
        model = apps.get_model(model_path)
        model._default_manager.filter(pk__in=pks, **{field: kept}).update(**{field: gone})  # noqa: SLF001 -- documented
    OrganisationName.objects.filter(organisation=kept, pk__in=stored.moved["names"]).delete()
    for field, value in stored.moved["before"].items():
        setattr(kept, field, value)
    kept.save(update_fields=list(stored.moved["before"]))
    gone.state, gone.merged_into = Organisation.State(stored.moved["state"]), None
    gone.save(update_fields=["state", "merged_into"])
    stored.undone_at = at
    stored.save(update_fields=["undone_at"])
    record("directory.undo_merge", by=by, subject=kept, at=at, data={"duplicate": gone.public_id})
    refresh_organisations([kept.pk, gone.pk])


@transaction.atomic
def keep_apart(first: Organisation, second: Organisation, *, by: User, at: datetime) -> None:
    """Two different organisations with like names: do not ask again."""
    if first.pk == second.pk:
        raise CannotMergeWithItself
    low, high = sorted([first, second], key=lambda one: one.pk)
    OrganisationsApart.objects.get_or_create(
        first=low, second=high, defaults={"decided_by": by, "decided_at": at}
    )
    record("directory.keep_apart", by=by, subject=low, at=at, data={"other": high.public_id})


def _move_rows(gone: Organisation, kept: Organisation) -> dict[str, list[int]]:
    """By model and field: the rows of all apps that now belong to the survivor."""
    moved: dict[str, list[int]] = {}
    for relation in Organisation._meta.related_objects:  # noqa: SLF001 -- documented
        model: type[models.Model] = relation.related_model
        if model in _NOT_MOVED or relation.many_to_many:
            continue
        field = relation.field.name
        pks = []
        for pk in model._default_manager.filter(**{field: gone}).values_list("pk", flat=True):  # noqa: SLF001 -- documented
            try:
                with transaction.atomic():
                    if model is Organisation and pk == kept.pk:
                        continue  # the survivor was a child of the duplicate; it is not its own parent now
                    model._default_manager.filter(pk=pk).update(**{field: kept})  # noqa: SLF001 -- documented
            except IntegrityError:
                continue  # both were members of one cluster, say: the survivor's row stands
            pks.append(pk)
        if pks:
            moved[f"{model._meta.label}.{field}"] = pks  # noqa: SLF001 -- documented
    return moved


def _give_names(gone: Organisation, kept: Organisation) -> list[int]:
    """The duplicate's shown names as further names of the survivor."""
    known = {kept.name.in_language(language) for language in LANGUAGES}
    known |= set(kept.names.values_list("text", flat=True))
    made = []
    for language in LANGUAGES:
        text = gone.name.in_language(language)
        if text and text not in known:
            name = OrganisationName(organisation=kept, language=language, text=text)
            name.save()
            made.append(name.pk)
    return made


def _fill(gone: Organisation, kept: Organisation) -> dict[str, Any]:
    """What only the duplicate knew; returns what the survivor had there, to put back."""
    before: dict[str, Any] = {}
    for field in FACTS:
        mine, theirs = getattr(kept, field), getattr(gone, field)
        if mine in ("", None) and theirs not in ("", None):
            before[field] = mine
            setattr(kept, field, theirs)
    if not kept.topics and gone.topics:
        before["topics"], kept.topics = kept.topics, gone.topics
    if before:
        kept.save(update_fields=list(before))
    return before
