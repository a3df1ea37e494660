from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "quanheng.web"
    label = "web"

    def ready(self) -> None:
        from quanheng.web.lists.discovery import load_declarations

        load_declarations()
