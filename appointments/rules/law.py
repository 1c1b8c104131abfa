"""The law of appointments, read once."""

from __future__ import annotations

from pathlib import Path

from portal.rules.parameters import ParameterTable

LAW = ParameterTable.load(Path(__file__).parent / "parameters.toml")
