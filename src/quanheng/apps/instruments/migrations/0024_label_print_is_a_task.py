import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A small print was handed out at once and waited for nobody: it is done.
AT_ONCE = 240
HANDED_OUT = f"""
UPDATE instruments_labelprint SET state = 'done', done = total, finished_at = requested_at
WHERE state = 'waiting' AND total <= {AT_ONCE};
UPDATE instruments_labelprint SET finished_at = coalesce(expires_at - interval '48 hours', requested_at)
WHERE state IN ('done', 'failed', 'expired') AND finished_at IS NULL;
UPDATE instruments_labelprint SET started_at = requested_at
WHERE total > {AT_ONCE} AND state <> 'waiting';
UPDATE instruments_labelprint SET message = '生成文件时出错，请重新打印。' WHERE state = 'failed';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('instruments', '0023_proposals_taken_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField('labelprint', 'printed', 'done'),
        migrations.RenameField('labelprint', 'file_name', 'file_path'),
        migrations.AlterField('labelprint', 'done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
        migrations.AlterField('labelprint', 'total', models.PositiveIntegerField(null=True, verbose_name='总数')),
        migrations.AlterField('labelprint', 'file_path', models.CharField(blank=True, max_length=300, verbose_name='保存位置')),
        migrations.AlterField('labelprint', 'state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('asks', '待确认'), ('done', '已完成'), ('failed', '未完成'), ('cancelled', '已取消'), ('expired', '已过期')], default='waiting', max_length=10, verbose_name='状态')),
        migrations.AddField('labelprint', 'message', models.CharField(blank=True, max_length=500, verbose_name='说明', default=''), preserve_default=False),
        migrations.AddField('labelprint', 'tries', models.PositiveSmallIntegerField(default=0, verbose_name='未见进展的尝试次数')),
        migrations.AddField('labelprint', 'started_at', models.DateTimeField(null=True, verbose_name='开始处理时间')),
        migrations.AddField('labelprint', 'finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
        migrations.RemoveIndex('labelprint', 'label_print_of_person'),
        migrations.AlterField('labelprint', 'requested_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
        migrations.AlterField('labelprint', 'appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment', verbose_name='岗位')),
        migrations.AddIndex('labelprint', models.Index(fields=['requested_by', '-id'], name='labelprint_of_person')),
        migrations.AddIndex('labelprint', models.Index(condition=models.Q(('state__in', ['running', 'waiting']), models.Q(('finished_at', None), ('state__in', ['cancelled', 'expired'])), _connector='OR'), fields=['id'], name='labelprint_to_do')),
        migrations.RunSQL(HANDED_OUT, migrations.RunSQL.noop),
    ]
