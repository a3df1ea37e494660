"""The second wall. A task is read by its two officers alone until it is opened to the office and the entity.

A campaign is read by the offices below its area as well: they do their part of it. Nobody reads a frame.
"""

from django.db import migrations

from quanheng.kit.scope import expected, number_setting, row_security

WITHIN = expected(f"{number_setting('area_first')} BETWEEN area_id AND area_last")
BELOW = f"CREATE POLICY inspections_campaign_below ON inspections_campaign FOR SELECT USING ({WITHIN});"
NOT_BELOW = "DROP POLICY inspections_campaign_below ON inspections_campaign;"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [
        migrations.RunSQL(*row_security("inspections_campaign", area="area_id")),
        migrations.RunSQL(BELOW, NOT_BELOW),
        migrations.RunSQL(*row_security("inspections_frozenframe")),
        migrations.RunSQL(
            *row_security(
                "inspections_inspectiontask",
                area="reader_area", entity="reader_entity", root="reader_root",
                person=("lead_id", "second_id"),
            )
        ),
    ]  # fmt: skip
