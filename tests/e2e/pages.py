"""The pages that every check of the look walks over. Whoever adds a page adds a line."""

from __future__ import annotations

from dataclasses import dataclass

from quanheng.apps.accounts.enums import Role


@dataclass(frozen=True, slots=True)
class PageCase:
    """A page, and as whom it is opened (None: nobody has signed in)."""

    path: str
    role: Role | None = None

    def __str__(self) -> str:
        return f"{self.path} {self.role or 'public'}"


PAGES = (
    PageCase("/"),
    PageCase("/log/"),
    PageCase("/calculators/"),
    PageCase("/calculators/net-content/?example=accepted"),
    PageCase("/calculators/uncertainty/?example=mass"),
    PageCase("/calculators/deadline/?example=case-with-testing"),
    PageCase("/calculators/draw/"),
    PageCase("/calculators/survey-rate/?example=clusters"),
    PageCase("/calculators/proportion/?example=clean"),
    PageCase("/calculators/calibration-interval/?example=shorten"),
    PageCase("/calculators/drift-interval/?example=limits"),
    PageCase("/calculators/run-length/?example=cusum"),
    PageCase("/calculators/factor-change/?example=step"),
    PageCase("/gallery/"),
    PageCase("/gallery/list/rows/"),
    PageCase("/gallery/list/empty/"),
    PageCase("/gallery/list/filtered/"),
    PageCase("/gallery/list/too_much/"),
    PageCase("/gallery/error/403/"),
    PageCase("/gallery/error/404/"),
    PageCase("/gallery/error/429/"),
    PageCase("/gallery/error/500/"),
    PageCase("/desk/", Role.COUNTY_OFFICER),
    PageCase("/search/", Role.COUNTY_OFFICER),
    PageCase("/search/?q=2026&all=1", Role.COUNTY_OFFICER),
    PageCase("/search/?q=nothing-like-this", Role.MARKET_OPERATOR),
    PageCase("/camera/", Role.INSPECTOR),
    PageCase("/desk/", Role.MARKET_OPERATOR),
    PageCase("/verification-records/", Role.COUNTY_OFFICER),
    PageCase("/certificates/", Role.INSTITUTE_CLERK),
    PageCase("/certificates/", Role.MARKET_OPERATOR),
    PageCase("/certificate-changes/", Role.APPROVER),
    PageCase("/repairs/", Role.REPAIRER),
    PageCase("/desk/", Role.REPAIRER),
    PageCase("/c/"),
    PageCase("/due/", Role.MARKET_OPERATOR),
    PageCase("/messages/", Role.SYSTEM_ADMINISTRATOR),
    PageCase("/webhooks/", Role.COUNTY_OFFICER),
    PageCase("/webhooks/new/", Role.COUNTY_OFFICER),
    PageCase("/reminders/", Role.COUNTY_OFFICER),
    PageCase("/institutes/", Role.PROVINCE_OFFICER),
    PageCase("/applications/", Role.INSTITUTE_CLERK),
    PageCase("/applications/new/", Role.MARKET_OPERATOR),
    PageCase("/applications/new/", Role.COUNTY_OFFICER),
    PageCase("/examinations/", Role.VERIFIER),
    PageCase("/examinations/batch/", Role.VERIFIER),
    PageCase("/examinations/tablet/", Role.VERIFIER),
    PageCase("/exchange/", Role.COUNTY_OFFICER),
    PageCase("/exchange/", Role.SYSTEM_ADMINISTRATOR),
    PageCase("/exchange/events/", Role.COUNTY_OFFICER),
    PageCase("/exchange/alarms/", Role.COUNTY_OFFICER),
    PageCase("/reports/", Role.COUNTY_OFFICER),
    PageCase("/half-year-reports/", Role.COUNTY_OFFICER),
    PageCase("/half-year-reports/areas/", Role.COUNTY_OFFICER),
    PageCase("/focus/", Role.COUNTY_OFFICER),
    PageCase("/campaigns/", Role.COUNTY_OFFICER),
    PageCase("/campaigns/new/", Role.COUNTY_OFFICER),
    PageCase("/inspections/", Role.COUNTY_OFFICER),
    PageCase("/draws/", Role.COUNTY_OFFICER),
    PageCase("/exchange/ecqs/", Role.COUNTY_OFFICER),
    PageCase("/exchange/ecqs/export/", Role.COUNTY_OFFICER),
    PageCase("/exchange/ecqs/import/", Role.COUNTY_OFFICER),
    PageCase("/indicators/t1/", Role.COUNTY_OFFICER),
    PageCase("/indicators/coded/", Role.COUNTY_OFFICER),
    PageCase("/indicators/coded/trend/", Role.COUNTY_OFFICER),
    PageCase("/indicators/coded/rows/", Role.COUNTY_OFFICER),
    PageCase("/exports/", Role.COUNTY_OFFICER),
    PageCase("/tasks/", Role.COUNTY_OFFICER),
    PageCase("/instruments/", Role.COUNTY_OFFICER),
    PageCase("/entities/", Role.COUNTY_OFFICER),
    PageCase("/codes/", Role.COUNTY_OFFICER),
    PageCase("/codes/blank/new/", Role.COUNTY_OFFICER),
    PageCase("/codes/bind/", Role.COUNTY_OFFICER),
    PageCase("/pick/areas/?q=区", Role.COUNTY_OFFICER),
)
