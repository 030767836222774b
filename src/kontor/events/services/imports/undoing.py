"""Undo a list of participants: every row that it changed is as it was before, and what it made is gone."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Organisation
from kontor.directory.names import NameOrder, PersonName
from kontor.errors import DomainError
from kontor.events.models import ListImport, Participation, Unavailability
from kontor.events.services.people import ParticipantData, PersonData, profiles_changed, write_participation
from kontor.events.services.stored_lists import lock_list
from kontor.i18n import Text
from kontor.search.services import index


class CannotUndo(DomainError):
    """Later work stands on the imported people."""

    sentence = ngettext_lazy(
        "One of the imported people has requests or meetings by now. Cancel this person instead.",
        "%(count)s of the imported people have requests or meetings by now. Cancel these people one by one instead.",
        "count",
    )


def snapshot(one: Participation) -> dict[str, Any]:
    """What `undo_import` puts back of a changed participant."""
    person = one.person
    return {
        "family": person.family,
        "given": person.given,
        "native_family": person.native_family,
        "native_given": person.native_given,
        "order": person.name_order,
        "titles": person.title,
        "email": person.email or "",
        "phone": person.phone,
        "wechat": person.wechat,
        "country": person.country,
        "language": person.language,
        "levels": {spoken.code: [spoken.level, spoken.is_assumed] for spoken in person.languages.all()},
        "organisation": one.organisation.public_id,
        "function": one.function.as_json(),
        "category": one.category,
        "offers": one.offers.as_json(),
        "seeks": one.seeks.as_json(),
        "availability_words": one.availability_words,
        "busy": [
            [part.starts_at.isoformat(), part.ends_at.isoformat()] for part in one.unavailabilities.all()
        ],
        "booth": one.booth_id,
        "is_listed": one.is_listed,
    }


@transaction.atomic
def undo_import(row: ListImport, *, by: User | None, at: datetime) -> ListImport:
    """Put everything back as it was before. Raises NotInThisState, CannotUndo."""
    locked = lock_list(row, ListImport.State.APPLIED)
    undo = locked.undo
    ids = [entry["participation"] for entry in undo["new"]]
    people = {
        one.public_id: one
        for one in locked.event.participations.select_related("person__user").filter(public_id__in=ids)
    }
    if busy := _with_later_work(people.values()):
        raise CannotUndo(count=busy)
    for entry in undo["new"]:
        one = people.get(entry["participation"])
        if one is None:
            continue
        person, user = one.person, one.person.user
        one.delete()
        if (
            not entry["keeps_person"]
            and not person.participations.exists()
            and not person.interpreting.exists()
        ):
            person.delete()
            if user is not None and user.last_login is None:
                user.delete()
    index("profile", *ids)
    restored = []
    for public_id, before in undo["changed"].items():
        old = locked.event.participations.select_related("person__user").filter(public_id=public_id).first()
        if old is not None:
            _restore(old, before)
            restored.append(old)
    for organisation in Organisation.objects.filter(public_id__in=undo["organisations"], participations=None):
        organisation.delete()
    index("organisation", *undo["organisations"])
    profiles_changed(locked.event, restored)
    locked.state = ListImport.State.UNDONE
    locked.save(update_fields=("state",))
    record("list_undone", by=by, subject=locked, at=at, event=locked.event.public_id)
    return locked


def _with_later_work(people: Collection[Participation]) -> int:
    """How many of these people have rows of later work (requests, meetings, seats): whatever points to a participation."""
    ids = [one.pk for one in people]
    touched: set[int] = set()
    for relation in Participation._meta.related_objects:  # noqa: SLF001 -- Django's documented _meta
        model = relation.related_model
        if model is Unavailability or model._meta.app_label == "matching":  # noqa: SLF001 -- as above
            continue
        name = relation.field.name
        rows = model._default_manager.filter(**{f"{name}__in": ids})  # noqa: SLF001 -- Django documents it
        touched.update(rows.values_list(f"{name}_id", flat=True))
    return len(touched)


def _restore(old: Participation, before: Mapping[str, Any]) -> None:
    organisation = Organisation.objects.get(public_id=before["organisation"])
    write_participation(
        old,
        ParticipantData(
            person=PersonData(
                name=PersonName(
                    family=before["family"],
                    given=before["given"],
                    native_family=before["native_family"],
                    native_given=before["native_given"],
                    order=NameOrder(before["order"]),
                    titles=before["titles"],
                ),
                email=before["email"],
                phone=before["phone"],
                wechat=before["wechat"],
                country=before["country"],
                language=before["language"],
                levels={code: (level, is_assumed) for code, (level, is_assumed) in before["levels"].items()},
            ),
            organisation=organisation.name,
            function=Text.from_json(before["function"]),
            category=before["category"],
            offers=Text.from_json(before["offers"]),
            seeks=Text.from_json(before["seeks"]),
            availability_words=before["availability_words"],
            busy=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in before["busy"]
            ),
            booth_id=before["booth"],
            is_listed=before["is_listed"],
        ),
    )
