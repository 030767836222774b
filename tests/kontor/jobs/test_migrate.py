"""Migrations: a model that joins those that are there is as Django would have made it, and so are its relatives."""

from django.core.management import get_commands
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from kontor.jobs.management.commands.migrate import GrowingState


def history(state: ProjectState) -> ProjectState:
    """A few steps as migrations take them, after the first of which the models are made."""
    key = ("id", models.BigAutoField(primary_key=True))
    person = models.ForeignKey("trial.Person", models.CASCADE, related_name="meetings")
    state.add_model(ModelState("trial", "Person", [key, ("name", models.CharField(max_length=9))]))
    assert state.apps.get_models()
    state.add_model(ModelState("trial", "Meeting", [key, ("person", person)]))
    guests = models.ManyToManyField("trial.Person", related_name="invited")
    state.add_model(ModelState("other", "Dinner", [key, ("meeting", person.clone()), ("guests", guests)]))
    state.add_model(ModelState("other", "Gala", [], bases=("other.Dinner",), options={"proxy": True}))
    state.add_field(
        "trial", "person", "host", models.ForeignKey("self", models.CASCADE, null=True), preserve_default=True
    )
    state.alter_field("trial", "person", "name", models.CharField(max_length=20), preserve_default=True)
    state.remove_field("trial", "meeting", "person")
    return state


def seen(state: ProjectState) -> dict[str, object]:
    return {
        model._meta.label: (
            [(field.name, field.deconstruct()) for field in model._meta.get_fields() if field.concrete],
            sorted((one.name, one.related_model._meta.label) for one in model._meta.related_objects),
            model.__mro__[1].__name__,
        )
        for model in state.apps.get_models(include_auto_created=True)
    }


def test_models_that_join_are_those_that_django_makes_anew() -> None:
    assert seen(history(GrowingState())) == seen(history(ProjectState()))


def test_a_copy_from_before_keeps_what_it_knew() -> None:
    state = GrowingState()
    state.add_model(ModelState("trial", "Person", [("id", models.BigAutoField(primary_key=True))]))
    before = state.apps.get_models()
    copy = state.clone()
    state.add_model(ModelState("trial", "Meeting", [("id", models.BigAutoField(primary_key=True))]))
    assert [model.__name__ for model in copy.apps.get_models()] == [model.__name__ for model in before]


def test_the_site_migrates_so() -> None:
    assert get_commands()["migrate"] == "kontor.jobs"
