"""The vocabulary for people: the fields, and each topic with what is above, below and beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kontor.i18n import Words, content_language
from kontor.routes import ROLES, page
from kontor.topics.analysis import find_concepts, vocabulary
from kontor.topics.models import LabelProposal
from kontor.topics.skos import FORMS
from kontor.topics.vocabulary import LANGUAGES, Concept, Vocabulary, as_title, label
from kontor.ui.components import Chip, Tone

TONES: Mapping[str, Tone] = {
    LabelProposal.State.OPEN: "warn",
    LabelProposal.State.ACCEPTED: "ok",
    LabelProposal.State.DECLINED: "",
}
LONGEST_QUESTION = 200
MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A concept as a reader sees it."""

    id: str
    name: Words
    """the preferred label in the reader's language"""
    names: tuple[Words, ...]
    """preferred labels in German, English and Chinese"""
    narrower: tuple["Topic", ...] = ()

    @property
    def title(self) -> Words:
        """The name as it begins a heading or a line."""
        return Words(as_title(self.name.text), self.name.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsInLanguage:
    """All labels of a concept in one language."""

    language: str
    """in the reader's words"""
    labels: tuple[Words, ...]
    """the preferred one first"""
    hint: Words


@page(roles=ROLES)
def list_topics(request: HttpRequest) -> HttpResponse:
    """All fields with their sub-fields; with a question, the topics that its words name."""
    known = vocabulary()
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    found = [known[one.concept_id] for one in find_concepts(question)[:MOST_FOUND]] if question else []
    context = {
        "fields": [topic_of(field, below=known.narrower(field.id)) for field in known.fields()],
        "num_concepts": len(known),
        "question": question,
        "found": _topics(found),
        "forms": FORMS.items(),
    }
    return render(request, "topics/topic_list.html", context)


@page(roles=ROLES)
def show_topic(request: HttpRequest, concept: str) -> HttpResponse:
    """One topic: its labels in three languages, what is above, below and related, its files, and one's own proposals."""
    known = vocabulary()
    if concept not in known:
        raise Http404
    shown = known[concept]
    user = request.user
    context = {
        "topic": topic_of(shown),
        "above": _topics(known.path(concept)[:-1]),
        "labels": [
            LabelsInLanguage(
                language=str(LabelProposal.Language(language).label),
                labels=tuple(Words(text, language) for text in shown.labels[language]),
                hint=Words(shown.hint.get(language, ""), language),
            )
            for language in LANGUAGES
        ],
        "groups": _groups(known, shown),
        "num_below": sum(1 for _ in known.below(concept)),
        "related": _topics(known.related(concept)),
        "forms": FORMS.items(),
        "proposals": [
            (Words(one.label, one.language), chip_of(one)) for one in _own_proposals(user, concept)
        ],
    }
    return render(request, "topics/topic_show.html", context)


def chip_of(proposal: LabelProposal) -> Chip:
    """How a proposal stands, in the colour of its state."""
    return Chip(text=proposal.get_state_display(), tone=TONES[proposal.state])


def _own_proposals(user: AbstractBaseUser | AnonymousUser, concept: str) -> Iterable[LabelProposal]:
    if not user.is_authenticated:
        return ()
    return LabelProposal.objects.filter(concept_id=concept, proposed_by=user.pk).order_by("-id")[:20]


def _groups(known: Vocabulary, shown: Concept) -> list[tuple[Topic | None, tuple[Topic, ...]]]:
    """What is below: of a field, each sub-field with its concepts; of a sub-field, its concepts."""
    below = known.narrower(shown.id)
    if not below:
        return []
    if shown.broader is None:
        return [(topic_of(one), _topics(known.narrower(one.id))) for one in below]
    return [(None, _topics(below))]


def _topics(concepts: Iterable[Concept]) -> tuple[Topic, ...]:
    return tuple(topic_of(concept) for concept in concepts)


def topic_of(concept: Concept, *, below: Iterable[Concept] = ()) -> Topic:
    """A concept for the reader whose language is active."""
    return Topic(
        id=concept.id,
        name=_name(concept, content_language(get_language())),
        names=tuple(_name(concept, language) for language in LANGUAGES),
        narrower=_topics(below),
    )


def _name(concept: Concept, language: str) -> Words:
    return Words(label(concept, language), language)
