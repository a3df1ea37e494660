"""What is in the log by name stays so; from now on the office's own acts are proved without being named."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Max


def count_named(apps: Any, _schema_editor: Any) -> None:
    last = apps.get_model("audit", "Leaf").objects.aggregate(last=Max("index"))["last"]
    if last is not None:
        apps.get_model("audit", "LogHead").objects.filter(pk=1).update(named_until=last + 1)


class Migration(migrations.Migration):
    dependencies = [("audit", "0011_confirming_and_voiding")]
    operations = [
        migrations.AddField(
            model_name="loghead",
            name="named_until",
            field=models.BigIntegerField(default=0, verbose_name="逐条写明事项的条目数"),
        ),
        migrations.RunPython(count_named, migrations.RunPython.noop),
    ]
