"""The law of the traveller's file: all tables of this folder, read once."""

from __future__ import annotations

from pathlib import Path

from portal.rules.parameters import ParameterTable

_FOLDER = Path(__file__).parent
_TABLES = ("parameters.toml", "memberships.toml")

LAW = ParameterTable.load(*(_FOLDER / name for name in _TABLES if (_FOLDER / name).exists()))
