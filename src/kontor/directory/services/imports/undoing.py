"""Undo a list of organisations: what it changed is as it was before, and what it made is gone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import ngettext_lazy

from kontor.directory.models import (
    Membership,
    Organisation,
    OrganisationKey,
    OrganisationList,
    OrganisationName,
    RegistryNumber,
    Site,
    WorkingGroup,
)
from kontor.directory.services.known import BATCH
from kontor.errors import DomainError
from kontor.i18n import Text
from kontor.search.services import index

Json = dict[str, Any]
_PLAIN = (
    "kind",
    "legal_form",
    "size_class",
    "size_standard",
    "country",
    "place",
    "num_staff",
    "founded_in",
    "website",
    "topics",
    "source",
)
_MADE_FROM_THE_REST = OrganisationKey


class UsedSince(DomainError):
    """Later work stands on what the list brought."""

    sentence = ngettext_lazy(
        "One organisation of this list has been changed or used since, so the list cannot be undone.",
        "%(count)s organisations of this list have been changed or used since, so the list cannot be undone.",
        "count",
    )


def profile_facts(one: Organisation) -> Json:
    """What `put_organisations_back` puts back of a changed organisation."""
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "name": one.name.as_json(),
        "capability": one.capability.as_json(),
        "parent": one.parent.public_id if one.parent else None,
        "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else None,
    }


def membership_facts(one: Membership) -> Json:
    """A membership as it is, to put back or to compare with."""
    return {
        "state": str(one.state),
        "category": str(one.category),
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "groups": sorted(one.working_groups.values_list("public_id", flat=True)) if one.pk else [],
    }


def put_organisations_back(stored: OrganisationList) -> None:
    """Take what the list made away, and give the others what they had. Raises UsedSince."""
    undo = stored.undo
    new, changed = _read(undo["new"]), _read(list(undo["changed"]))
    memberships = list(Membership.objects.filter(public_id__in=list(undo["memberships"])))
    used = {one.pk for one in (*new, *changed) if one.confirmed_at != stored.applied_at}
    used |= _with_later_work(new, undo)
    used |= {
        one.organisation_id
        for one in memberships
        if membership_facts(one) != undo["memberships"][one.public_id]["after"]
    }
    if used:
        raise UsedSince(count=len(used))
    for one in memberships:
        _restore_membership(one, undo["memberships"][one.public_id]["before"])
    Site.objects.filter(public_id__in=undo["sites"]).delete()
    OrganisationName.objects.filter(public_id__in=undo["names"]).delete()
    for scheme, number, court in undo["numbers"]:
        RegistryNumber.objects.filter(scheme=scheme, number=number, court=court).delete()
    Organisation.objects.filter(pk__in=[one.pk for one in new]).delete()
    parents = _parents(undo["changed"].values())
    for organisation in changed:
        _restore(organisation, undo["changed"][organisation.public_id], parents)
    index("organisation", *undo["new"])
    index("site", *undo["sites"])


def _read(ids: Sequence[str]) -> list[Organisation]:
    return [
        one
        for start in range(0, len(ids), BATCH)
        for one in Organisation.objects.filter(public_id__in=ids[start : start + BATCH])
    ]


def _with_later_work(new: Sequence[Organisation], undo: Json) -> set[int]:
    """New organisations to which anything points that the list did not make itself."""
    pks = [one.pk for one in new]
    own: dict[type[Model], dict[str, list[str]]] = {
        Organisation: {"public_id__in": undo["new"]},
        OrganisationName: {"public_id__in": undo["names"]},
        Site: {"public_id__in": undo["sites"]},
        Membership: {"public_id__in": list(undo["memberships"])},
        RegistryNumber: {"number__in": [number for _scheme, number, _court in undo["numbers"]]},
    }
    used: set[int] = set()
    for relation in Organisation._meta.related_objects:  # noqa: SLF001 -- Django's documented _meta
        model = relation.related_model
        if model is _MADE_FROM_THE_REST or isinstance(model, str):
            continue
        name = relation.field.name
        for start in range(0, len(pks), BATCH):
            rows = model._default_manager.filter(**{f"{name}__in": pks[start : start + BATCH]})  # noqa: SLF001 -- Django documents it
            used.update(
                rows.exclude(**own[model]).values_list(name, flat=True)
                if model in own
                else rows.values_list(name, flat=True)
            )
    return used


def _restore_membership(one: Membership, before: Json | None) -> None:
    if before is None:
        one.delete()
        return
    one.state, one.category = before["state"], before["category"]
    one.since, one.until = _day(before["since"]), _day(before["until"])
    one.save(update_fields=("state", "category", "since", "until"))
    one.working_groups.set(WorkingGroup.objects.filter(public_id__in=before["groups"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _parents(facts: Sequence[Json]) -> dict[str, Organisation]:
    return {
        one.public_id: one for one in _read(sorted({entry["parent"] for entry in facts if entry["parent"]}))
    }


def _restore(one: Organisation, before: Json, parents: dict[str, Organisation]) -> None:
    for name in _PLAIN:
        setattr(one, name, before[name])
    one.name, one.capability = Text.from_json(before["name"]), Text.from_json(before["capability"])
    one.parent = parents.get(before["parent"] or "")
    one.confirmed_at = datetime.fromisoformat(before["confirmed_at"]) if before["confirmed_at"] else None
    one.save()
