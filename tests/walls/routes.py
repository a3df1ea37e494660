"""Who may open which address. One line for every route; without it `test_every_route_has_its_line` fails.

To add a page, add one line under its name (`namespace:name` where there is one):

    "entity_detail": Route(OFFICERS | ENTITY_ROLES),

`who` must be what the view itself declares (quanheng.web.access); it is written twice so that a door is not
opened without somebody reading this file. The arguments of an address are filled by their names from the
world (`entity_id`, `instrument_id`, `code`, …; see `world.Place.ids`); an argument with another name, or one
that means something else here, is named in `ids`: ``Route(OFFICERS, ids={"pk": "entity_id"})``; a plain value
works too: ``ids={"kind": "empty"}``, and a tuple asks for each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.certificates.acts import RECEPTION
from quanheng.apps.certificates.services.end_capability import Capability
from quanheng.apps.inspections.acts import PLANNERS
from quanheng.apps.instruments.indicators import indicators
from quanheng.web.applications.forms import FORM_OF_SLUG as LINE_FORMS
from quanheng.web.focus.lists import READERS as FOCUS_READERS
from quanheng.web.focus.steps import STEPS as FOCUS_STEPS
from quanheng.web.inspections.lists import INSPECTED
from quanheng.web.inspections.steps import STEPS as CAMPAIGN_STEPS
from quanheng.web.inspections.task_steps import TASK_STEPS
from quanheng.web.instruments.acts import FORM_OF_SLUG
from quanheng.web.people.staff import ACTS as STAFF_ACTS
from quanheng.web.reports.hotline import STEPS


class Open(Enum):
    """Doors that are not a set of roles."""

    PUBLIC = auto()  # @public_page: everybody
    SIGNED_IN = auto()  # @signed_in: every role
    OWN = auto()  # @own_sign_in: every role, before the second factor too
    API = auto()  # below /api/: keys; its operations answer for their own rights


@dataclass(frozen=True)
class Route:
    """What is expected of one address.

    Args:
        who: the roles that may open it, or one of `Open`.
        ids: what an argument of the address is filled with, where its name does not say it.
        shows_public_facts: the address answers public facts to whoever holds a code: only private canaries
            (people, reports, notes) are searched for in its answer.
        may_be_kept: browsers and proxies may keep the answer for a while: nothing in it is about a person.
    """

    who: frozenset[Role] | Open
    ids: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    shows_public_facts: bool = False
    may_be_kept: bool = False


PUBLIC, SIGNED_IN, OWN, API = Open
SYSTEM, SECURITY = frozenset({Role.SYSTEM_ADMINISTRATOR}), frozenset({Role.SECURITY_ADMINISTRATOR})
HOTLINE = frozenset({Role.HOTLINE_AGENT})
PROVINCE = frozenset({Role.PROVINCE_OFFICER})
LEDGER = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
ACCOUNT_KEEPERS = SYSTEM | SECURITY
HALF_YEAR = OFFICERS | {Role.INSTRUMENT_USER}
UNITS = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
KEEPERS = frozenset({Role.INSTITUTE_MANAGER, Role.PROVINCE_OFFICER})
OF_TASKS: Mapping[str, str | tuple[str, ...]] = {
    "kind": ("labels", "export", "ecqs", "import"),
    "pk": "task_ids",
}
INDICATORS: Mapping[str, str | tuple[str, ...]] = {"key": tuple(each.slug for each in indicators())}

ROUTES: dict[str, Route] = {
    # sign-in and my account
    "account_login": Route(PUBLIC),
    "account_logout": Route(PUBLIC),
    "account_inactive": Route(PUBLIC),
    "account_signup": Route(PUBLIC),
    "account_set_password": Route(PUBLIC),
    "account_change_password": Route(OWN),
    "account_reauthenticate": Route(OWN),
    "mfa_authenticate": Route(PUBLIC),
    "mfa_reauthenticate": Route(OWN),
    "mfa_index": Route(OWN),
    "mfa_activate_totp": Route(OWN),
    "mfa_deactivate_totp": Route(OWN),
    "mfa_view_recovery_codes": Route(OWN),
    "mfa_generate_recovery_codes": Route(OWN),
    "mfa_download_recovery_codes": Route(OWN),
    "my_account": Route(OWN),
    "choose_appointment": Route(OWN),
    "no_role": Route(OWN),
    "end_other_sessions": Route(OWN),
    "set_elder_mode": Route(OWN),
    "kept_form_drop": Route(OWN, ids={"form_id": "kept_form_id"}),
    # the three administrators
    "account_list": Route(ACCOUNT_KEEPERS),
    "account_new": Route(SYSTEM),
    "account_page": Route(ACCOUNT_KEEPERS),
    "account_appoint": Route(SECURITY),
    "account_disable": Route(SYSTEM),
    "account_enable": Route(SYSTEM),
    "account_reset_password_by_administrator": Route(SECURITY),
    "account_reset_second_factor": Route(SECURITY),
    "appointment_end": Route(SECURITY),
    "agency_list": Route(ACCOUNT_KEEPERS),
    "agency_new": Route(SYSTEM),
    "area_list": Route(ACCOUNT_KEEPERS | OFFICERS),
    "area_page": Route(ACCOUNT_KEEPERS | OFFICERS),
    "area_found": Route(SYSTEM),
    "area_reorganise": Route(SYSTEM),
    "act_list": Route(OFFICERS | {Role.AUDITOR, Role.AUDIT_ADMINISTRATOR}),
    "act_page": Route(SIGNED_IN, ids={"pk": "act_id"}),
    # notices
    "notice_list": Route(SIGNED_IN),
    "notices_read": Route(SIGNED_IN),
    "notice_read": Route(SIGNED_IN, ids={"pk": "notice_id"}),
    "notice_settings": Route(SIGNED_IN),
    # frame
    "healthz": Route(PUBLIC),
    "readyz": Route(PUBLIC),
    "landing": Route(PUBLIC),
    "desk": Route(SIGNED_IN),
    "set_preferences": Route(PUBLIC),
    "search": Route(SIGNED_IN),
    "help": Route(SIGNED_IN),
    "help_section": Route(SIGNED_IN, ids={"slug": "instruments"}),
    "open_code": Route(SIGNED_IN, ids={"address": "code"}),
    "scan_camera": Route(SIGNED_IN),
    # the component gallery
    "gallery": Route(PUBLIC),
    "gallery_list": Route(PUBLIC, ids={"kind": "full"}),
    "gallery_error": Route(PUBLIC, ids={"code": "404"}),
    "gallery_progress": Route(PUBLIC),
    "gallery_chart": Route(PUBLIC, ids={"kind": "bars"}),
    # entities
    "entity_list": Route(OFFICERS | ENTITY_ROLES),
    "entity_new": Route(OFFICERS | {Role.MARKET_OPERATOR}),
    "entity_page": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    "entity_edit": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    "entity_confirm": Route(OFFICERS - {Role.INSPECTOR}, ids={"pk": "entity_id"}),
    "entity_print": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    "entity_unchanged": Route(OFFICERS | (ENTITY_ROLES - {Role.REPAIRER}), ids={"pk": "entity_id"}),
    "entity_close": Route(OFFICERS - {Role.INSPECTOR}, ids={"pk": "entity_id"}),
    "entity_attach": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    "file_page": Route(LEDGER, ids={"pk": "file_id"}),
    "file_content": Route(LEDGER, ids={"pk": "file_id"}),
    "contact_edit": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    "contact_reveal": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id"}),
    # how people come to their accounts
    "join_find": Route(PUBLIC),
    "join_ask": Route(PUBLIC),
    "join_asked": Route(PUBLIC, ids={"number": "Q1"}),
    "join": Route(PUBLIC, ids={"number": "invitation_number"}),
    "entity_invite": Route(OFFICERS, ids={"pk": "entity_id"}),
    "invitation_list": Route(UNITS),
    "invitation_page": Route(UNITS, ids={"pk": "invitation_id"}),
    "account_request_list": Route(OFFICERS - {Role.INSPECTOR}),
    "account_request_page": Route(OFFICERS - {Role.INSPECTOR}, ids={"pk": "account_request_id"}),
    "half_year_list": Route(HALF_YEAR),
    "half_year_areas": Route(OFFICERS),
    "half_year_page": Route(HALF_YEAR, ids={"pk": "half_year_id"}),
    "half_year_print": Route(HALF_YEAR, ids={"pk": "half_year_id"}),
    "half_year_write": Route(frozenset({Role.INSTRUMENT_USER}), ids={"pk": "half_year_id"}),
    "half_year_return": Route(OFFICERS - {Role.INSPECTOR}, ids={"pk": "half_year_id"}),
    "half_year_rows": Route(
        HALF_YEAR, ids={"pk": "half_year_id", "line": "other", "standing": ("valid", "stopped")}
    ),
    "staff_page": Route(UNITS),
    "staff_invite": Route(UNITS),
    "staff_sheet": Route(UNITS),
    "staff_sheet_template": Route(UNITS),
    "staff_act": Route(UNITS, ids={"slug": tuple(STAFF_ACTS)}),
    # the ledger
    "instrument_list": Route(LEDGER),
    "instrument_new": Route(OFFICERS | ENTITY_ROLES),
    "instrument_page": Route(LEDGER, ids={"pk": "instrument_id"}),
    "instrument_edit": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "instrument_id"}),
    "instrument_unchanged": Route(OFFICERS | (ENTITY_ROLES - {Role.REPAIRER}), ids={"pk": "instrument_id"}),
    "instrument_act": Route(LEDGER, ids={"pk": "instrument_id", "slug": tuple(FORM_OF_SLUG)}),
    "repair_list": Route(OFFICERS | ENTITY_ROLES),
    "filing_list": Route(OFFICERS | ENTITY_ROLES),
    "record_list": Route(OFFICERS),
    "certificate_list": Route(LEDGER),
    "certificate_change_list": Route(INSTITUTE_STAFF),
    "proposal_list": Route(OFFICERS | ENTITY_ROLES),
    "proposal_page": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "proposal_id"}),
    "filing_review": Route(OFFICERS, ids={"pk": "instrument_id"}),
    "catalogue_list": Route(SIGNED_IN),
    "catalogue_item": Route(SIGNED_IN, ids={"pk": "item_id"}),
    "period_new": Route(PROVINCE, ids={"pk": "item_id"}),
    "period_confirm": Route(PROVINCE, ids={"pk": "item_id"}),
    "synonyms_edit": Route(PROVINCE, ids={"pk": "item_id"}),
    # sheets
    "import_list": Route(OFFICERS | ENTITY_ROLES),
    "import_new": Route(OFFICERS | ENTITY_ROLES),
    "import_template": Route(OFFICERS | ENTITY_ROLES),
    "import_page": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_columns": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_confirm": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_give_up": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_undo": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_report": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "run_id"}),
    "import_campaign": Route(OFFICERS),
    "import_campaign_sheet": Route(OFFICERS),
    "import_campaign_print": Route(OFFICERS),
    # printing
    "label_choose": Route(LEDGER),
    "label_preview": Route(LEDGER),
    "label_picture": Route(LEDGER),
    "label_moved": Route(LEDGER),
    "label_single": Route(LEDGER, ids={"kind": ("svg", "png")}),
    "label_entity": Route(OFFICERS | ENTITY_ROLES, ids={"pk": "entity_id", "kind": ("svg", "png", "pdf")}),
    # codes
    "code_list": Route(OFFICERS),
    "code_blank_new": Route(OFFICERS - {Role.INSPECTOR}),
    "code_bind": Route(OFFICERS | INSTITUTE_STAFF | {Role.MARKET_OPERATOR}),
    "entity_code_issue": Route(OFFICERS - {Role.INSPECTOR}, ids={"pk": "entity_id"}),
    # indicators: sums of the whole province are open to officers and auditors, rows to officers of the place
    "indicator": Route(OFFICERS | {Role.AUDITOR}, ids=INDICATORS),
    "indicator_data": Route(OFFICERS | {Role.AUDITOR}, ids=INDICATORS),
    "indicator_trend": Route(OFFICERS | {Role.AUDITOR}, ids=INDICATORS),
    "indicator_trend_chart": Route(OFFICERS | {Role.AUDITOR}, ids=INDICATORS),
    "indicator_rows": Route(OFFICERS, ids=INDICATORS),
    # keys of the API
    "key_list": Route(SIGNED_IN),
    "webhook_list": Route(SIGNED_IN),
    "webhook_new": Route(SIGNED_IN),
    "webhook_page": Route(SIGNED_IN, ids={"pk": "webhook_id"}),
    "webhook_act": Route(SIGNED_IN, ids={"pk": "webhook_id"}),
    "key_new": Route(ENTITY_ROLES | SYSTEM),
    "key_page": Route(SIGNED_IN, ids={"pk": "key_id"}),
    "key_collect": Route(SIGNED_IN, ids={"pk": "key_id"}),
    "key_revoke": Route(SIGNED_IN, ids={"pk": "key_id"}),
    # long tasks
    "task_list": Route(SIGNED_IN),
    "task_page": Route(SIGNED_IN, ids=OF_TASKS),
    "task_progress": Route(SIGNED_IN, ids=OF_TASKS),
    "task_file": Route(SIGNED_IN, ids=OF_TASKS),
    "task_cancel": Route(SIGNED_IN, ids=OF_TASKS),
    # what every list has
    "list_count": Route(SIGNED_IN),
    "list_columns": Route(SIGNED_IN),
    "list_save_view": Route(SIGNED_IN),
    "list_delete_view": Route(SIGNED_IN),
    "list_export": Route(SIGNED_IN),
    "list_bulk": Route(SIGNED_IN),
    "export_list": Route(SIGNED_IN),
    "export_moved": Route(SIGNED_IN),
    "pick": Route(SIGNED_IN),
    # the API: an operation needs no line (its document lists it); here is what its name does not say
    "hook_national_scales": Route(API),
    "api:scan_code": Route(API, shows_public_facts=True),
    # calculators
    "calculators": Route(PUBLIC),
    "calculator_draw": Route(PUBLIC),
    "calculator_net_content": Route(PUBLIC),
    "calculator_uncertainty": Route(PUBLIC),
    "calculator_deadline": Route(PUBLIC),
    "calculator_survey_rate": Route(PUBLIC),
    "calculator_proportion": Route(PUBLIC),
    "calculator_calibration_interval": Route(PUBLIC),
    "calculator_drift_interval": Route(PUBLIC),
    "calculator_run_length": Route(PUBLIC),
    "calculator_factor_change": Route(PUBLIC),
    "calculator_gauge_study": Route(PUBLIC),
    "calculator_decision_risk": Route(PUBLIC),
    # the scan page
    "scan_ask": Route(PUBLIC),
    "scan_keys": Route(PUBLIC),
    "scan": Route(PUBLIC, ids={"address": "code"}, shows_public_facts=True),
    "scan_with_slash": Route(PUBLIC, ids={"address": "code"}, shows_public_facts=True),
    "scan_photo": Route(PUBLIC, shows_public_facts=True, may_be_kept=True),
    "scan_report": Route(PUBLIC, shows_public_facts=True),
    "scan_received": Route(PUBLIC, shows_public_facts=True),
    "scan_record": Route(PUBLIC, shows_public_facts=True),
    "log_home": Route(PUBLIC),
    "log_key": Route(PUBLIC, may_be_kept=True),
    "log_checkpoint": Route(PUBLIC, may_be_kept=True),
    "log_tile": Route(PUBLIC, ids={"path": "0/000"}, may_be_kept=True),
    "log_proof": Route(PUBLIC, ids={"index": "0"}),
    # due work
    "due_list": Route(OFFICERS | ENTITY_ROLES),
    "message_list": Route(SYSTEM),
    "reminder_list": Route(OFFICERS),
    # the exchange with the national systems
    "exchange_page": Route(OFFICERS | SYSTEM),
    "platform_event_list": Route(OFFICERS),
    "platform_event": Route(OFFICERS, ids={"pk": "event_id"}),
    "platform_alarm_list": Route(OFFICERS),
    "platform_alarm": Route(OFFICERS, ids={"pk": "alarm_id"}),
    "platform_alarm_take_up": Route(OFFICERS, ids={"pk": "alarm_id"}),
    "report_list": Route(OFFICERS | HOTLINE),
    "report_page": Route(OFFICERS | HOTLINE, ids={"pk": "report_id"}),
    "report_hotline": Route(HOTLINE, ids={"pk": "report_id", "slug": tuple(STEPS)}),
    "report_take_up": Route(OFFICERS, ids={"pk": "report_id"}),
    "report_reopen": Route(OFFICERS, ids={"pk": "report_id"}),
    "report_photo": Route(OFFICERS | HOTLINE, ids={"pk": "report_id"}),
    "focus_list": Route(FOCUS_READERS),
    "focus_page": Route(FOCUS_READERS, ids={"pk": "focus_id"}),
    "focus_act": Route(FOCUS_READERS, ids={"pk": "focus_id", "slug": tuple(FOCUS_STEPS)}),
    "campaign_list": Route(OFFICERS),
    "campaign_new": Route(PLANNERS),
    "campaign_page": Route(OFFICERS, ids={"pk": "campaign_id"}),
    "campaign_act": Route(OFFICERS, ids={"pk": "campaign_id", "slug": tuple(CAMPAIGN_STEPS)}),
    "inspection_list": Route(OFFICERS | INSPECTED),
    "inspection_page": Route(OFFICERS | INSPECTED, ids={"pk": "inspection_id"}),
    "inspection_act": Route(OFFICERS, ids={"pk": "inspection_id", "slug": tuple(TASK_STEPS)}),
    "draw_list": Route(PUBLIC, shows_public_facts=True),
    "draw_page": Route(PUBLIC, ids={"number": "draw_number"}, shows_public_facts=True),
    "draw_commitment": Route(PUBLIC, ids={"number": "draw_number"}, shows_public_facts=True),
    "draw_proof": Route(PUBLIC, ids={"number": "draw_number"}, shows_public_facts=True),
    "ecqs_run_list": Route(OFFICERS),
    "ecqs_export": Route(OFFICERS - {Role.INSPECTOR}),
    "ecqs_import": Route(OFFICERS - {Role.INSPECTOR}),
    "ecqs_run": Route(OFFICERS, ids={"pk": "imported_id"}),
    "ecqs_file": Route(OFFICERS, ids={"pk": "exported_id"}),
    "ecqs_report": Route(OFFICERS, ids={"pk": "imported_id"}),
    # institutes: what they may do is public
    "institute_list": Route(OFFICERS | INSTITUTE_STAFF),
    "institute_page": Route(OFFICERS | INSTITUTE_STAFF, ids={"pk": "institute_id"}),
    "institute_weeks_chart": Route(OFFICERS | INSTITUTE_STAFF, ids={"pk": "institute_id"}),
    "institute_contact": Route(KEEPERS, ids={"pk": "institute_id"}),
    "capability_new": Route(KEEPERS, ids={"pk": "institute_id", "kind": tuple(Capability)}),
    "capability_end": Route(
        KEEPERS, ids={"pk": "institute_id", "kind": "authorisation", "row": "authorisation_id"}
    ),
    # applications for verification
    "application_list": Route(LEDGER),
    "application_new": Route(ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR})),
    "application_page": Route(LEDGER, ids={"pk": "application_id"}),
    "application_slip": Route(LEDGER, ids={"pk": "application_id"}),
    "application_arrived": Route(RECEPTION | {Role.VERIFIER}),
    "line_act": Route(LEDGER, ids={"pk": "line_id", "slug": tuple(LINE_FORMS)}),
    # verification at the institute
    "examination_list": Route(INSTITUTE_STAFF),
    "examination_page": Route(INSTITUTE_STAFF, ids={"pk": "line_id"}),
    "examination_record": Route(frozenset({Role.VERIFIER}), ids={"pk": "line_id"}),
    "examination_tablet": Route(frozenset({Role.VERIFIER})),
    "examination_decide": Route(frozenset({Role.CHECKER, Role.APPROVER})),
    "examination_batch": Route(frozenset({Role.VERIFIER})),
    "certificate_page": Route(LEDGER, ids={"pk": "certificate_id"}),
    "certificate_change": Route(INSTITUTE_STAFF, ids={"pk": "certificate_id"}),
    # certificates, checked by anybody
    "certificate_ask": Route(PUBLIC),
    "certificate_keys": Route(PUBLIC),
    "certificate_public": Route(PUBLIC, ids={"number": "none"}),
    "certificate_document": Route(PUBLIC, ids={"number": "none", "version": "1", "form": "pdf"}),
    "scan_entity": Route(PUBLIC, ids={"code": "entity_code"}, shows_public_facts=True),
}
