"""How a session finds its account and its rights: with every page, so by statements kept ready."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal import rows

from .models import User

_ACCOUNT = rows.Columns(User, "u")
_BY_NUMBER = rows.select("FROM accounts_user u WHERE u.id = %s", _ACCOUNT)
_RIGHTS = """
    SELECT c.app_label || '.' || p.codename
    FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id
    WHERE p.id IN (
      SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = %(user)s
      UNION ALL
      SELECT permission_id
      FROM auth_group_permissions JOIN accounts_user_groups USING (group_id)
      WHERE user_id = %(user)s
    )
"""


class AccountBackend(AuthenticationBackend):
    """Signs people in as allauth does."""

    def get_user(self, user_id: Any) -> User | None:
        """Return an account that is still active."""
        found = rows.read(_BY_NUMBER, [user_id], _ACCOUNT)
        return found[0][0] if found and self.user_can_authenticate(found[0][0]) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the account's own rights and those of its groups, read at once.

        As Django does, they are kept with the account; a superuser has all.
        """
        of_nobody = user_obj.is_anonymous or not user_obj.is_active or obj is not None
        if not (of_nobody or user_obj.is_superuser or hasattr(user_obj, "_perm_cache")):
            found = rows.values(_RIGHTS, {"user": user_obj.pk})
            user_obj._perm_cache = {right for (right,) in found}
        rights: set[str] = super().get_all_permissions(user_obj, obj)
        return rights
