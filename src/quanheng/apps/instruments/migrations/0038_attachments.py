"""Photos and documents of entities, instruments and acts, and their wall."""

import django.db.models.deletion
from django.db import migrations, models

from quanheng.kit.scope import expected, number_setting, row_security

TABLE = "instruments_attachment"


def of_entity(column: str) -> str:
    return f"(SELECT e.{column} FROM registry_entity e WHERE e.id = {TABLE}.entity_id)"


WALL = row_security(TABLE, area=of_entity("area_id"), entity="entity_id", root=of_entity("root_id"))
# Where the instrument has moved on: the office of the place where it stands now sees what was attached before.
HERE = (
    f"(SELECT i.area_id FROM instruments_instrument i WHERE i.id = {TABLE}.instrument_id)"
    f" BETWEEN {number_setting('area_first')} AND {number_setting('area_last')}"
)
AT_THE_INSTRUMENT = (
    f"CREATE POLICY {TABLE}_at_instrument ON {TABLE} USING ({expected(HERE)}) WITH CHECK ({HERE});",
    f"DROP POLICY {TABLE}_at_instrument ON {TABLE};",
)


class Migration(migrations.Migration):

    dependencies = [
        ('instruments', '0037_confirmed_on'),
        ('registry', '0012_confirmed_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('photo', '照片'), ('document', '文件')], max_length=10, verbose_name='类别')),
                ('title', models.CharField(blank=True, max_length=80, verbose_name='名称')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='文件名')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要')),
                ('verb', models.CharField(max_length=40, verbose_name='随同的事项')),
                ('attached_by', models.BigIntegerField(null=True, verbose_name='添加人编号')),
                ('attached_by_name', models.CharField(max_length=60, verbose_name='添加人')),
                ('attached_at', models.DateTimeField(verbose_name='添加时间')),
                ('withdrawn_by_name', models.CharField(blank=True, max_length=60, verbose_name='撤下人')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('withdraw_reason', models.CharField(blank=True, max_length=300, verbose_name='撤下原因')),
                ('forgotten_at', models.DateTimeField(blank=True, null=True, verbose_name='到期删除时间')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='registry.entity', verbose_name='主体')),
                ('instrument', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='instruments.instrument', verbose_name='器具')),
            ],
            options={
                'verbose_name': '照片和附件',
                'indexes': [models.Index(condition=models.Q(('forgotten_at', None)), fields=['attached_at'], name='attachment_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(models.Q(('withdraw_reason', ''), _negated=True), models.Q(('withdrawn_by_name', ''), _negated=True)), _connector='OR'), name='withdrawn_attachment_says_why')],
            },
        ),
        migrations.RunSQL(*WALL),
        migrations.RunSQL(*AT_THE_INSTRUMENT),
    ]
