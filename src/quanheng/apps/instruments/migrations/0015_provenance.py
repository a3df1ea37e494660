"""Where a verification comes from; what users declare is counted apart; two people void what is wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_api_key'),
        ('instruments', '0014_confirmed_runs'),
        ('registry', '0005_indexes_once'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ratechange',
            name='rate_change_folded_once',
        ),
        migrations.AddField(
            model_name='instrument',
            name='provenance',
            field=models.CharField(blank=True, choices=[('issued', '本平台出具'), ('received', '国家平台接收'), ('recorded', '监管部门录入'), ('declared', '使用单位自报（未核实）')], db_default='', max_length=8, verbose_name='检定记录来源'),
        ),
        migrations.AddField(
            model_name='ratechange',
            name='claimed',
            field=models.IntegerField(db_default=0, default=0, verbose_name='有效增减（含自报）'),
        ),
        migrations.AddField(
            model_name='verification',
            name='dispute',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='申请作废理由'),
        ),
        migrations.AddField(
            model_name='verification',
            name='disputed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='申请作废时间'),
        ),
        migrations.AddField(
            model_name='verification',
            name='disputed_by',
            field=models.BigIntegerField(blank=True, null=True, verbose_name='申请作废人编号'),
        ),
        migrations.AddField(
            model_name='verification',
            name='disputed_by_name',
            field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='申请作废人'),
        ),
        migrations.AddField(
            model_name='verification',
            name='in_error',
            field=models.BooleanField(db_default=False, default=False, help_text='登记有误的，视为从未登记。', verbose_name='登记有误'),
        ),
        migrations.AddField(
            model_name='verification',
            name='provenance',
            field=models.CharField(choices=[('issued', '本平台出具'), ('received', '国家平台接收'), ('recorded', '监管部门录入'), ('declared', '使用单位自报（未核实）')], db_default='declared', default='declared', max_length=8, verbose_name='来源'),
        ),
        migrations.AddIndex(
            model_name='verification',
            index=models.Index(condition=models.Q(('provenance', 'declared'), ('voided_on__isnull', True)), fields=['area', 'id'], name='verification_unconfirmed'),
        ),
        migrations.AddIndex(
            model_name='verification',
            index=models.Index(condition=models.Q(('disputed_at__isnull', False)), fields=['area', 'id'], name='verification_disputed'),
        ),
        migrations.AddConstraint(
            model_name='ratechange',
            constraint=models.UniqueConstraint(condition=models.Q(('grain', 0), _negated=True), fields=('area', 'grain', 'day', 'premises', 'item'), include=('in_use', 'verified', 'claimed'), name='rate_change_folded_once'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('in_error', False), ('voided_on__isnull', False), _connector='OR'), name='an_error_is_void'),
        ),
    ]
