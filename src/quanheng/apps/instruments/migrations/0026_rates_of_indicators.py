from django.db import migrations, models


class Migration(migrations.Migration):
    """The rollup counts for every indicator; what stands in it is that of the verification rate."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('instruments', '0025_asks_back'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='ratechange', name='rate_change_folded_once'),
        migrations.RemoveIndex(model_name='ratechange', name='rate_change_fresh'),
        migrations.RenameField('ratechange', 'in_use', 'denominator'),
        migrations.RenameField('ratechange', 'verified', 'numerator'),
        migrations.RenameField('ratechange', 'claimed', 'variant'),
        migrations.AlterModelOptions(name='ratechange', options={'verbose_name': '指标增减'}),
        migrations.AlterField(
            model_name='ratechange',
            name='denominator',
            field=models.IntegerField(verbose_name='分母增减'),
        ),
        migrations.AlterField(
            model_name='ratechange',
            name='numerator',
            field=models.IntegerField(verbose_name='分子增减'),
        ),
        migrations.AlterField(
            model_name='ratechange',
            name='variant',
            field=models.IntegerField(db_default=0, default=0, verbose_name='另一口径分子增减'),
        ),
        migrations.AddField(
            model_name='ratechange',
            name='indicator',
            field=models.CharField(default='T1', max_length=8, verbose_name='指标'),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='ratechange',
            constraint=models.UniqueConstraint(
                condition=models.Q(('grain', 0), _negated=True),
                fields=('indicator', 'area', 'grain', 'day', 'premises', 'item'),
                include=('denominator', 'numerator', 'variant'),
                name='rate_change_folded_once',
            ),
        ),
        migrations.AddIndex(
            model_name='ratechange',
            index=models.Index(
                condition=models.Q(('grain', 0)), fields=['indicator', 'area', 'day'], name='rate_change_fresh'
            ),
        ),
    ]
