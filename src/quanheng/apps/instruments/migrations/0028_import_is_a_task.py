import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A run that could not be finished says so at the end of its message; the others were taken back as wished.
STATES = """
UPDATE instruments_importrun SET state = CASE
    WHEN stage = 'uploaded' THEN 'waiting'
    WHEN stage IN ('reading', 'committing', 'undoing') THEN 'running'
    WHEN stage IN ('needs_columns', 'preview') THEN 'asks'
    WHEN stage = 'done' THEN 'done'
    WHEN stage = 'undone' AND message LIKE '%已整体撤销，台账没有变化。' THEN 'failed'
    WHEN stage = 'undone' THEN 'cancelled'
    WHEN message = '已放弃导入。' THEN 'cancelled'
    ELSE 'failed' END;
UPDATE instruments_importrun SET started_at = requested_at WHERE state <> 'waiting';
UPDATE instruments_importrun SET finished_at = requested_at
WHERE finished_at IS NULL AND stage IN ('done', 'undone', 'refused');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('instruments', '0027_seal_positions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex('importrun', 'import_at_work'),
        migrations.RenameField('importrun', 'state', 'stage'),
        migrations.RenameField('importrun', 'uploaded_by', 'requested_by'),
        migrations.RenameField('importrun', 'uploaded_at', 'requested_at'),
        migrations.RenameField('importrun', 'appointment_id', 'appointment'),
        migrations.AlterField('importrun', 'appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment', verbose_name='岗位')),
        migrations.AlterField('importrun', 'stage', models.CharField(choices=[('uploaded', '已上传'), ('reading', '读取中'), ('needs_columns', '待确认列'), ('preview', '待确认导入'), ('committing', '导入中'), ('done', '已完成'), ('undoing', '撤销中'), ('undone', '已撤销'), ('refused', '文件被拒')], default='uploaded', max_length=16, verbose_name='办理环节')),
        migrations.AlterField('importrun', 'requested_at', models.DateTimeField(verbose_name='申请时间')),
        migrations.AlterField('importrun', 'file_path', models.CharField(blank=True, max_length=300, verbose_name='保存位置')),
        migrations.AlterField('importrun', 'requested_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
        migrations.AddField('importrun', 'state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('asks', '待确认'), ('done', '已完成'), ('failed', '未完成'), ('cancelled', '已取消'), ('expired', '已过期')], default='waiting', max_length=10, verbose_name='状态')),
        migrations.AddField('importrun', 'started_at', models.DateTimeField(null=True, verbose_name='开始处理时间')),
        migrations.AddField('importrun', 'expires_at', models.DateTimeField(null=True, verbose_name='过期时间')),
        migrations.AddIndex('importrun', models.Index(fields=['requested_by', '-id'], name='importrun_of_person')),
        migrations.AddIndex('importrun', models.Index(condition=models.Q(('state__in', ['running', 'waiting']), models.Q(('finished_at', None), ('state__in', ['cancelled', 'expired'])), _connector='OR'), fields=['id'], name='importrun_to_do')),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        migrations.AddConstraint('importrun', models.CheckConstraint(name='import_state_of_its_stage', condition=models.Q(
            models.Q(('stage', 'uploaded'), ('state__in', ['running', 'waiting'])),
            models.Q(('stage', 'reading'), ('state__in', ['running'])),
            models.Q(('stage', 'needs_columns'), ('state__in', ['asks'])),
            models.Q(('stage', 'preview'), ('state__in', ['asks'])),
            models.Q(('stage', 'committing'), ('state__in', ['running', 'waiting'])),
            models.Q(('stage', 'done'), ('state__in', ['done'])),
            models.Q(('stage', 'undoing'), ('state__in', ['running', 'waiting'])),
            models.Q(('stage', 'undone'), ('state__in', ['cancelled', 'failed'])),
            models.Q(('stage', 'refused'), ('state__in', ['cancelled', 'expired', 'failed'])),
            _connector='OR',
        ))),
    ]
