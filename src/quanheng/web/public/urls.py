"""Addresses that anybody opens with a phone. `settings.PUBLIC_PREFIXES` names their beginnings."""

from __future__ import annotations

from django.urls import path

from quanheng.web.public import certificates, entity, log, report, scan

urlpatterns = [
    path("s/", scan.ask, name="scan_ask"),
    path("s/keys.json", scan.keys, name="scan_keys"),
    path("s/<str:address>", scan.scan, name="scan"),
    path("s/<str:address>/", scan.scan, name="scan_with_slash"),  # as some scanners and people write it
    path("s/<str:code>/photo", scan.photo, name="scan_photo"),
    path("s/<str:code>/report", report.report, name="scan_report"),
    path("s/<str:code>/received/<str:number>", report.received, name="scan_received"),
    path("s/<str:code>/record", log.record, name="scan_record"),
    path("log/", log.home, name="log_home"),
    path("log/key", log.key, name="log_key"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/tile/<path:path>", log.tile, name="log_tile"),
    path("log/proof/<int:index>", log.proof, name="log_proof"),
    path("e/<str:code>", entity.entity, name="scan_entity"),
    path("c/", certificates.ask, name="certificate_ask"),
    path("c/keys.json", certificates.keys, name="certificate_keys"),
    path("c/<str:code>/<str:number>", certificates.certificate, name="certificate_public"),
    path(
        "c/<str:code>/<str:number>/<int:version>.<str:form>",
        certificates.document,
        name="certificate_document",
    ),
]
