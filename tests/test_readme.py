"""The README leads to a site that lacks nothing."""

from pathlib import Path

from portal.devserver.management.commands.prepare import LOADERS

README = Path(__file__).parent.parent / "README.md"


def test_running_it_for_real_loads_what_make_run_loads():
    for_real = README.read_text(encoding="utf-8").partition("## Run it for real")[2]
    missing = [loader for loader in LOADERS if f"manage.py {loader}" not in for_real]
    assert missing == []
