"""The pages of the vocabulary: open to everybody, the same in three languages, and what happens to proposed labels."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.topics.models import LabelProposal
from kontor.topics.skos import FORMS, read_skos
from kontor.topics.views import data

pytestmark = pytest.mark.django_db

TOPIC = "/en/topics/power-mosfet/"
PROPOSE = f"{TOPIC}propose/"
LIST = "/en/operate/labels/"


@pytest.mark.parametrize(
    ("language", "field", "topic"),
    [
        ("de", "Mikroelektronik", "Leistungs-MOSFET"),
        ("en", "Microelectronics", "power MOSFET"),
        ("zh-hans", "微电子", "功率MOSFET"),
    ],
)
def test_everybody_walks_from_the_fields_to_a_topic(language, field, topic, browse):
    visitor = browse()
    assert f">{field}<" in visitor.get(f"/{language}/topics/").content.decode()
    page = visitor.get(f"/{language}/topics/microelectronics/").content.decode()
    assert f'href="/{language}/topics/power-electronics/"' in page
    assert topic in page
    page = visitor.get(f"/{language}/topics/power-mosfet/").content.decode()
    for text in ("Leistungs-MOSFET", "power MOSFET", "功率MOSFET", "super-junction MOSFET"):
        assert text in page
    assert f'href="/{language}/topics/microelectronics/"' in page  # above
    assert f'href="/{language}/topics/transistor/"' in page  # beside
    assert 'lang="zh-Hans"' in page


def test_a_topic_leads_to_the_organisations_that_work_on_it(browse):
    page = browse().get(TOPIC).content.decode()
    assert "Power MOSFET" in page.partition("<h1>")[2].partition("</h1>")[0]
    assert 'href="/en/search/?q=power%20MOSFET&amp;kind=organisation">Find organisations</a>' in page


@pytest.mark.parametrize("question", ["Leistungs-MOSFET", "power MOSFETs", "功率MOSFET"])
def test_a_topic_is_found_by_its_words_in_any_language(question, browse):
    page = browse().get("/en/topics/", {"q": question}).content.decode()
    found = page[page.index('id="found"') : page.index("grid even")]
    assert 'href="/en/topics/power-mosfet/"' in found


@pytest.mark.parametrize("question", ["qqqq", "<script>", "\x00", "🦊" * 300])
def test_a_question_that_names_no_topic_is_answered_kindly(question, browse):
    page = browse().get("/en/topics/", {"q": question}).content.decode()
    assert "No topic found" in page
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["/en/topics/nothing/", "/topics/nothing.ttl", "/topics/mems.xlsx"])
def test_a_topic_that_is_not_there_is_not_found(path, browse):
    assert browse().get(path).status_code == 404


def test_the_address_of_a_concept_leads_to_its_page_in_the_readers_language(browse, stranger):
    visitor = browse()
    answer = visitor.get("/topics/mems/", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, answer["Location"]) == (302, "/zh-hans/topics/mems/")
    stranger.language = "de"
    stranger.save()
    assert browse(stranger).get("/topics/", headers={"Accept-Language": "zh"})["Location"] == "/de/topics/"


@pytest.mark.parametrize("form", FORMS)
def test_a_topic_can_be_downloaded_with_all_below(form, browse, settings):
    settings.ORIGIN = "https://kontor.example.org"
    answer = browse().get(f"/topics/mems.{form}")
    assert answer["Content-Type"] == FORMS[form].content_type
    assert answer["Content-Disposition"] == f'attachment; filename="mems.{form}"'
    assert b"https://kontor.example.org/topics/mems/" in answer.content
    found = {one.id: one for one in read_skos(answer.content, form=form)}
    assert found["accelerometer"].broader == "mems"
    assert "physical-sensors" not in found


def test_the_whole_vocabulary_is_made_once(browse, drinks, monkeypatch, tmp_path):
    monkeypatch.setenv("KONTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("kontor.topics.exports.vocabulary", lambda: drinks)
    first = browse().get("/topics/vocabulary.ttl")
    assert {one.id for one in read_skos(first.content, form="ttl")} == {"food", "drinks", "tea", "beer"}
    monkeypatch.setattr("kontor.topics.exports.write_skos", None)
    assert browse().get("/topics/vocabulary.ttl").content == first.content


@pytest.mark.parametrize(
    "path", ["/en/topics/", "/en/topics/?q=MOSFET", "/en/topics/microelectronics/", TOPIC, PROPOSE]
)
def test_pages_of_topics_cost_at_most_three_statements(path, browse, stranger):
    client = browse(stranger)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) <= 3


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def test_visitors_sign_in_before_they_propose(browse):
    answer = browse().get(PROPOSE)
    assert (answer.status_code, answer["Location"]) == (302, f"/en/accounts/login/?next={PROPOSE}")
    assert PROPOSE not in browse().get(TOPIC).content.decode()


def test_the_form_begins_with_the_language_of_its_reader(browse, stranger):
    page = browse(stranger).get(PROPOSE.replace("/en/", "/zh-hans/")).content.decode()
    assert '<option value="zh" selected>中文</option>' in page


def test_a_label_goes_from_a_person_over_the_operator_to_the_authors(browse, stranger, operator, now):
    client = browse(stranger)
    assert PROPOSE in client.get(TOPIC).content.decode()
    answer = client.post(
        PROPOSE, {"language": "zh", "label": "  功率金属氧化物半导体\u200b ", "note": "台湾"}
    )
    assert (answer.status_code, answer["Location"]) == (302, TOPIC)
    proposal = LabelProposal.objects.get()
    assert (proposal.concept_id, proposal.label, proposal.note, proposal.created_at) == (
        "power-mosfet",
        "功率金属氧化物半导体",
        "台湾",
        now,
    )
    assert "功率金属氧化物半导体" in client.get(TOPIC).content.decode()
    assert "功率金属氧化物半导体" not in browse().get(TOPIC).content.decode()

    office = browse(operator)
    decide = f"{LIST}{proposal.public_id}/decide/"
    page = office.get(LIST).content.decode()
    assert "功率金属氧化物半导体" in page
    assert decide in page
    assert office.post(decide, {"accept": ""})["Location"] == LIST
    assert "功率金属氧化物半导体" not in office.get(LIST).content.decode()
    assert "功率金属氧化物半导体" in office.get(f"{LIST}?state=accepted").content.decode()
    (label,) = read_skos(office.get(f"{LIST}accepted-labels.ttl").content, form="ttl")
    assert (label.id, label.labels) == ("power-mosfet", {"zh": ("功率金属氧化物半导体",)})
    office.post(decide, {"decline": ""})  # too late
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"language": "zh", "label": "功率MOSFET"}, "is already a label of this topic"),
        ({"language": "fr", "label": "MOSFET"}, "fr is not one of the available choices"),
        ({"language": "de", "label": "…"}, "A label needs at least one letter or digit."),
        ({"language": "de", "label": "x" * 81}, "at most 80 characters"),
        ({"language": "de"}, "This field is required."),
    ],
)
def test_an_unusable_label_is_refused_with_the_reason(fields, complaint, browse, stranger):
    answer = browse(stranger).post(PROPOSE, fields)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not LabelProposal.objects.exists()


@pytest.mark.parametrize("path", [LIST, f"{LIST}accepted-labels.ttl"])
def test_only_operators_decide(path, browse, stranger, mara, now):
    browse(stranger).post(PROPOSE, {"language": "de", "label": "MOS-Leistungsschalter"})
    proposal = LabelProposal.objects.get()
    for one in (stranger, mara):
        assert browse(one).get(path).status_code == 404
        assert browse(one).post(f"{LIST}{proposal.public_id}/decide/", {"accept": ""}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_proposal_for_a_topic_that_is_gone_can_still_be_looked_at(browse, stranger, operator):
    browse(stranger).post(PROPOSE, {"language": "de", "label": "MOS-Leistungsschalter"})
    LabelProposal.objects.update(concept_id="gone")
    office = browse(operator)
    assert "<code>gone</code>" in office.get(LIST).content.decode()
    assert office.get(f"{LIST}?state=odd").status_code == 404


def test_addresses_begin_with_the_origin_of_the_site(settings):
    settings.ORIGIN = "https://kontor.example.org"
    assert data.base() == "https://kontor.example.org/topics/"
