"""The vocabulary as SKOS, the way thesauri travel: Turtle, RDF/XML and JSON-LD, out and in."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from xml.sax import SAXException

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.term import Node

from kontor.topics.vocabulary import LANGUAGES, Concept, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A way to write SKOS down."""

    parser: str
    """as rdflib names it"""
    content_type: str
    name: str


FORMS: Final[Mapping[str, Form]] = {
    "ttl": Form(parser="turtle", content_type="text/turtle; charset=utf-8", name="Turtle"),
    "rdf": Form(parser="xml", content_type="application/rdf+xml", name="RDF/XML"),
    "jsonld": Form(parser="json-ld", content_type="application/ld+json", name="JSON-LD"),
}
"""By the ending of a file's name."""

_TAGS = {"de": "de", "en": "en", "zh": "zh-Hans"}
_CONTEXT = {
    "skos": str(SKOS),
    "dcterms": str(DCTERMS),
    **{
        name: {"@id": f"skos:{name}", "@container": "@language"}
        for name in ("prefLabel", "altLabel", "scopeNote")
    },
    **{
        name: {"@id": f"skos:{name}", "@type": "@id"}
        for name in ("broader", "narrower", "related", "inScheme", "hasTopConcept", "topConceptOf")
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a SKOS file says about one concept."""

    id: str
    broader: str | None
    related: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    """the preferred one first, where there is one"""
    hint: Mapping[str, str]
    is_whole: bool
    """with a preferred label in all three languages it describes the concept; else it only adds labels to a known one"""


class UnreadableSkosError(ValueError):
    """A file that is no SKOS, or says something that a vocabulary with one tree cannot hold."""


def form_of(file: PurePath) -> str:
    """The key in FORMS that a file's name asks for; ValueError names the choices."""
    ending = file.suffix.lower().lstrip(".")
    if ending not in FORMS:
        msg = f"{file.name}: the name must end in {', '.join(f'.{known}' for known in FORMS)}"
        raise ValueError(msg)
    return ending


def address(concept_id: str, base: str) -> str:
    """The name of a concept in the web of data; on the site whose base it is, it opens the concept's page."""
    return f"{base}{concept_id}/"


# ── out ──────────────────────────────────────────────────────────────────────────────────────────


def write_skos(vocabulary: Vocabulary, concepts: Iterable[Concept], *, form: str, base: str) -> bytes:
    """Some concepts of a vocabulary, with what is directly above and below each; `base` ends in a slash."""
    graph = Graph()
    scheme = URIRef(base)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Kontor topics", lang="en")))
    for concept in concepts:
        node = URIRef(address(concept.id, base))
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.inScheme, scheme))
        if concept.broader is None:
            graph.add((node, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, node))
        else:
            graph.add((node, SKOS.broader, URIRef(address(concept.broader, base))))
        for narrower in vocabulary.narrower(concept.id):
            graph.add((node, SKOS.narrower, URIRef(address(narrower.id, base))))
        for other in concept.related:
            graph.add((node, SKOS.related, URIRef(address(other, base))))
        for language in LANGUAGES:
            preferred, *others = concept.labels[language]
            graph.add((node, SKOS.prefLabel, Literal(preferred, lang=_TAGS[language])))
            for label in others:
                graph.add((node, SKOS.altLabel, Literal(label, lang=_TAGS[language])))
            if language in concept.hint:
                graph.add((node, SKOS.scopeNote, Literal(concept.hint[language], lang=_TAGS[language])))
    return _serialized(graph, form)


def write_labels(labels: Iterable[tuple[str, str, str]], *, form: str, base: str) -> bytes:
    """Further labels of known concepts (id, language, label), for the authors of a vocabulary to take over."""
    graph = Graph()
    for concept_id, language, label in labels:
        node = URIRef(address(concept_id, base))
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.altLabel, Literal(label, lang=_TAGS[language])))
    return _serialized(graph, form)


def _serialized(graph: Graph, form: str) -> bytes:
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    if form == "jsonld":
        return graph.serialize(format="json-ld", encoding="utf-8", context=_CONTEXT, indent=1)
    return graph.serialize(format=FORMS[form].parser, encoding="utf-8")


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def read_skos(content: bytes, *, form: str) -> tuple[Described, ...]:
    """Every concept of a file, those above first; nothing is ever fetched from elsewhere."""
    if form == "jsonld":
        _refuse_foreign_contexts(content)
    graph = Graph()
    try:
        graph.parse(data=content, format=FORMS[form].parser)
    except (SAXException, SyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        # rdflib's parsers raise what their own code runs into
        msg = f"no {FORMS[form].name}: {error}"
        raise UnreadableSkosError(msg) from error
    nodes = _concept_nodes(graph)
    names = {node: _id_of(node) for node in nodes}
    if twice := [name for name in sorted(set(names.values())) if list(names.values()).count(name) > 1]:
        raise UnreadableSkosError(f"several concepts would be called {', '.join(twice)}")
    above = _tree(graph, names)
    found = {name: _described(graph, node, names, above.get(name)) for node, name in names.items()}
    return tuple(found[name] for name in _from_the_top(above, found))


def _refuse_foreign_contexts(content: bytes) -> None:
    """A context named by its address would be fetched over the network."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableSkosError(f"no JSON: {error}") from error
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            contexts = one.get("@context", [])
            contexts = contexts if isinstance(contexts, list) else [contexts]
            if "@import" in one or any(isinstance(context, str) for context in contexts):
                raise UnreadableSkosError(
                    "a context that stands elsewhere is not fetched; write it into the file"
                )
            waiting.extend(one.values())


def _concept_nodes(graph: Graph) -> list[URIRef]:
    typed = set(graph.subjects(RDF.type, SKOS.Concept))
    labelled = {subject for label in (SKOS.prefLabel, SKOS.altLabel) for subject in graph.subjects(label)}
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    nodes = sorted(node for node in (typed | labelled) - schemes if isinstance(node, URIRef))
    if not nodes:
        raise UnreadableSkosError("there is no skos:Concept in it")
    return nodes


def _id_of(node: URIRef) -> str:
    """The last part of the address in the letters of an id."""
    last = re.split(r"[/#:]", str(node).rstrip("/#"))[-1]
    name = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")
    if not name:
        raise UnreadableSkosError(
            f"{node}: the last part of the address must name the concept in ASCII letters"
        )
    return name


def _tree(graph: Graph, names: Mapping[URIRef, str]) -> dict[str, str]:
    """Id → id directly above it, from both directions in which SKOS may say so."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    pairs = [*graph.subject_objects(SKOS.broader)]
    pairs += [(lower, upper) for upper, lower in graph.subject_objects(SKOS.narrower)]
    for lower, upper in pairs:
        if isinstance(lower, URIRef) and isinstance(upper, URIRef) and lower in names:
            above[names[lower]].add(_id_of(upper))
    for name, found in above.items():
        if len(found) > 1:
            raise UnreadableSkosError(f"{name!r} stands below {', '.join(sorted(found))}; one is allowed")
    return {name: found.pop() for name, found in above.items()}


def _described(graph: Graph, node: URIRef, names: Mapping[URIRef, str], broader: str | None) -> Described:
    preferred = dict(_by_language(graph.objects(node, SKOS.prefLabel)))
    labels: dict[str, list[str]] = {language: [label] for language, label in preferred.items()}
    for language, label in sorted(_by_language(graph.objects(node, SKOS.altLabel))):
        if label not in labels.setdefault(language, []):
            labels[language].append(label)
    related = {_id_of(other) for other in graph.objects(node, SKOS.related) if isinstance(other, URIRef)}
    return Described(
        id=names[node],
        broader=broader,
        related=tuple(sorted(related)),
        labels={language: tuple(found) for language, found in labels.items()},
        hint=dict(_by_language(graph.objects(node, SKOS.scopeNote))),
        is_whole=set(preferred) == set(LANGUAGES),
    )


def _by_language(values: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Texts in our three languages; every kind of Chinese is Chinese (the analysis reads both scripts)."""
    for value in values:
        language = str(getattr(value, "language", None) or "").split("-")[0].lower()
        text = " ".join(str(value).split())
        if language in LANGUAGES and text:
            yield language, text


def _from_the_top(above: Mapping[str, str], found: Iterable[str]) -> list[str]:
    def depth(name: str) -> int:
        steps = 0
        while name in above and steps < len(above):
            name, steps = above[name], steps + 1
        return steps

    return sorted(found, key=lambda name: (depth(name), name))
