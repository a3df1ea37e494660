from django.db import migrations, models

# The only variant there was before indicators were declared: that of the verification rate.
VERSION = "UPDATE indicators_indicatorday SET variant_version = 'T1-2026.1' WHERE variant IS NOT NULL"

# The list behind its figures is named as every indicator's; what people saved of it stays theirs.
SAVED = "\n".join(
    f"UPDATE {table} SET list_key = 't1-rows' WHERE list_key = 'rate-rows';"
    for table in ("kit_savedview", "kit_columnchoice", "kit_exportjob")
)


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0003_with_declared'),
        ('kit', '0005_export_is_a_task'),
    ]

    operations = [
        migrations.RenameField('indicatorday', 'claimed', 'variant'),
        migrations.AlterField(
            model_name='indicatorday',
            name='variant',
            field=models.BigIntegerField(null=True, verbose_name='另一口径的分子'),
        ),
        migrations.AddField(
            model_name='indicatorday',
            name='variant_version',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='另一口径的版本'),
        ),
        migrations.RunSQL(VERSION, migrations.RunSQL.noop),
        migrations.RunSQL(SAVED, migrations.RunSQL.noop),
    ]
