from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "quanheng.jobs"
    label = "jobs"
