from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "quanheng.apps.indicators"
    label = "indicators"

    def ready(self) -> None:
        from quanheng.apps.indicators import declared  # noqa: PLC0415 - the declarations need models

        for module in iter_modules(declared.__path__, f"{declared.__name__}."):
            import_module(module.name)
