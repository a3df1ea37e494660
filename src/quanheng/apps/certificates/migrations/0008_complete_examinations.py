"""What was sent to the bench is kept, with the clause by which it holds less than its template."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certificates", "0007_reminder_indexes")]

    operations = [
        migrations.AddField(
            "examination", "readings", models.JSONField(default=dict, verbose_name="原始数据")
        ),
        migrations.AddField(
            "examination", "allowance",
            models.JSONField(blank=True, default=dict, verbose_name="少检条款"),
        ),
    ]  # fmt: skip
