"""What of figures can be searched: those of an organisation, cluster or event, by everybody who finds it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.i18n import LANGUAGES, Text
from kontor.search.registry import Document, Kind, kinds, register

FIGURES = _("Figures")
SUBJECTS = ("organisation", "cluster", "event")


def _figures(keys: Sequence[str]) -> Iterator[Document]:
    """One document per subject, as public as the subject itself."""
    claims: defaultdict[str, defaultdict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    named = Q(*((f"{kind}__public_id__in", keys) for kind in SUBJECTS), _connector=Q.OR)
    for one in Claim.objects.filter(named).with_standing().select_related(*SUBJECTS).order_by("pk"):
        if one.is_live:
            claims[one.kind][one.subject.public_id].append(one)
    for kind, found in claims.items():
        for subject in kinds()[kind].load(list(found)):
            own = found[subject.key]
            yield Document(
                key=subject.key,
                title=_title(subject.title),
                names=[words for language in LANGUAGES for words in _measures(own, language)],
                texts=[_sentences(own)],
                place=subject.place,
                country=subject.country,
                audiences=subject.audiences,
                address=[kind, subject.key],
                is_sample=subject.is_sample,
            )


def _title(name: Text) -> Text:
    """ "Silicon Saxony: Zahlen", so that the cluster itself comes first for its name."""
    words = {language: f"{name.for_reader(language)}: {_said(FIGURES, language)}" for language in LANGUAGES}
    return Text.of(name.original, **words)


def _measures(claims: Iterable[Claim], language: str) -> list[str]:
    """What is counted."""
    measures = dict.fromkeys(one.measure for one in claims)
    return [_said(Claim.Measure(one).label, language) for one in measures]


def _sentences(claims: Sequence[Claim]) -> Text:
    words = {language: "\n".join(wording.sentence(one, language) for one in claims) for language in LANGUAGES}
    return Text.of(claims[0].scope.original, **words)


def _said(words: str | Promise, language: str) -> str:
    """Words of the interface in a language of content."""
    with translation.override("zh-hans" if language == "zh" else language):
        return str(words)


def _keys() -> Iterable[str]:
    found = Claim.objects.order_by().values_list(*(f"{kind}__public_id" for kind in SUBJECTS)).distinct()
    return [key for row in found for key in row if key]


def _of_subjects(kind: str, keys: Sequence[str]) -> Iterable[str]:
    return keys if kind in SUBJECTS else ()


register(
    Kind(
        name="figure",
        label=FIGURES,
        plural=FIGURES,
        load=_figures,
        keys=_keys,
        url_name="figures:subject-show",
        follows=_of_subjects,
    )
)
