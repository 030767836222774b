"""The secret address of a calendar feed: made when somebody wants one, made anew when it got into wrong hands."""

from datetime import datetime

from django.db import transaction

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.events.models import Interpreter, Participation
from kontor.i18n.public_ids import new_public_id
from kontor.meetings.models import CalendarAddress


@transaction.atomic
def renew_calendar_address(owner: Participation | Interpreter, *, by: User, at: datetime) -> CalendarAddress:
    """Give the owner's calendar a new address; the old one, if there was one, answers 404 from now on."""
    whose = {"participation": owner} if isinstance(owner, Participation) else {"interpreter": owner}
    address, _is_new = CalendarAddress.objects.update_or_create(**whose, defaults={"token": new_public_id()})
    record("calendar_address_renewed", by=by, subject=owner, at=at, event=owner.event.public_id)
    return address
