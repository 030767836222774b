"""What of events can be searched: the events themselves, and the profiles of those who take part, by those who do."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.directory.indexing import audience_of_event, country_words, person_readings, person_title
from kontor.events.models import Event, Participation
from kontor.i18n.text import LANGUAGES
from kontor.search.registry import OPERATORS, PUBLIC, Document, Kind, register, register_audiences


def audience_of_organisers(public_id: str) -> str:
    """Those who organise an event."""
    return f"organisers:{public_id}"


def _audiences_of(user: User) -> Iterator[str]:
    """One statement."""
    organised = Event.objects.filter(organisers__user=user).order_by()
    attended = Event.objects.filter(
        participations__person__user=user, participations__state=Participation.State.CONFIRMED
    ).order_by()
    both = organised.values_list(Value("organises"), "public_id").union(
        attended.values_list(Value("attends"), "public_id")
    )
    for role, public_id in both:
        yield audience_of_event(public_id)
        if role == "organises":
            yield audience_of_organisers(public_id)


def _events(keys: Sequence[str]) -> Iterator[Document]:
    for one in Event.objects.filter(public_id__in=keys):
        yield Document(
            key=one.public_id,
            title=one.name,
            names=[one.slug],
            place=one.place,
            places=[words for language in LANGUAGES if (words := one.venue.in_language(language))],
            audiences=[PUBLIC]
            if one.is_announced
            else [OPERATORS, audience_of_event(one.public_id), audience_of_organisers(one.public_id)],
            address=[one.slug],
            is_sample=one.is_sample,
        )


def _profiles(keys: Sequence[str]) -> Iterator[Document]:
    """Listed ones for everybody at the event, the others for its organisers."""
    found = Participation.objects.filter(public_id__in=keys, state=Participation.State.CONFIRMED)
    for one in found.select_related("person", "organisation", "event"):
        yield Document(
            key=one.public_id,
            title=person_title(one.person),
            names=[name for code in LANGUAGES if (name := one.organisation.name.in_language(code))],
            readings=person_readings(one.person),
            place=one.organisation.name,
            places=country_words(one.person.country),
            texts=[one.offers, one.seeks, one.function],
            topics=[*one.topics_offered, *one.topics_sought],
            country=one.person.country,
            audiences=[(audience_of_event if one.is_listed else audience_of_organisers)(one.event.public_id)],
            address=[one.event.slug, one.public_id],
            is_sample=one.is_sample,
        )


def _all_events() -> Iterable[str]:
    return Event.objects.order_by("pk").values_list("public_id", flat=True)


def _all_profiles() -> Iterable[str]:
    return Participation.objects.order_by("pk").values_list("public_id", flat=True).iterator(chunk_size=2_000)


register(
    Kind(
        name="event",
        label=_("Event"),
        plural=_("Events"),
        load=_events,
        keys=_all_events,
    )
)
register(
    Kind(
        name="profile",
        label=_("Participant"),
        plural=_("Participants"),
        load=_profiles,
        keys=_all_profiles,
        url_name="meetings:request-new",
    )
)
register_audiences(_audiences_of)
