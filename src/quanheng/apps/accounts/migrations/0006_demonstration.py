"""A demonstration's database is marked, and its accounts know that they are a demonstration's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models

# The accounts of the demonstrations made before there was a mark: name and sign-in as they were printed.
PRINTED = {
    "sheng": "周省兰", "shi": "何市平", "xian": "唐县宁", "suo": "罗所勇", "shouli": "彭受云", "jianding": "曾检明",
    "heyan": "萧核敏", "pizhun": "董批准", "jigou": "袁机芳", "shichang": "邓场丽", "yiyuan": "许院洁",
    "weixiu": "傅修刚", "rexian": "沈线红", "zhuanjia": "韩家文", "dingliang": "冯装静", "nengyuan": "于能军",
    "bumen": "蒋部卫", "shenji": "蔡审清", "xitong": "贾系统", "anquan": "丁安全", "rizhi": "魏日志",
}  # fmt: skip


def tell_apart(apps: Any, _schema_editor: Any) -> None:
    """Mark the accounts of an earlier demonstration, and the database where nobody else has one."""
    users = apps.get_model("accounts", "User").objects
    printed = [row.pk for row in users.filter(username__in=PRINTED) if PRINTED[row.username] == row.name]
    users.filter(pk__in=printed).update(is_demonstration=True)
    oldest = users.filter(pk__in=printed).order_by("pk").first()
    if oldest is not None and not users.exclude(pk__in=printed).exists():
        marks = apps.get_model("accounts", "Demonstration").objects
        marks.create(pk=1, made_at=oldest.password_changed_at or oldest.last_login)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_api_key")]
    operations = [
        migrations.CreateModel(
            name="Demonstration",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="编号")),
                ("made_at", models.DateTimeField(verbose_name="装入时间")),
            ],
            options={
                "verbose_name": "演示标记",
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="one_demonstration")],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="is_demonstration",
            field=models.BooleanField(default=False, verbose_name="演示账号"),
        ),
        migrations.AddField(
            model_name="user",
            name="handed_out",
            field=models.CharField(blank=True, default="", max_length=128, verbose_name="发放的初始密码"),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE, DELETE ON accounts_demonstration FROM {settings.DATABASE_ROLE}",
            f"GRANT INSERT, UPDATE, DELETE ON accounts_demonstration TO {settings.DATABASE_ROLE}",
        ),
    ]
