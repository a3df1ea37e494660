from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "quanheng.apps.accounts"
    label = "accounts"
