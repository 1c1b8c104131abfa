"""What a person reads in the terminal once the site answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings


def demo_sign_ins() -> list[str]:
    """Return one line per demo account; reads settings alone, never the database."""
    accounts: Iterable[object] = getattr(settings, "DEMO_ACCOUNTS", ())
    return [str(account) for account in accounts]


def welcome(port: int) -> str:
    """Return the block of text with everything that is worth opening first."""
    site = f"http://localhost:{port}"
    lines = [
        "",
        "Guichet is running.",
        "",
        f"  Site    {site}/",
        f"  Staff   {site}/admin/",
        f"  Mail    {site}/dev/mail/    every message the site sends, sign-in codes too",
        *_sign_ins(),
        "",
        "Ctrl-C stops it. The data stays.",
        "",
    ]
    return "\n".join(lines)


def _sign_ins() -> list[str]:
    known = demo_sign_ins()
    return ["", "  Sign in as", *(f"    {line}" for line in known)] if known else []
