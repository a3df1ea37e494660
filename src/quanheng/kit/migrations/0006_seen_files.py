from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0005_export_is_a_task"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SeenFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=60, verbose_name="清单")),
                ("row_id", models.BigIntegerField(verbose_name="行号")),
                ("seen_at", models.DateTimeField(verbose_name="最近查看")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="用户")),
            ],
            options={"verbose_name": "最近查看的档案"},
        ),
        migrations.AddConstraint(
            model_name="seenfile",
            constraint=models.UniqueConstraint(fields=("user", "list_key", "row_id"), name="file_seen_once_per_person"),
        ),
    ]
