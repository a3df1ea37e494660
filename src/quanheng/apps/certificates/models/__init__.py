"""Institutes and what they may do; applications; examinations; certificates."""

from quanheng.apps.certificates.models.applications import Application, ApplicationLine
from quanheng.apps.certificates.models.certificates import (
    Certificate,
    CertificateChange,
    CertificateSeries,
    CertificateSignature,
    CertificateVersion,
)
from quanheng.apps.certificates.models.examinations import Examination
from quanheng.apps.certificates.models.institutes import Authorisation, MeasurementStandard, Qualification
from quanheng.apps.certificates.models.reminders import Reminder

__all__ = [
    "Application",
    "ApplicationLine",
    "Authorisation",
    "Certificate",
    "CertificateChange",
    "CertificateSeries",
    "CertificateSignature",
    "CertificateVersion",
    "Examination",
    "MeasurementStandard",
    "Qualification",
    "Reminder",
]
