from django.apps import AppConfig

from quanheng.kit.rewriting import also_encrypted


class AccountsConfig(AppConfig):
    name = "quanheng.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from quanheng.apps.accounts.second_factors import SecondFactors  # noqa: PLC0415  it reads a model

        also_encrypted(SecondFactors())
