"""How fresh the ledger's word for an instrument is: one generated column, and the index of what is stale."""

import django.db.models.functions.comparison
from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_assignments'),
        ('instruments', '0036_changed_at'),
        ('registry', '0012_confirmed_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='instrument',
            name='seen_on',
            field=models.DateField(blank=True, null=True, verbose_name='最近核对日期'),
        ),
        migrations.AddField(
            model_name='instrument',
            name='confirmed_on',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Greatest('seen_on', 'verified_on', models.Func('registered_at', template="(timezone('Asia/Shanghai', %(expressions)s))::date")), output_field=models.DateField(), verbose_name='最近确认日期'),
        ),
        migrations.AddIndex(
            model_name='instrument',
            index=models.Index(fields=['area', 'confirmed_on'], name='instrument_stale'),
        ),
    ]
