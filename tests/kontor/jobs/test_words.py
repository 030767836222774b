"""People read what a job does, not what its function is called."""

import pytest
from django.utils.translation import override

from kontor.jobs.models import Job
from kontor.jobs.registry import tasks
from kontor.jobs.words import JOB_WORDS, field_words, job_words


def test_every_kind_of_job_has_words_and_no_words_are_left_over() -> None:
    ours = {name for name, task in tasks().items() if task.function.__module__.startswith("kontor.")}
    assert set(JOB_WORDS) == ours


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
        assert field_words({"placed": 3, "unheard_of": 1}) == [(placed, 3), ("unheard_of", 1)]


def test_a_job_of_an_unknown_kind_keeps_its_name() -> None:
    assert job_words(Job(name="trial.unknown")) == "trial.unknown"
