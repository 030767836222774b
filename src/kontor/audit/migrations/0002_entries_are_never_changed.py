"""The database refuses to change what was recorded; only the reference to an erased user may become empty.

SQLite loses triggers when a later migration rebuilds the table: such a migration runs `forbid_changes` again, and a
test looks whether the rule still holds after all migrations. Deleting stays possible for retention and erasure.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = {
    "audit_entry": ["action", "subject_type", "subject_id", "event", "data", "at"],
    "audit_disclosure": ["how", "fields", "subject_type", "subject_id", "num_people", "event", "at"],
}


def forbid_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table, columns in KEPT.items():
        listed = ", ".join(f'"{column}"' for column in columns)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f'CREATE TRIGGER {table}_is_kept BEFORE UPDATE OF {listed} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            schema_editor.execute(
                f'CREATE TRIGGER {table}_is_kept BEFORE UPDATE OF {listed} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_is_kept()"
            )


def allow_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in KEPT:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_is_kept")
        else:
            schema_editor.execute(f'DROP TRIGGER {table}_is_kept ON "{table}"')
            schema_editor.execute(f"DROP FUNCTION {table}_is_kept()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
