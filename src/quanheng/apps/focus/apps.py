from django.apps import AppConfig


class FocusConfig(AppConfig):
    name = "quanheng.apps.focus"
    label = "focus"

    def ready(self) -> None:
        from quanheng.apps.audit.signals import acts_recorded  # noqa: PLC0415  when the models are there
        from quanheng.apps.focus.services.hear_of_checks import hear_of_checks  # noqa: PLC0415

        acts_recorded.connect(hear_of_checks)
