"""The vocabulary that is shipped: its size, its shape, and that it knows what the organisers named."""

from collections import Counter

import pytest

from kontor.topics.analysis import find_concepts, vocabulary
from kontor.topics.vocabulary import LANGUAGES

NAMED_BY_THE_ORGANISERS = (
    ("Mikroelektronik", "microelectronics", "微电子"),
    ("Sensoren", "sensors", "传感器"),
    ("Software", "software development", "软件开发"),
    ("Smart Systems", "smart systems", "智能系统"),
    ("Industrie 4.0", "Industry 4.0", "工业4.0"),
    ("Künstliche Intelligenz", "artificial intelligence", "人工智能"),
    ("Big Data", "big data", "大数据"),
    ("Smart Factory", "intelligent manufacturing", "智能制造"),
    ("Personalwesen", "human resources", "人力资源"),
    ("Lebenswissenschaften", "life sciences", "生命科学"),
    ("Photonik", "photonics", "光电技术"),
    ("Lasertechnik", "laser technology", "激光技术"),
    ("Automobilindustrie", "automotive industry", "汽车工业"),
    ("Energietechnik", "energy technology", "能源技术"),
    ("Umwelttechnik", "environmental technology", "环保技术"),
    ("Steuerberatung", "tax advice", "税务咨询"),
    ("Markteintritt", "market entry", "市场进入"),
    ("Logistik", "logistics", "物流"),
    ("Lebensmittel", "food", "食品"),
    ("Bildung", "education", "教育"),
    ("Kultur", "culture", "文化"),
)


def test_it_is_as_large_and_as_deep_as_promised():
    levels = Counter(len(vocabulary().path(concept.id)) for concept in vocabulary())
    assert levels.keys() == {1, 2, 3}
    assert levels[1] >= 14
    assert levels[2] >= 150
    assert levels.total() >= 3_500
    assert sum(1 for concept in vocabulary() if concept.related) > 900


def test_most_concepts_have_alternatives_in_every_language():
    for language in LANGUAGES:
        alone = sum(len(concept.labels[language]) == 1 for concept in vocabulary())
        assert alone < 0.1 * len(vocabulary())


@pytest.mark.parametrize("words", NAMED_BY_THE_ORGANISERS)
def test_what_the_organisers_named_is_known_in_three_languages(words):
    found = [{concept.concept_id for concept in find_concepts(word)} for word in words]
    fields = [{vocabulary().path(name)[0].id for name in names} for names in found]
    assert fields[0] & fields[1] & fields[2]


@pytest.mark.parametrize(
    ("elsewhere", "mainland"),
    [
        ("扩增实境", "增强现实"),
        ("蒙地卡罗方法", "蒙特卡罗方法"),
        ("軟體開發", "软件开发"),
        ("雷射", "激光"),
        ("晶片", "芯片"),
    ],
)
def test_words_of_taiwan_and_hong_kong_name_the_same_concept(elsewhere, mainland):
    (there,), (here,) = find_concepts(elsewhere), find_concepts(mainland)
    assert there.concept_id == here.concept_id
