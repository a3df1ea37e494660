from django.apps import AppConfig
from django.db.backends.signals import connection_created

from quanheng.kit import acts, refusal, sql_objects
from quanheng.kit.database import take_role


class KitConfig(AppConfig):
    name = "quanheng.kit"
    label = "kit"

    def ready(self) -> None:
        connection_created.connect(take_role, dispatch_uid="quanheng.kit.take_role")
        from quanheng.kit.tasks.kinds import discover  # noqa: PLC0415  it holds a model: not before the apps

        acts.discover()
        refusal.discover()
        discover()
        sql_objects.connect()
