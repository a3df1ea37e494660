from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "quanheng.apps.people"
    label = "people"
