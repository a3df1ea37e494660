"""What was typed and not taken in, sealed, behind the wall of the person who typed it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import quanheng.kit.fields
from quanheng.kit.scope import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_assignments'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('browser', models.CharField(max_length=32, verbose_name='浏览器检索值')),
                ('page_key', models.CharField(max_length=32, verbose_name='页面检索值')),
                ('target_key', models.CharField(max_length=32, verbose_name='提交地址检索值')),
                ('content', quanheng.kit.fields.EncryptedTextField(verbose_name='填写内容')),
                ('is_step', models.BooleanField(default=False, verbose_name='分步办理')),
                ('kept_at', models.DateTimeField(verbose_name='保留时间')),
                ('expires_at', models.DateTimeField(verbose_name='过期时间')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '保留的填写内容',
                'indexes': [models.Index(fields=['expires_at'], name='kept_form_expiring')],
                'constraints': [models.UniqueConstraint(fields=('user', 'browser', 'page_key', 'target_key'), name='form_kept_once')],
            },
        ),
        migrations.RunSQL(*row_security("accounts_keptform", person="user_id")),
    ]
