from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "quanheng.apps.exchange"
    label = "exchange"

    def ready(self) -> None:
        from quanheng.apps.audit.signals import acts_recorded  # noqa: PLC0415  when the models are there
        from quanheng.apps.exchange.services.tell_platform import tell_platform  # noqa: PLC0415

        acts_recorded.connect(tell_platform)
