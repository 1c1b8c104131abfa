"""How a session finds its account again: with every page, so by a statement that is kept ready."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal import rows

from .models import User

_ACCOUNT = rows.Columns(User, "u")
_BY_NUMBER = rows.select("FROM accounts_user u WHERE u.id = %s", _ACCOUNT)


class AccountBackend(AuthenticationBackend):
    """Signs people in as allauth does."""

    def get_user(self, user_id: Any) -> User | None:
        """Return an account that is still active."""
        found = rows.read(_BY_NUMBER, [user_id], _ACCOUNT)
        return found[0][0] if found and self.user_can_authenticate(found[0][0]) else None
