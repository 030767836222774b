"""The words that people read: rules of German, Chinese and the glossary that a machine can judge."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from kontor.accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kontor"
HAN = "\u4e00-\u9fff"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%d|%%")

# (msgid, translation), a § for each placeholder, so that a rule judges words alone.
Text = tuple[str, str]


def texts(language: str) -> Iterator[Text]:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            yield from (
                (PLACEHOLDER.sub("§", msgid), PLACEHOLDER.sub("§", form)) for form in forms if msgid and form
            )


GERMAN = list(texts("de"))
CHINESE = list(texts("zh_Hans"))


def broken(pairs: list[Text], rule: str) -> list[str]:
    return [text for _msgid, text in pairs if re.search(rule, text)]


def test_there_are_texts_to_judge() -> None:
    assert (len(GERMAN) > 800, len(CHINESE) > 800) == (True, True)


@pytest.mark.parametrize("pairs", [GERMAN, CHINESE], ids=["de", "zh"])
def test_nobody_is_shouted_at(pairs: list[Text]) -> None:
    assert broken([*pairs, *((text, text) for text, _translation in pairs)], "[!！]") == []


# ── German ───────────────────────────────────────────────────────────────────────────────────────


def test_german_says_sie() -> None:
    assert broken(GERMAN, r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|[Ee]uch|[Ee]ure?[mnrs]?)\b") == []


def test_german_quotes_in_german_quotation_marks() -> None:
    assert broken(GERMAN, "[\"”]|(?<!\\w)'|'(?!\\w)") == []
    assert [text for _msgid, text in GERMAN if text.count("„") != text.count("“")] == []


def test_german_sets_no_space_before_punctuation_and_none_twice() -> None:
    assert broken(GERMAN, r" [,;:.?](?:\s|$)| {2}") == []


def test_german_writes_nothing_in_english() -> None:
    """A sentence is the same in both languages only by oversight; a single word may be."""
    assert [
        text for msgid, text in GERMAN if text == msgid and len(re.findall(r"[A-Za-z]{2,}", text)) > 1
    ] == []


@pytest.mark.parametrize(
    "word",
    [
        "Kennwort",
        "Email",
        "E-mail",
        "[Mm]eetings?",
        "Slots?",
        "Matches",
        "Token",
        "Benutzer",
        "User",
        "Login",
        "festgesetzt",
    ],
)
def test_german_uses_the_words_of_the_glossary_alone(word: str) -> None:
    assert broken(GERMAN, rf"\b{word}\b") == []


# ── Chinese ──────────────────────────────────────────────────────────────────────────────────────


def test_chinese_is_punctuated_in_full_width() -> None:
    assert (
        broken(
            CHINESE,
            rf"[{HAN}“”（）][,;:?.!](?!\w)|[,;?!][{HAN}]|[{HAN}]\(|\)[{HAN}]|[{HAN}]\"|\"[{HAN}]|\.\.\.",
        )
        == []
    )


def test_chinese_brackets_and_quotation_marks_come_in_pairs() -> None:
    assert [
        text
        for _msgid, text in CHINESE
        if (text.count("（"), text.count("“")) != (text.count("）"), text.count("”"))
    ] == []


def test_chinese_sets_no_space_between_its_characters_or_beside_its_punctuation() -> None:
    assert broken(CHINESE, rf"[{HAN}] +[{HAN}]|[，。：；、？）”] |[ ][，。：；、？（“]") == []


def test_chinese_sentences_end_as_the_english_ones_do() -> None:
    assert [
        text
        for msgid, text in CHINESE
        if re.search(r"[A-Za-z]{2}[^.]*\.$", msgid) and not text.endswith(("。", "。）", "§"))
    ] == []


def test_chinese_says_everything_in_chinese() -> None:
    """Numbers, times and products stay as they are; everything else has Chinese characters."""
    plain = {"§", "/ §", "§ / §", "§（§）", "§ §–§", *map(str, range(2, 13))}
    assert [text for _msgid, text in CHINESE if text not in plain and not re.search(f"[{HAN}]", text)] == []


def test_chinese_keeps_no_english_but_names_and_formats() -> None:
    names = {
        "Kontor",
        "jinan",
        "Atom",
        "DOCX",
        "JPEG",
        "ODT",
        "PNG",
        "WebP",
        "https",
        "PDF",
        "vCard",
        "pdf",
        "XLSX",
        "CSV",
        "UTF",
        "SKOS",
        "MB",
        "PIN",
        "JavaScript",
        "Cookie",
        "Excel",
        "Word",
        "kontor",
        "worker",
        "de",  # as people type a pair of languages into a list
        "zh",
    }
    words = {word for _msgid, text in CHINESE for word in re.findall(r"[A-Za-z]{2,}", text)}
    assert words - names == set()


@pytest.mark.parametrize(
    "word", ["拒绝", "合伙人", "末日", "您好，欢迎", "用户", "会议桌", "译员", "見", "請", "會"]
)
def test_chinese_avoids_words_that_are_hard_or_wrong(word: str) -> None:
    assert broken(CHINESE, word) == []


# ── the glossary ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("english", "german", "chinese"),
    [
        (r"\binterpreters?\b", "olmetsch|Einsatzpl", "翻译"),
        (r"\btime slots?\b", "Zeitfenster", "时段"),
        (r"\bparticipants?\b", "eilnehm|Person", "参会者|洽谈代表|此人|§"),
        (r"\bmeeting plan\b", "Gesprächsplan", "洽谈计划|尚未发布"),
        (r"\bplanning run\b", "Planungslauf", "编排"),
        (r"\bdrafts?\b", "Entw[uü]rf", "草案"),
        (r"\bbooths?\b", "St[aä]nd", "展位"),
        (r"\bhalls?\b", "Halle", "会场"),
        (r"\bgaps?\b", "Lücke", "空档"),
        (r"\bsample\b", "Beispiel", "示例"),
        (r"\borganisers?\b", "Organis|Veranstalt", "组委会"),
        (r"\bdeclined?\b", "[Aa]blehn|[Aa]bgelehnt", "婉拒"),
        (r"\bpasskeys?\b", "Passkey|ihm", "通行密钥|请为其"),
        (r"\brecovery codes?\b", "Wiederherstellungscode", "恢复码"),
    ],
)
def test_one_thing_has_one_word(english: str, german: str, chinese: str) -> None:
    for pairs, word in ((GERMAN, german), (CHINESE, chinese)):
        meant = [(msgid, text) for msgid, text in pairs if re.search(english, msgid, re.IGNORECASE)]
        assert meant != []
        assert [text for _msgid, text in meant if not re.search(word, text)] == []


def glossary() -> list[list[str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if len(row) == 5 and row[0] != "In the code"]


def test_the_glossary_names_what_the_code_has() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    words = set(re.findall(r"\w+", code))
    named = {
        part for row in glossary() for name in re.findall(r"`([^`]+)`", row[0]) for part in name.split(".")
    }
    assert len(named) > 30
    assert named - words == set()


def test_the_glossary_gives_every_word_in_three_languages() -> None:
    assert [row for row in glossary() if not all(row)] == []
    assert [row[3] for row in glossary() if not re.search(f"[{HAN}]", row[3])] == []


# ── the pages and sentences of Django and allauth ────────────────────────────────────────────────

SIGN_IN = {"de": "Anmelden", "en": "Sign in", "zh-hans": "登录"}


@pytest.mark.parametrize("language", SIGN_IN)
@pytest.mark.parametrize(
    "path",
    ["login/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/", "signup/", "inactive/"],
)
@pytest.mark.django_db
def test_the_doors_speak_our_words_on_our_pages(client: Client, language: str, path: str) -> None:
    page = unescape(client.get(f"/{language}/accounts/{path}").content.decode())
    assert page.count("<h1>") == 1
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else language}">' in page
    assert (
        re.findall(r"\b(?:[Dd]ein\w*|[Dd]u|registrier\w*)\b|sign up|email", re.sub(r"<[^>]+>", " ", page))
        == []
    )


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("de", ["Passwort ändern", "Passkeys und Einmalcodes", "Passkeys", "Sind Sie es?", "Abmelden"]),
        ("en", ["Change password", "Passkeys and one-time codes", "Passkeys", "Is it you?", "Sign out"]),
        ("zh-hans", ["修改密码", "通行密钥和一次性验证码", "通行密钥", "身份确认", "退出登录"]),
    ],
)
@pytest.mark.django_db
def test_the_pages_of_ones_own_account_have_our_headings(
    client: Client, language: str, headings: list[str]
) -> None:
    user = User.objects.create_user("reader@example.org", "a long password", language=language)
    client.force_login(user)
    paths = ["password/change/", "2fa/", "2fa/webauthn/", "reauthenticate/", "logout/"]
    pages = [client.get(f"/{language}/accounts/{path}").content.decode() for path in paths]
    assert [re.findall(r"<h1>([^<]*)</h1>", page) for page in pages] == [[heading] for heading in headings]


@pytest.mark.parametrize("language", SIGN_IN)
@pytest.mark.django_db
def test_a_wrong_password_is_refused_in_the_readers_language(client: Client, language: str) -> None:
    page = client.post(f"/{language}/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    words = {
        "de": "E-Mail-Adresse oder Passwort stimmt nicht.",
        "en": "The e-mail address or the password is wrong.",
        "zh-hans": "电子邮箱或密码不正确。",
    }
    assert re.findall(r'role="alert"><p>([^<]+)</p>', page.content.decode()) == [words[language]]


@pytest.mark.parametrize(
    ("language", "required", "too_short"),
    [
        (
            "de",
            "Diese Angabe fehlt noch.",
            "Dieses Passwort ist zu kurz. Es muss mindestens %d Zeichen haben.",
        ),
        ("zh-hans", "请填写此项。", "密码太短，至少需要 %d 个字符。"),
    ],
)
def test_our_words_replace_those_of_packages(language: str, required: str, too_short: str) -> None:
    one = "This password is too short. It must contain at least %d character."
    with override(language):
        assert _("This field is required.") == required
        assert ngettext(one, one.replace("character", "characters"), 10) == too_short


def test_the_packages_still_say_what_we_replace() -> None:
    modules = (
        "django.core.validators",
        "django.forms.fields",
        "django.forms.models",
        "django.contrib.auth.password_validation",
        "allauth.account.adapter",
        "allauth.account.forms",
        "allauth.mfa.adapter",
    )
    sources = [
        Path(importlib.import_module(name).__file__ or "").read_text(encoding="utf-8") for name in modules
    ]
    said = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    rows = json.loads((SOURCE / "locale" / "borrowed.json").read_text(encoding="utf-8"))
    replaced = {text for row in rows for text in row.values()}
    assert len(replaced) > 30
    assert replaced - said == set()
