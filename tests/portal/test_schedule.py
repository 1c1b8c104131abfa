"""The one table of what beat starts."""

from importlib import import_module

from portal.celery import app
from portal.schedule import BEAT


def test_beat_starts_the_table():
    assert app.conf.beat_schedule == BEAT


def test_every_line_names_a_task():
    for name, line in BEAT.items():
        module, _dot, task = line["task"].rpartition(".")
        assert getattr(import_module(module), task).name == line["task"], name


def test_no_line_names_a_task_twice():
    tasks = [line["task"] for line in BEAT.values()]
    assert len(tasks) == len(set(tasks))
