from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "quanheng.demo"
    label = "demo"
