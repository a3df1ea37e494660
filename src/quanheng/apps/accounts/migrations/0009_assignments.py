"""Single rows that somebody reaches for a time; who may see and give them is said by the app of the rows."""

from pathlib import Path

import django.db.models.deletion
import quanheng.kit.assignments
from django.conf import settings
from django.db import migrations, models

from quanheng.kit.scope import row_security

SQL = Path(__file__).parents[1] / "sql"
# Written anew from the declarations at the end of this very run (`kit.assignments.write_to_database`).
READING = (
    "CREATE FUNCTION capacities_reading(read text) RETURNS text[]"
    " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[]::text[] $$"
)

class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('registry', '0008_the_root_is_named'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('instrument', '计量器具')], max_length=20, verbose_name='对象类别')),
                ('row_id', models.BigIntegerField(verbose_name='对象编号')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='对象')),
                ('capacity', models.CharField(choices=quanheng.kit.assignments.choices, max_length=20, verbose_name='承办身份')),
                ('name', models.CharField(max_length=120, verbose_name='承办方')),
                ('valid_from', models.DateField(verbose_name='起始日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='事由')),
                ('verb', models.CharField(max_length=40, verbose_name='依据的事项')),
                ('given_by', models.BigIntegerField(null=True, verbose_name='指派人编号')),
                ('given_by_name', models.CharField(max_length=60, verbose_name='指派人')),
                ('given_at', models.DateTimeField(verbose_name='指派时间')),
                ('taken_up_at', models.DateTimeField(blank=True, null=True, verbose_name='接收时间')),
                ('taken_up_by_name', models.CharField(blank=True, max_length=60, verbose_name='接收人')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='终止时间')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='终止原因')),
                ('agency', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='承办机构')),
                ('entity', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.entity', verbose_name='承办主体')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='承办人')),
            ],
            options={
                'verbose_name': '指派',
                'indexes': [models.Index(fields=['kind', 'row_id'], name='assignment_of_row'), models.Index(condition=models.Q(('ended_at__isnull', True), ('user__isnull', False)), fields=['user'], name='assigned_to_user'), models.Index(condition=models.Q(('ended_at__isnull', True), ('entity__isnull', False)), fields=['entity'], name='assigned_to_entity'), models.Index(condition=models.Q(('agency__isnull', False), ('ended_at__isnull', True)), fields=['agency'], name='assigned_to_agency')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', True), ('entity__isnull', True), ('user__isnull', False)), models.Q(('agency__isnull', True), ('entity__isnull', False), ('user__isnull', True)), models.Q(('agency__isnull', False), ('entity__isnull', True), ('user__isnull', True)), _connector='OR'), name='assigned_to_one'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='assignment_not_backward'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('kind', 'row_id', 'capacity', 'user', 'entity', 'agency'), name='assigned_once_at_a_time', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(*row_security("accounts_assignment")),
        migrations.RunSQL(READING, "DROP FUNCTION capacities_reading"),
        migrations.RunSQL(
            (SQL / "assignments_held.sql").read_text("utf-8"), "DROP FUNCTION assignments_held"
        ),
        migrations.RunSQL((SQL / "assigned_rows.sql").read_text("utf-8"), "DROP FUNCTION assigned_rows"),
    ]
