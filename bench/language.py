"""How long, how large and how right the check of a text's language is: `python -m bench.language`.

No database, no web.  The texts are the set that the project labelled itself.
"""

from __future__ import annotations

import os
import statistics
import time
import tomllib
from datetime import date
from pathlib import Path

import psutil

from bench._world import table

TEXTS = Path("tests/complaints/rules/texts.toml")
DAY = date(2026, 11, 22)
BOTH = frozenset({"fr", "de"})
PAGES = ("fr", "de")
ROUNDS = 5
PROMISED = "promised: under 20 ms at the median, at most 150 MB in a worker"


def main() -> None:
    """Print memory first, while nothing else has grown; then accuracy and time."""
    groups = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["texts"]
    memory = _memory([text for group in groups for text in group["texts"]])
    table("Memory of the language check (MiB)", ["what", "MiB"], memory)
    rows = [_accuracy(group) for group in groups]
    count = sum(len(group["texts"]) for group in groups)
    table(
        f"Accuracy on {count} texts, on a French and on a German page",
        ["texts in", "texts", "wanted", "as wanted on fr", "on de"],
        rows,
    )
    times = [["the set, each text", *_times([t for g in groups for t in g["texts"]])]]
    for size in (1_000, 10_000, 100_000):
        long = ("L'agent au guichet a crié sur ma mère devant tout le monde. " * 2_000)[:size]
        times.append([f"one text of {size:,} signs", *_times([long] * 10)])
    table("Milliseconds for one check, reading and policy", ["what", "median", "p95"], times)
    print(PROMISED)


def _judge(text: str, page: str) -> object:
    from complaints.language_detector import read_languages
    from complaints.rules.language import LanguageFacts, language_verdict

    facts = LanguageFacts(text=text, guesses=read_languages(text, DAY), accepted=BOTH, page=page)
    return language_verdict(facts, DAY)


def _memory(texts: list[str]) -> list[list[object]]:
    """Measure what loading adds, and what a forked worker adds of its own by checking texts."""
    from complaints import language_detector

    process = psutil.Process()
    before = process.memory_info().rss
    start = time.perf_counter()
    language_detector.load()
    seconds = time.perf_counter() - start
    loaded = process.memory_info().rss
    own = _forked(texts)
    return [
        ["added by loading it", round((loaded - before) / 2**20, 1)],
        ["process that loads it alone, in all", round(loaded / 2**20, 1)],
        ["highest on the way there", round(_peak(), 1)],
        ["added to a forked worker by the whole set", round(own / 2**20, 1)],
        [f"(loading took {seconds:.1f} s)", ""],
    ]


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _forked(texts: list[str]) -> int:
    """Return by how many bytes the memory of a child alone (USS) grows while it checks `texts`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        process = psutil.Process()
        first = process.memory_full_info().uss
        for text in texts:
            _judge(text, "fr")
        os.write(writing, str(process.memory_full_info().uss - first).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 64))


def _accuracy(group: dict) -> list[object]:
    shares = []
    for page in PAGES:
        verdicts = [_judge(text, page) for text in group["texts"]]
        right = sum(_as_wanted(group, verdict) for verdict in verdicts)
        shares.append(f"{100 * right / len(verdicts):.1f} %")
    return [group["name"], len(group["texts"]), group["reads"], *shares]


def _as_wanted(group: dict, verdict: object) -> bool:
    if group["reads"] == "asked":
        return verdict.outcome != "accepted"
    return verdict.outcome == "accepted" and verdict.results["language"] == group["language"]


def _times(texts: list[str]) -> list[str]:
    found = []
    for _ in range(ROUNDS):
        for text in texts:
            start = time.perf_counter()
            _judge(text, "fr")
            found.append((time.perf_counter() - start) * 1000)
    return [f"{statistics.median(found):.2f}", f"{statistics.quantiles(found, n=20)[-1]:.2f}"]


if __name__ == "__main__":
    main()
