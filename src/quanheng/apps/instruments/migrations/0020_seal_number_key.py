"""The key of a seal's number as a column: an index on a function is not used under row-level security."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('instruments', '0019_proposed_changes'),
        ('registry', '0006_reveal_count'),
    ]

    operations = [
        migrations.AddField(
            model_name='seal',
            name='number_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func('number', function='seal_key'), output_field=models.TextField(), verbose_name='铅封编号检索值'),
        ),
        migrations.AddIndex(
            model_name='seal',
            index=models.Index(condition=models.Q(('broken_on__isnull', True)), fields=['number_key'], name='seal_number_key'),
        ),
    ]
