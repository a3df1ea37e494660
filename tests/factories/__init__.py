"""Rows for tests: plain functions with the least that is needed. Written as the system, read under the walls.

county = make_area("锦江区")                # a county of a new city, ten streets' room below
officer = make_actor(Role.COUNTY_OFFICER, area=county)
stall = make_entity(kind="stall", parent=market)
scale = make_instrument(entity=stall)
"""

from tests.factories.ledger import (
    make_assignment,
    make_attachment,
    make_code,
    make_code_value,
    make_contact,
    make_entity,
    make_import_run,
    make_instrument,
    make_item,
    make_notice,
    make_placement,
    make_proposal,
    make_report,
    make_seal,
    make_verification,
)
from tests.factories.people import (
    PASSWORD,
    make_actor,
    make_agency,
    make_api_key,
    make_appointment,
    make_area,
    make_institute,
    make_kept_form,
    make_repairer,
    make_user,
    once_more,
    serial,
    sign_in,
)

__all__ = [
    "PASSWORD", "make_actor", "make_agency", "make_api_key", "make_appointment", "make_area",
    "make_assignment", "make_attachment", "make_code", "make_code_value", "make_contact", "make_entity",
    "make_import_run", "make_institute", "make_instrument", "make_item", "make_kept_form", "make_notice",
    "make_placement", "make_proposal", "make_repairer", "make_report", "make_seal", "make_user",
    "make_verification", "once_more", "serial", "sign_in",
]  # fmt: skip
