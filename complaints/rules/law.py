"""The numbers and marks of complaints and of the register of appeals, read once.

Bodies and periods of a remedy are read where they live, in applications/rules/parameters.toml.
"""

from __future__ import annotations

from pathlib import Path

from portal.rules.parameters import ParameterTable

LAW = ParameterTable.load(Path(__file__).with_name("parameters.toml"))
