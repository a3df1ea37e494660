from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "quanheng.web"
    label = "web"
