"""Who confirmed an import, by whose rights its rows were staged, and how often it was tried in vain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What is being committed now was confirmed by whoever uploaded it: nobody else was asked.
AT_WORK = """
UPDATE instruments_importrun
SET confirmed_at = uploaded_at, confirmed_by_id = uploaded_by_id, confirmed_appointment_id = appointment_id
WHERE state = 'committing' AND NOT commit_without_asking
"""


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0013_revoked_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "importrun", "key_id",
            models.BigIntegerField(help_text="经接口上传或确认时所用的密钥", null=True, verbose_name="接口密钥"),
        ),
        migrations.AddField(
            "importrun", "confirmed_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="确认人",
            ),
        ),
        migrations.AddField(
            "importrun", "confirmed_appointment_id",
            models.BigIntegerField(null=True, verbose_name="确认岗位编号"),
        ),
        migrations.AddField(
            "importrun", "confirmed_at",
            models.DateTimeField(
                help_text="确认之后只有两个结局：全部入库，或整体撤销", null=True, verbose_name="确认时间"
            ),
        ),
        migrations.AddField(
            "importrun", "undo_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="撤销人",
            ),
        ),
        migrations.AddField(
            "importrun", "undo_appointment_id",
            models.BigIntegerField(null=True, verbose_name="撤销岗位编号"),
        ),
        migrations.AddField(
            "importrun", "staged_with",
            models.CharField(blank=True, max_length=120, verbose_name="核对时的权限"),
        ),
        migrations.AddField(
            "importrun", "tries",
            models.PositiveSmallIntegerField(default=0, verbose_name="未见进展的尝试次数"),
        ),
        migrations.RunSQL(AT_WORK, migrations.RunSQL.noop),
    ]  # fmt: skip
