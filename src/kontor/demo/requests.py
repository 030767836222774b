"""Requests of the sample event and what became of them, in the proportions of such conferences."""

import random
from datetime import UTC, datetime, timedelta

from django.db import transaction

from kontor.demo.people import load
from kontor.events.models import Event, Participation
from kontor.matching.models import Recommendation
from kontor.meetings.languages import common_language, interpreted_pair
from kontor.meetings.models import Meeting, MeetingParty, MeetingRequest

REQUESTS, ACCEPTED, DECLINED, EXPIRED = 1900, 912, 380, 494
"""what becomes of the requests; the rest is withdrawn"""
# Of 100 agreed meetings so many are held in each way.
WAYS = {"en": 30, "zh": 3, "de": 2, "en-zh": 37, "de-zh": 28}
BATCH = 500


def build_requests(event: Event, *, seed: int, scale: float) -> None:
    """Requests among the best matches; who is accepted follows the mix of meeting languages of such events."""
    rnd = random.Random(f"requests-{seed}")  # noqa: S311 -- sample data, not secrets
    people = {
        one.pk: one
        for one in event.participations.filter(category__in=("matchmaking", "exhibitor"))
        .select_related("person", "booth")
        .prefetch_related("person__languages")
    }
    levels = {
        pk: {spoken.code: spoken.level for spoken in one.person.languages.all()} for pk, one in people.items()
    }
    pairs: dict[tuple[int, int], tuple[float, str]] = {}
    rows = Recommendation.objects.filter(participation__in=people, partner__in=people)
    for one, other, score in rows.order_by("-score", "id").values_list("participation", "partner", "score"):
        if (one, other) in pairs or (other, one) in pairs:
            continue
        way = common_language([levels[one], levels[other]]) or interpreted_pair(levels[one], levels[other])
        pairs[one, other] = (score, way)
    ranked = sorted(pairs.items(), key=lambda item: -item[1][0] + rnd.random() * 0.2)
    wanted = {
        "accepted": round(ACCEPTED * scale),
        "declined": round(DECLINED * scale),
        "expired": round(EXPIRED * scale),
    }
    total = round(REQUESTS * scale)
    accepted = _accepted(
        ranked,
        {pk: 10 if one.category == "matchmaking" else 6 for pk, one in people.items()},
        wanted["accepted"],
    )
    others = [pair for pair, _ in ranked if pair not in accepted]
    # people also ask whom nobody proposed to them
    able = list(people.values())
    while len(others) < total - len(accepted):
        first, second = rnd.sample(able, 2)
        pair = (first.pk, second.pk)
        known = pair in pairs or (pair[1], pair[0]) in pairs
        if not known and first.organisation_id != second.organisation_id:
            pairs[pair] = (0.0, "")
            others.append(pair)
    missing = wanted["accepted"] - len(accepted)
    accepted += others[:missing]
    others = others[missing : total - wanted["accepted"] + missing]
    states = ["declined"] * wanted["declined"] + ["expired"] * wanted["expired"]
    states += ["withdrawn"] * (len(others) - len(states))
    rnd.shuffle(states)
    _write_requests(
        rnd,
        event,
        people,
        [(pair, "accepted") for pair in accepted] + list(zip(others, states, strict=False)),
    )


def _accepted(
    ranked: list[tuple[tuple[int, int], tuple[float, str]]], room: dict[int, int], wanted: int
) -> list[tuple[int, int]]:
    """The best pairs within the shares of meeting languages and each person's room; then interpreted ones, then the rest."""
    quota = {way: round(wanted * share / 100) for way, share in WAYS.items()}
    chosen: dict[tuple[int, int], None] = {}
    passes = ({way for way, share in quota.items() if share}, {"en-zh", "de-zh", "de-en"}, None)
    for number, allowed in enumerate(passes):
        for pair, (_score, way) in ranked:
            if len(chosen) >= wanted:
                break
            if (
                pair in chosen
                or room[pair[0]] <= 0
                or room[pair[1]] <= 0
                or (allowed is not None and way not in allowed)
            ):
                continue
            if number == 0 and quota[way] <= 0:
                continue
            chosen[pair] = None
            quota[way] = quota.get(way, 0) - 1
            room[pair[0]] -= 1
            room[pair[1]] -= 1
    return list(chosen)


def _write_requests(
    rnd: random.Random,
    event: Event,
    people: dict[int, Participation],
    made: list[tuple[tuple[int, int], str]],
) -> None:
    requests, meetings, parties = [], [], []
    opened = datetime(2018, 10, 4, 1, 0, tzinfo=UTC)
    frames = load("sentences")["reasons"]
    for (one, other), state in made:
        sender, recipient = people[one], people[other]
        sent = opened + timedelta(minutes=rnd.randint(0, 19 * 24 * 60))
        language = sender.person.language
        answered = sent + timedelta(hours=72 if state == "expired" else rnd.randint(1, 70))
        request = MeetingRequest(
            event=event,
            sender=sender,
            recipient=recipient,
            reason=rnd.choice(frames[language]),
            reason_language=language,
            state=state,
            decline_reason=rnd.choice(MeetingRequest.DeclineReason.values) if state == "declined" else "",
            sent_at=sent,
            expires_at=sent + timedelta(hours=72),
            answered_at=answered,
            is_sample=True,
        )
        requests.append(request)
        if state == "accepted":
            levels = [
                {spoken.code: spoken.level for spoken in side.person.languages.all()}
                for side in (sender, recipient)
            ]
            language = common_language(levels)
            booth = recipient.booth or sender.booth
            meeting = Meeting(
                event=event,
                request=request,
                language=language,
                pair="" if language else interpreted_pair(levels[0], levels[1]),
                booth=booth,
                created_at=answered,
                is_sample=True,
            )
            meetings.append(meeting)
            parties += [(meeting, sender, 0), (meeting, recipient, 1)]
    with transaction.atomic():
        MeetingRequest.objects.bulk_create(requests, batch_size=BATCH)
        Meeting.objects.bulk_create(meetings, batch_size=BATCH)
        MeetingParty.objects.bulk_create(
            (MeetingParty(meeting=meeting, participation=who, side=side) for meeting, who, side in parties),
            batch_size=BATCH,
        )
