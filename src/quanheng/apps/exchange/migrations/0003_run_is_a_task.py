import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TO_DO = models.Q(
    ('state__in', ['running', 'waiting']),
    models.Q(('finished_at', None), ('state__in', ['cancelled', 'expired'])),
    _connector='OR',
)
REFUSED = """
UPDATE exchange_exchangerun SET started_at = requested_at;
UPDATE exchange_exchangerun SET state = 'failed' WHERE state = 'refused';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('exchange', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint('exchangerun', 'one_export_under_way'),
        migrations.RenameField('exchangerun', 'started_by', 'requested_by'),
        migrations.RenameField('exchangerun', 'started_at', 'requested_at'),
        migrations.AlterField('exchangerun', 'requested_at', models.DateTimeField(verbose_name='申请时间')),
        migrations.AlterField('exchangerun', 'file_path', models.CharField(blank=True, max_length=300, verbose_name='保存位置')),
        migrations.AlterField('exchangerun', 'message', models.CharField(blank=True, max_length=500, verbose_name='说明')),
        migrations.AlterField('exchangerun', 'state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('asks', '待确认'), ('done', '已完成'), ('failed', '未完成'), ('cancelled', '已取消'), ('expired', '已过期')], default='waiting', max_length=10, verbose_name='状态')),
        migrations.AddField('exchangerun', 'tries', models.PositiveSmallIntegerField(default=0, verbose_name='未见进展的尝试次数')),
        migrations.AddField('exchangerun', 'started_at', models.DateTimeField(null=True, verbose_name='开始处理时间')),
        migrations.AddField('exchangerun', 'expires_at', models.DateTimeField(null=True, verbose_name='过期时间')),
        migrations.AlterField('exchangerun', 'requested_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
        migrations.AddIndex('exchangerun', models.Index(fields=['requested_by', '-id'], name='exchangerun_of_person')),
        migrations.AddIndex('exchangerun', models.Index(condition=TO_DO, fields=['id'], name='exchangerun_to_do')),
        migrations.AddConstraint('exchangerun', models.UniqueConstraint(condition=models.Q(('direction', 'out'), TO_DO), fields=('area', 'content'), name='one_export_under_way')),
        migrations.RunSQL(REFUSED, migrations.RunSQL.noop),
    ]
