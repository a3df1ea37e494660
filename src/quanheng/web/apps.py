from django.apps import AppConfig

from quanheng.kit.lists.discovery import on_first_need
from quanheng.web.lists.discovery import import_declarations


class WebConfig(AppConfig):
    name = "quanheng.web"
    label = "web"

    def ready(self) -> None:
        on_first_need(import_declarations)
