"""What has to end with an application: rows of other apps that protect it, or copies of its data.

An app whose rows point at applications registers a hook in its `ready()`.  The hook gets locked
applications and runs in the transaction that ends them: with `erase` its rows must be gone
afterwards, without it they stay and must not lead to a person any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .models import Application

Hook = Callable[[Sequence[Application], bool], None]
_HOOKS: list[Hook] = []


def before_ending(hook: Hook) -> None:
    """Call `hook(applications, erase)` before applications are erased or made anonymous."""
    if hook not in _HOOKS:
        _HOOKS.append(hook)


def tell(applications: Sequence[Application], *, erase: bool) -> None:
    """Let every app end its part."""
    for hook in _HOOKS:
        hook(applications, erase)
