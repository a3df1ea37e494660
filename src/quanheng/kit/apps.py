from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "quanheng.kit"
    label = "kit"
