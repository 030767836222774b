"""What people type, in three languages and many spellings, and what they find first; the same on both databases."""

import pytest

from kontor.search.queries import search
from kontor.search.registry import PUBLIC

from .conftest import Network

ANYBODY = (PUBLIC,)

QUERIES = [
    # across languages, through a concept
    ("功率半导体", "quanxin"),
    ("Leistungshalbleiter", "quanxin"),
    ("power semiconductors", "quanxin"),
    ("功率半導體", "quanxin"),  # traditional characters
    ("电力电子", "elbtal"),
    ("power electronics", "elbtal"),
    ("Leistungselektronik", "elbtal"),
    ("洁净室", "cleanroom"),
    ("clean room", "cleanroom"),
    ("Faserlaser", "laser"),
    ("光纤激光器", "laser"),
    ("Temperatursensor", "sensors"),
    ("温度传感器", "sensors"),
    ("Industrieroboter", "robots"),
    ("industrial robots", "robots"),
    ("压力传感器", "sicily"),
    ("Lithium-Ionen-Batterie", "batteries"),
    ("lithium-ion battery", "batteries"),
    ("medical technology", "hospital"),
    ("医疗技术", "hospital"),
    ("人工智能", "software"),
    # spellings of words in Latin letters
    ("Universitaet", "university"),
    ("Universität", "university"),
    ("universitat", "university"),
    ("TU Elbtal", "university"),
    ("Moebius", "cleanroom"),
    ("Mobius", "cleanroom"),
    ("Strauss", "software"),
    ("saechsische schweiz", "hospital"),
    # names of people
    ("Lu", "lyu"),
    ("Lü", "lyu"),
    ("Lv", "lyu"),
    ("LYU", "lyu"),
    ("吕", "lyu"),
    ("呂建濤", "lyu"),
    ("lvjiantao", "lyu"),
    ("Lü Jian Tao", "lyu"),
    ("shan ling", "shan"),
    ("ouyang", "ouyang"),
    ("Mueller", "mueller"),
    ("Muller Juergen", "mueller"),
    # names in characters, by their sound, by their initials
    ("泉芯", "quanxin"),
    ("quanxin", "quanxin"),
    ("quan xin", "quanxin"),
    ("jinanquanxin", "quanxin"),
    ("jnqx", "quanxin"),
    ("zhixing jiqiren", "robots"),
    # other names
    ("Hightech-Zone Jinan", "zone"),
    ("济南高新区", "zone"),
    ("Jinan Innovation Zone", "zone"),
    ("Shangdong", "province"),
    ("German Center Jinan", "office"),
    # places
    ("Catania", "sicily"),
    ("weifang", "batteries"),
    ("意大利", "sicily"),
    ("Sensoren Finnland", "sensors"),
    ("Leistungselektronik Dresden", "elbtal"),
    # other kinds
    ("Silicon Elbtal", "cluster"),
    ("硅易北谷", "cluster"),
    ("forum-2018", "forum"),
    ("Chemnitz", "site"),
    ("开姆尼茨", "site"),
]


@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
def test_what_is_found_first(network: Network, language: str) -> None:
    """At least forty queries in each of three interface languages."""
    answers = {}
    for text, _expected in QUERIES:
        hits = search(text, audiences=ANYBODY, language=language).hits
        answers[text] = network.names[hits[0].key] if hits else "nothing"
    assert len(QUERIES) >= 40
    assert {text: (answers[text], expected) for text, expected in QUERIES if answers[text] != expected} == {}
