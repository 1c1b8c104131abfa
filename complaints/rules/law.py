"""The law of complaints and appeals, read once."""

from __future__ import annotations

from pathlib import Path

from portal.rules.parameters import ParameterTable

LAW = ParameterTable.load(Path(__file__).with_name("parameters.toml"))
