"""The hotline reads shoppers' reports and nothing else of the ledger: what a label said is kept with the report."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from quanheng.kit.scope import EVERYTHING, acting_in, row_security

TABLE = "instruments_shopperreport"
OF_OFFICES = row_security(TABLE, area="area_id")
OF_HOTLINE_TOO = row_security(TABLE, area="area_id", subject="reports")


def keep_labels(apps: Any, _editor: Any) -> None:
    """Write down for what came before what the label says today: nothing else is known of it any more."""
    report = apps.get_model("instruments", "ShopperReport")
    with acting_in(EVERYTHING):
        for row in report.objects.filter(instrument__isnull=False).select_related("instrument__entity").iterator():
            scale = row.instrument
            row.code = scale.code or ""
            row.about = " · ".join(filter(None, (scale.name, scale.entity.name, scale.place)))[:400]
            row.save(update_fields=["code", "about"])


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0034_found_by_tail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("shopperreport", "code", models.CharField(blank=True, max_length=60, verbose_name="器具码", default=""), preserve_default=False),
        migrations.AddField("shopperreport", "about", models.CharField(blank=True, max_length=400, verbose_name="反映对象", default=""), preserve_default=False),
        migrations.AddField("shopperreport", "noted_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="登记坐席")),
        migrations.AddField("shopperreport", "noted_at", models.DateTimeField(null=True, verbose_name="12315 登记时间")),
        migrations.AddField("shopperreport", "note", models.CharField(blank=True, max_length=500, verbose_name="12315 登记内容", default=""), preserve_default=False),
        migrations.AddField("shopperreport", "passed_on_at", models.DateTimeField(null=True, verbose_name="12315 转办时间")),
        migrations.AddField("shopperreport", "reply", models.CharField(blank=True, max_length=500, verbose_name="12315 答复", default=""), preserve_default=False),
        migrations.AddField("shopperreport", "replied_at", models.DateTimeField(null=True, verbose_name="12315 答复时间")),
        migrations.RunSQL(OF_OFFICES[1], OF_OFFICES[0]),
        migrations.RunSQL(*OF_HOTLINE_TOO),
        migrations.RunPython(keep_labels, migrations.RunPython.noop),
    ]
