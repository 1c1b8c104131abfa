"""What people may ask of their data, and how data end: export, erasure, purge (DP-03 to DP-05).

This room knows no app.  Apps register in their `ready()` what they hold about a person
(`sections.register_section`) and what ends by itself (`purges.register_purge`).
"""
