from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "quanheng.apps.notices"
    label = "notices"

    def ready(self) -> None:
        from quanheng.apps.audit.signals import acts_recorded  # noqa: PLC0415  when the models are there
        from quanheng.apps.notices.kinds import discover  # noqa: PLC0415
        from quanheng.apps.notices.services.tell_of_acts import tell_of_acts  # noqa: PLC0415
        from quanheng.apps.notices.services.tell_of_task import tell_of_task  # noqa: PLC0415
        from quanheng.kit.tasks.moving import task_over  # noqa: PLC0415

        discover()
        acts_recorded.connect(tell_of_acts)
        task_over.connect(tell_of_task)
