from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "quanheng.apps.registry"
    label = "registry"
