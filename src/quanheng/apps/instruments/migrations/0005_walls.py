"""The second wall around the ledger.

What hangs on an instrument carries its area and root; who acts for a stall or a station alone (neither an area
nor a root) reaches it through the instrument. `instruments_stagedrow` has no wall: COPY is refused behind one,
its rows live for the minutes of an import and are read by its job alone.
"""

from django.db import migrations

from quanheng.kit.scope import row_security, row_security_through


def through_instrument(column: str) -> str:
    return f"(SELECT i.{column} FROM instruments_instrument i WHERE i.id = instrument_id)"


OF_INSTRUMENT = {"area": "area_id", "entity": through_instrument("entity_id"), "root": "root_id"}
WALLS = [
    row_security("instruments_instrument", area="area_id", entity="entity_id", root="root_id"),
    row_security("instruments_placement", area="area_id", entity="entity_id", root="root_id"),
    row_security("instruments_verification", **OF_INSTRUMENT),
    row_security("instruments_seal", **OF_INSTRUMENT),
    row_security(
        "instruments_instrumentcode",
        area="area_id",
        entity=through_instrument("entity_id"),
        root=through_instrument("root_id"),
    ),
    row_security("instruments_importrun", area="area_id", entity="entity_id"),
    row_security_through("instruments_importrow", column="run_id", parent="instruments_importrun"),
    row_security("instruments_shopperreport", **OF_INSTRUMENT),
]


class Migration(migrations.Migration):
    dependencies = [("instruments", "0004_imports"), ("registry", "0003_walls"), ("audit", "0002_walls")]
    operations = [migrations.RunSQL(up, down) for up, down in WALLS]
