"""SKOS out and in: what is written comes back, others' files are read with care, nothing is fetched."""

import json
from pathlib import PurePath

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

from kontor.topics.skos import FORMS, UnreadableSkosError, form_of, read_skos, write_labels, write_skos

BASE = "https://kontor.example.org/topics/"
TEA = URIRef(f"{BASE}tea/")


def everything(vocabulary, form):
    return write_skos(vocabulary, vocabulary, form=form, base=BASE)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_says_the_same_when_it_is_read(form, drinks):
    found = {one.id: one for one in read_skos(everything(drinks, form), form=form)}
    assert list(found) == ["food", "drinks", "beer", "tea"]  # those above first
    for concept in drinks:
        one = found[concept.id]
        assert one.is_whole
        assert (one.broader, set(one.related), one.hint) == (
            concept.broader,
            set(concept.related),
            dict(concept.hint),
        )
        for language, labels in concept.labels.items():
            assert one.labels[language][0] == labels[0]
            assert set(one.labels[language]) == set(labels)


def test_it_is_skos_to_others(drinks):
    graph = Graph().parse(data=everything(drinks, "ttl"), format="turtle")
    assert (TEA, SKOS.prefLabel, Literal("茶", lang="zh-Hans")) in graph
    assert (TEA, SKOS.altLabel, Literal("Schwarztee", lang="de")) in graph
    assert (TEA, SKOS.broader, URIRef(f"{BASE}drinks/")) in graph
    assert (URIRef(f"{BASE}drinks/"), SKOS.narrower, TEA) in graph
    assert (TEA, SKOS.related, URIRef(f"{BASE}beer/")) in graph
    assert (TEA, SKOS.scopeNote, Literal("Blätter", lang="de")) in graph
    assert (URIRef(f"{BASE}food/"), SKOS.topConceptOf, URIRef(BASE)) in graph
    assert (URIRef(BASE), RDF.type, SKOS.ConceptScheme) in graph


def test_json_ld_reads_like_json(drinks):
    rows = json.loads(write_skos(drinks, [drinks["tea"]], form="jsonld", base=BASE))["@graph"]
    (tea,) = [row for row in rows if row["@id"] == str(TEA)]
    assert tea["prefLabel"] == {"de": "Tee", "en": "tea", "zh-Hans": "茶"}
    assert tea["broader"] == f"{BASE}drinks/"


@pytest.mark.parametrize("form", FORMS)
def test_accepted_labels_travel_as_alternatives_of_their_concept(form):
    content = write_labels([("tea", "zh", "茗"), ("tea", "de", "Tässchen")], form=form, base=BASE)
    (tea,) = read_skos(content, form=form)
    assert (tea.id, tea.labels, tea.is_whole) == ("tea", {"de": ("Tässchen",), "zh": ("茗",)}, False)


def test_a_thesaurus_of_others_is_read():
    content = """
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <http://example.org/t#Green_Tea> a skos:Concept ;
            skos:prefLabel "Grüntee"@de-AT, "green  tea"@en-GB, "綠茶"@zh-Hant, "thé vert"@fr ;
            skos:inScheme <http://example.org/t> .
        <http://example.org/t#tea> skos:narrower <http://example.org/t#Green_Tea> .
    """
    (tea,) = read_skos(content.encode(), form="ttl")
    assert (tea.id, tea.broader) == ("green-tea", "tea")
    assert tea.labels == {"de": ("Grüntee",), "en": ("green tea",), "zh": ("綠茶",)}


@pytest.mark.parametrize(
    ("form", "content", "complaint"),
    [
        ("ttl", "no turtle", "no Turtle: "),
        ("rdf", "<rdf", "no RDF/XML: "),
        ("jsonld", "{", "no JSON: "),
        ("jsonld", "[" * 100_000, "no JSON: "),
        ("jsonld", '{"@context": "https://example.org/context.jsonld"}', "a context that stands elsewhere"),
        ("jsonld", '[{"a": {"@context": [{}, "context.jsonld"]}}]', "a context that stands elsewhere"),
        ("jsonld", '{"@context": {"@import": "https://example.org/"}}', "a context that stands elsewhere"),
        ("ttl", "", "there is no skos:Concept in it"),
        (
            "ttl",
            '<http://example.org/茶> <http://www.w3.org/2004/02/skos/core#prefLabel> "茶"@zh .',
            "http://example.org/茶: the last part of the address must name the concept in ASCII letters",
        ),
        (
            "ttl",
            (
                "@prefix s: <http://www.w3.org/2004/02/skos/core#> . @prefix e: <http://example.org/> ."
                "e:a a s:Concept . e:A a s:Concept ."
            ),
            "several concepts would be called a",
        ),
        (
            "ttl",
            (
                "@prefix s: <http://www.w3.org/2004/02/skos/core#> . @prefix e: <http://example.org/> ."
                "e:a a s:Concept ; s:broader e:b, e:c ."
            ),
            "'a' stands below b, c; one is allowed",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(form, content, complaint):
    with pytest.raises(UnreadableSkosError) as error:
        read_skos(content.encode(), form=form)
    assert str(error.value).startswith(complaint)


def test_no_file_of_this_machine_is_read_into_rdf_xml(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish", encoding="utf-8")
    content = f"""<?xml version="1.0"?>
        <!DOCTYPE r [<!ENTITY s SYSTEM "{secret.as_uri()}">]>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
                 xmlns:skos="http://www.w3.org/2004/02/skos/core#">
          <skos:Concept rdf:about="http://example.org/tea">
            <skos:prefLabel xml:lang="en">tea &s;</skos:prefLabel>
          </skos:Concept>
        </rdf:RDF>"""
    (tea,) = read_skos(content.encode(), form="rdf")
    assert tea.labels == {"en": ("tea",)}


def test_the_ending_of_the_name_decides_the_form():
    assert [form_of(PurePath(name)) for name in ("a.ttl", "b.RDF", "c.jsonld")] == ["ttl", "rdf", "jsonld"]
    with pytest.raises(ValueError, match=r"^a\.xlsx: the name must end in \.ttl, \.rdf, \.jsonld$"):
        form_of(PurePath("a.xlsx"))
