"""The rows of the index, and beside them what each database needs to find tokens quickly.

A later migration that makes SQLite copy the table (most changes of a column do) has to create the triggers anew.
"""

import kontor.i18n.fields
import kontor.i18n.text
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# detail=none, columnsize=0: only whether a row holds a token; our own worth decides the order, alike on both databases.
SQLITE = [
    """CREATE VIRTUAL TABLE search_tokens USING fts5(
        tokens, content='search_searchrow', content_rowid='id', detail=none, columnsize=0, prefix='2 3 4 5',
        tokenize="unicode61 remove_diacritics 0 tokenchars '-_:'")""",
    """CREATE TRIGGER search_row_added AFTER INSERT ON search_searchrow BEGIN
        INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
    """CREATE TRIGGER search_row_removed AFTER DELETE ON search_searchrow BEGIN
        INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    END""",
    """CREATE TRIGGER search_row_changed AFTER UPDATE OF tokens ON search_searchrow BEGIN
        INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
]
# array_to_tsvector takes the tokens as they are: to_tsvector('simple', …) would cut them at their hyphens and colons.
POSTGRESQL = [
    """ALTER TABLE search_searchrow ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED""",
    # the planner has to know how frequent tokens are, of which there are many
    "ALTER TABLE search_searchrow ALTER COLUMN vector SET STATISTICS 1000",
    "CREATE INDEX search_rows_by_token ON search_searchrow USING gin (vector)",
]


def add_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_tokens")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SearchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=24)),
                ('language', models.CharField(max_length=2)),
                ('audience', models.CharField(max_length=40)),
                ('title', kontor.i18n.fields.TextField(default=kontor.i18n.text.Text)),
                ('sort_key', models.CharField(max_length=60)),
                ('names', models.JSONField(default=list)),
                ('place', kontor.i18n.fields.TextField(default=kontor.i18n.text.Text)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('category', models.CharField(blank=True, max_length=20)),
                ('address', models.JSONField(default=list)),
                ('is_sample', models.BooleanField(default=False)),
                ('tokens', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'language', 'audience'), name='one_row_per_language_and_audience')],
            },
        ),
        migrations.RunPython(add_index, remove_index),
    ]
