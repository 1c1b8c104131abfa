from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sign-in, second factor and roles."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Grant the rights of the roles after every migrate; keep record of second factors."""
        from portal.accounts import second_factor  # noqa: F401
        from portal.accounts.roles import grant_roles

        post_migrate.connect(grant_roles, dispatch_uid="grant_roles")
