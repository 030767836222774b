"""A small vocabulary and a few profiles that meet across the languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kontor_engines.matching import Lexicon, Profile, WordLists, compile_lexicon


@dataclass(frozen=True, kw_only=True)
class Concept:
    """As much of a concept as the engine asks for."""

    id: str
    broader: str | None
    labels: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...] = ()
    hint: Mapping[str, str] = field(default_factory=dict)


def concept(name, broader, de, en, zh, *, related=(), hint=None):
    labels = {"de": tuple(de.split("|")), "en": tuple(en.split("|")), "zh": tuple(zh.split("|"))}
    return Concept(id=name, broader=broader, labels=labels, related=related, hint=hint or {})


CONCEPTS = (
    concept("electronics", None, "Elektronik", "electronics", "电子"),
    concept("power-electronics", "electronics", "Leistungselektronik", "power electronics", "电力电子"),
    concept(
        "power-semiconductor",
        "power-electronics",
        "Leistungshalbleiter|Leistungs-Halbleiter-Bauelement",
        "power semiconductor",
        "功率半导体",
        related=("power-converter",),
    ),
    concept("power-converter", "power-electronics", "Stromrichter", "power converter", "变流器"),
    concept("choke", "power-electronics", "Drossel", "choke", "扼流圈"),
    concept("measurement", None, "Messtechnik|Messung", "measurement technology|metrology", "测量技术"),
    concept("control", "measurement", "Regelungstechnik|Regeltechnik", "control engineering", "控制工程"),
    concept("laser-welding", "measurement", "Laserschweißen", "laser welding", "激光焊接"),
    concept("led", "electronics", "Leuchtdiode|LED", "light-emitting diode|LED", "发光二极管|LED"),
    concept(
        "filling-level",
        "measurement",
        "Füllstandmessung|Deutschkurs|Kosmetikum|Prisma|Forschungszentrum|Automatismus|Fotografie",
        "level measurement",
        "物位测量",
    ),
    concept("laser", "measurement", "Laserquelle", "laser source", "激光"),
    concept("welding-research", "measurement", "Schweißforschung", "welding research", "焊接研发"),
    concept("copper", "measurement", "Kupfer", "copper", "铜"),
    concept("software", None, "Software", "software", "软件"),
    concept("ai", "software", "Künstliche Intelligenz|KI", "artificial intelligence|AI", "人工智能|AI"),
    concept("customer-care", "software", "Kundenpflege", "customers", "寻找客户"),
    concept("can-bus", "software", "CAN-Bus|CAN", "CAN bus|CAN", "CAN总线"),
    concept("actuator", "electronics", "Aktor|Aktuator", "actuator", "执行器"),
    concept("it-security", "software", "IT-Sicherheit", "IT security", "国产"),
    concept("tyre", "measurement", "Reifen", "tyre", "轮胎"),
    concept("test-bench", "measurement", "Prüfstand", "test bench", "试验台"),
    concept("trade-fair", "measurement", "Messe", "trade fair", "展会"),
    concept("knife", "measurement", "Messer", "knife|lens", "刀具"),
    concept("station", "measurement", "Station|System|Prozess", "station", "站点"),
    concept(
        "cell-battery",
        "electronics",
        "Batteriezelle",
        "cell|battery cell",
        "电芯",
        hint={"en": "battery energy"},
    ),
    concept(
        "cell-biology", "measurement", "Zelle", "cell|living cell", "细胞", hint={"en": "biology tissue"}
    ),
)


def lists(function="", quiet="", generic="", negation=""):
    return WordLists(
        function=frozenset(function.split()),
        quiet=frozenset(quiet.split()),
        generic=frozenset(generic.split()),
        negation=frozenset(negation.split()),
    )


WORDS = {
    "de": lists(
        "die der das und wir mit für an can", "suchen bieten kunden", "lösungen", "kein keine nicht ohne"
    ),
    "en": lists("the and we of for can it", "seek offer customers", "solutions", "no not without"),
    "zh": lists("的 和 与", "我们 提供 寻找 主营 客户", "研发 解决方案", "不需要"),
}
GERMAN = "Schnee", "Steuer", "größe", "UFO"
SIMPLIFY = {"電": "电", "軟": "软", "體": "体", "導": "导"}


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """Electronics, measurement and software, with one shared label ("cell") and one label of one character (铜)."""
    return compile_lexicon(
        CONCEPTS, words=WORDS, simplify=SIMPLIFY, german=GERMAN, variants={"软件": ("軟體",)}
    )


@pytest.fixture
def firms() -> list[Profile]:
    """A German firm and a Chinese one that need each other, an English one that only takes, and an idle one."""
    return [
        Profile(
            id="d", language="de", offers="Wir bieten Leistungshalbleiter.", seeks="Wir suchen Software."
        ),
        Profile(id="z", language="zh", offers="我们提供軟體和人工智能", seeks="我们寻找功率半导体"),
        Profile(id="e", language="en", offers="laser welding", seeks="power electronics"),
        Profile(id="n", language="en"),
    ]
