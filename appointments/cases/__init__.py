"""Adapters of the rule cases: one module per case module (see portal.rules.cases)."""
