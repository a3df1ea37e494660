"""Who keeps the accounts of an entity or an agency, and roles that open nothing for a time."""

from django.db import migrations, models

OF_ENTITIES = ("market_operator", "instrument_user", "repairer")


def whoever_acts_for_an_entity_keeps_its_accounts(apps, schema_editor):
    """Until now nobody was set over anybody: they all may, and hand it over among themselves."""
    apps.get_model("accounts", "Appointment").objects.filter(role__in=OF_ENTITIES).update(is_chief=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_kept_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='is_chief',
            field=models.BooleanField(default=False, verbose_name='账号负责人'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='suspended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='停用时间'),
        ),
        migrations.RunPython(whoever_acts_for_an_entity_keeps_its_accounts, migrations.RunPython.noop),
    ]
