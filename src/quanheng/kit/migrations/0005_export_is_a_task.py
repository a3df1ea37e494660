import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STARTED = """
UPDATE kit_exportjob SET started_at = requested_at WHERE state <> 'waiting';
UPDATE kit_exportjob SET finished_at = requested_at
WHERE state IN ('done', 'failed', 'expired') AND finished_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('kit', '0004_expected_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField('exportjob', 'rows_written', 'done'),
        migrations.RenameField('exportjob', 'rows_total', 'total'),
        migrations.RenameField('exportjob', 'file_name', 'file_path'),
        migrations.AlterField('exportjob', 'done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
        migrations.AlterField('exportjob', 'total', models.PositiveIntegerField(null=True, verbose_name='总数')),
        migrations.AlterField('exportjob', 'file_path', models.CharField(blank=True, max_length=300, verbose_name='保存位置')),
        migrations.AlterField('exportjob', 'message', models.CharField(blank=True, max_length=500, verbose_name='说明')),
        migrations.AlterField('exportjob', 'state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('asks', '待确认'), ('done', '已完成'), ('failed', '未完成'), ('cancelled', '已取消'), ('expired', '已过期')], default='waiting', max_length=10, verbose_name='状态')),
        migrations.AddField('exportjob', 'tries', models.PositiveSmallIntegerField(default=0, verbose_name='未见进展的尝试次数')),
        migrations.AddField('exportjob', 'started_at', models.DateTimeField(null=True, verbose_name='开始处理时间')),
        migrations.RemoveIndex('exportjob', 'export_of_person'),
        migrations.RemoveIndex('exportjob', 'export_expiring'),
        migrations.AlterField('exportjob', 'requested_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
        migrations.AlterField('exportjob', 'appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment', verbose_name='岗位')),
        migrations.AddIndex('exportjob', models.Index(fields=['requested_by', '-id'], name='exportjob_of_person')),
        migrations.AddIndex('exportjob', models.Index(condition=models.Q(('state__in', ['running', 'waiting']), models.Q(('finished_at', None), ('state__in', ['cancelled', 'expired'])), _connector='OR'), fields=['id'], name='exportjob_to_do')),
        migrations.RunSQL(STARTED, migrations.RunSQL.noop),
    ]
