"""People read what a job does, not what its function is called."""

from inspect import signature

import pytest
from django.utils.translation import override

from kontor.jobs.models import Job
from kontor.jobs.registry import tasks
from kontor.jobs.words import FIELD_WORDS, JOB_WORDS, field_words, job_words


def test_every_kind_of_job_has_words_and_no_words_are_left_over() -> None:
    ours = {name for name, task in tasks().items() if task.function.__module__.startswith("kontor.")}
    assert set(JOB_WORDS) == ours


def test_every_argument_of_a_job_has_words() -> None:
    ours = [task.function for task in tasks().values() if task.function.__module__.startswith("kontor.")]
    given = {name for function in ours for name in list(signature(function).parameters)[1:]}
    assert given - set(FIELD_WORDS) == set()


def test_a_list_of_texts_is_shown_without_brackets() -> None:
    texts = [["a1", "de"], ["b2", "zh"]]
    with override("en"):
        assert field_words({"texts": texts}) == [("Texts to translate", "a1 de, b2 zh")]


@pytest.mark.parametrize(
    ("language", "words", "placed"),
    [
        ("en", "Search a meeting plan", "Meetings placed"),
        ("de", "Gesprächsplan suchen", "Untergebrachte Gespräche"),
        ("zh-hans", "生成洽谈计划", "已安排洽谈"),
    ],
)
def test_job_and_figures_are_said_in_the_language_of_the_reader(
    language: str, words: str, placed: str
) -> None:
    with override(language):
        assert job_words(Job(name="meetings.plan_event")) == words
        assert field_words({"placed": 3, "unheard_of": 1}) == [(placed, "3"), ("unheard_of", "1")]


def test_values_are_said_in_the_language_of_the_reader() -> None:
    with override("de"):
        assert field_words({"is_planned": True, "people": 2000, "stage": "done"}) == [
            ("Mit Plan", "ja"),
            ("Personen", "2.000"),
            ("Schritt", "erledigt"),
        ]


def test_a_job_of_an_unknown_kind_keeps_its_name() -> None:
    assert job_words(Job(name="trial.unknown")) == "trial.unknown"
