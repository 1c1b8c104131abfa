"""What a person reads in the terminal once the site answers."""

from __future__ import annotations

from django.conf import settings

from portal.accounts import demo


def demo_sign_ins() -> list[str]:
    """Return one line per demo account; none where a real database has none of them."""
    return demo.sign_ins() if settings.EMBEDDED else []


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
