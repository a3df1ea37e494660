"""The second wall around invitations and requests; an invitation of an agency belongs to no entity."""

from django.db import migrations

from quanheng.kit.scope import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            *row_security("people_invitation", area="area_id", entity="entity_id", root="root_id")
        ),
        migrations.RunSQL(*row_security("people_accountrequest", area="area_id")),
    ]
