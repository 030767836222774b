"""`migrate`, as Django has it, in half the time: it makes a new model without making all of its relatives anew.

They need not know of it to be written to the database, and there are some hundred of them; the tables are the same.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class GrowingState(ProjectState):
    """The models as they are after some migrations."""

    def add_model(self, model_state: ModelState) -> None:
        """Nothing that is there refers to a new model yet: it joins, and Django tells those to which it refers."""
        apps = self.__dict__.pop("apps", None)  # where there are none, Django makes nothing anew
        super().add_model(model_state)
        if apps is not None:
            apps.render_multiple([model_state])
            self.__dict__["apps"] = apps


class Executor(MigrationExecutor):
    """Applies migrations to such a state."""

    def _migrate_all_forwards(self, state: ProjectState, *arguments: Any, **named: Any) -> ProjectState:
        growing = GrowingState(models=state.models, real_apps=state.real_apps)
        return super()._migrate_all_forwards(growing, *arguments, **named)  # type: ignore[misc,no-any-return]


class Command(migrate.Command):
    """Django's command with this executor."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]
        super().handle(*arguments, **options)
