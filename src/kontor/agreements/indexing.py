"""What of agreements can be searched: public ones by everybody, others by their parties and by who works for a cluster."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Milestone, Party
from kontor.directory.indexing import audience_of_organisation
from kontor.directory.models import Cluster, ClusterStaff
from kontor.i18n import LANGUAGES, Text
from kontor.search.registry import OPERATORS, PUBLIC, Document, Kind, register, register_audiences

DESK = "desk"
"""all who work for a cluster: they keep agreements and news"""


def _audiences_of(user: User) -> Iterator[str]:
    if ClusterStaff.objects.filter(user=user).exists():
        yield DESK


def _agreements(keys: Sequence[str]) -> Iterator[Document]:
    found = Agreement.objects.filter(public_id__in=keys)
    for one in found.prefetch_related("parties__organisation", "parties__cluster"):
        parties = list(one.parties.all())
        inside = [
            audience_of_organisation(party.organisation.public_id) for party in parties if party.organisation
        ]
        yield Document(
            key=one.public_id,
            title=one.title,
            names=[name for party in parties for name in _names(party)],
            texts=[one.summary],
            place=one.place,
            category=one.kind,
            audiences=[PUBLIC] if one.is_public else [OPERATORS, DESK, *inside],
            address=[one.public_id],
            is_sample=one.is_sample,
        )


def _names(party: Party) -> Iterator[str]:
    subject = party.organisation or party.cluster
    if subject is not None:
        yield from (words for language in LANGUAGES if (words := subject.name.in_language(language)))


def _of_parties(kind: str, keys: Sequence[str]) -> Iterable[str]:
    """Agreements are found by the names of their parties too."""
    if kind not in ("organisation", "cluster"):
        return ()
    found = Agreement.objects.filter(**{f"parties__{kind}__public_id__in": keys}).order_by().distinct()
    return found.values_list("public_id", flat=True)


def _milestones(keys: Sequence[str]) -> Iterator[Document]:
    """Steps of a relation are as public as both of its clusters."""
    found = Milestone.objects.filter(public_id__in=keys)
    for one in found.select_related("partnership__first", "partnership__second"):
        sides = (one.partnership.first, one.partnership.second)
        yield Document(
            key=one.public_id,
            title=one.title,
            texts=[one.detail],
            place=_both(sides),
            audiences=[PUBLIC] if all(side.is_published for side in sides) else [OPERATORS],
            address=[side.slug for side in sides],
            is_sample=one.is_sample,
        )


def _both(sides: Sequence[Cluster]) -> Text:
    words = {
        language: " – ".join(str(side.name.for_reader(language)) for side in sides) for language in LANGUAGES
    }
    return Text.of(sides[0].name.original, **words)


def _of_clusters(kind: str, keys: Sequence[str]) -> Iterable[str]:
    if kind != "cluster":
        return ()
    either = Q(partnership__first__public_id__in=keys) | Q(partnership__second__public_id__in=keys)
    return Milestone.objects.filter(either).order_by().values_list("public_id", flat=True)


register(
    Kind(
        name="agreement",
        label=_("Agreement"),
        plural=_("Agreements"),
        load=_agreements,
        keys=lambda: Agreement.objects.order_by("pk").values_list("public_id", flat=True),
        url_name="agreements:agreement-show",
        categories=lambda: Agreement.Kind.choices,
        follows=_of_parties,
    )
)
register(
    Kind(
        name="milestone",
        label=_("Step of a relation"),
        plural=_("Steps of relations"),
        load=_milestones,
        keys=lambda: Milestone.objects.order_by("pk").values_list("public_id", flat=True),
        url_name="agreements:relation-show",
        follows=_of_clusters,
    )
)
register_audiences(_audiences_of)
