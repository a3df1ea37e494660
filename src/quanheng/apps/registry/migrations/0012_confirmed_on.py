"""How fresh the file of an entity is."""

import django.db.models.functions.comparison
from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_assignments'),
        ('registry', '0011_changed_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='entity',
            name='seen_on',
            field=models.DateField(blank=True, null=True, verbose_name='最近核对日期'),
        ),
        migrations.AddField(
            model_name='entity',
            name='confirmed_on',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Greatest('seen_on', models.Func('registered_at', template="(timezone('Asia/Shanghai', %(expressions)s))::date")), output_field=models.DateField(), verbose_name='最近确认日期'),
        ),
        migrations.AddIndex(
            model_name='entity',
            index=models.Index(condition=models.Q(('state', 'confirmed')), fields=['area', 'confirmed_on'], name='entity_stale'),
        ),
    ]
