"""The numbers of the traveller's file, read once; who belongs to what is in memberships.py."""

from __future__ import annotations

from pathlib import Path

from portal.rules.parameters import ParameterTable

LAW = ParameterTable.load(Path(__file__).with_name("parameters.toml"))
