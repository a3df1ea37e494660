"""The middle of a name is found: its endings as rows of their own, kept by a trigger, filled for what stands."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from quanheng.kit.scope import row_security

SQL = Path(__file__).parents[1] / "sql"
FUNCTIONS = (SQL / "entity_words.sql").read_text("utf-8") + (SQL / "entity_words_follow.sql").read_text("utf-8")
TRIGGERS = """
INSERT INTO registry_entityword (entity_id, root_id, area_id, word)
SELECT e.id, coalesce(e.root_id, e.id), e.area_id, w FROM registry_entity e, entity_words(e.name) w WHERE e.kind <> 'stall';
CREATE TRIGGER entity_words_in AFTER INSERT ON registry_entity
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION entity_words_follow();
CREATE TRIGGER entity_words_out AFTER DELETE ON registry_entity
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION entity_words_follow();
CREATE TRIGGER entity_words_changed AFTER UPDATE ON registry_entity
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION entity_words_follow();
"""
AWAY = """
DROP TRIGGER entity_words_in ON registry_entity;
DROP TRIGGER entity_words_out ON registry_entity;
DROP TRIGGER entity_words_changed ON registry_entity;
DROP FUNCTION entity_words_follow();
DROP FUNCTION entity_words(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_assignments'),
        ('registry', '0009_filed_repairers'),
    ]

    operations = [
        migrations.CreateModel(
            name='EntityWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=20, verbose_name='名称片段')),
            ],
            options={
                'verbose_name': '主体名称片段',
            },
        ),
        migrations.RemoveIndex(
            model_name='entity',
            name='entity_name',
        ),
        migrations.AddIndex(
            model_name='entity',
            index=models.Index(fields=['name', 'area'], name='entity_by_name'),
        ),
        migrations.AddIndex(
            model_name='entity',
            index=models.Index(condition=models.Q(('kind', 'stall')), fields=['stall_number', 'area'], name='entity_by_stall'),
        ),
        migrations.AddField(
            model_name='entityword',
            name='area',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.area', verbose_name='行政区划'),
        ),
        migrations.AddField(
            model_name='entityword',
            name='entity',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.entity', verbose_name='主体'),
        ),
        migrations.AddField(
            model_name='entityword',
            name='root',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.entity', verbose_name='顶层主体'),
        ),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, AWAY),
        migrations.RunSQL(
            *row_security("registry_entityword", area="area_id", entity="entity_id", root="root_id")
        ),
        migrations.AddIndex(
            model_name='entityword',
            index=models.Index(fields=['word', 'area'], name='entity_word'),
        ),
        migrations.AddIndex(
            model_name='entityword',
            index=models.Index(fields=['entity'], name='entity_word_of'),
        ),
    ]
