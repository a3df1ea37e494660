"""Where addresses that ask much stand, over all processes: unlogged, for it is forgotten within a day anyway."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_lists")]

    operations = [
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE kit_pace (name text NOT NULL, who text NOT NULL,"
            " busy_until timestamptz NOT NULL, told_at timestamptz NOT NULL, PRIMARY KEY (name, who));"
            " CREATE INDEX pace_told ON kit_pace (told_at);",
            "DROP TABLE kit_pace",
        )
    ]
