from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "quanheng.apps.instruments"
    label = "instruments"

    def ready(self) -> None:
        from quanheng.apps.accounts.services.reorganise_area import areas_moved  # noqa: PLC0415 - needs models
        from quanheng.apps.instruments.services.follow_areas import recount_rates  # noqa: PLC0415

        areas_moved.connect(recount_rates, dispatch_uid="instruments.recount_rates")
