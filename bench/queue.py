"""How fast handlers see the queue and search it: `python -m bench.queue [cases]`.

Cases of two years, a tenth of them open, with as many words per text and as many bearers per name
as letters to a consulate have: few words stand in almost every text, most in very few.  Pages are
asked for through the whole site, in this process; the time of the database is part of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from bench import _world

CASES = 100_000
TURNS = 40
WORDS = 30_000  # stems that people use
PER_TEXT = 110  # drawn; about 70 different ones remain
# What sounds like names: given ones, and family names of two parts.
GIVEN = "Amina Fatima Mohamed Ahmed Yacine Karim Nadia Rachid Jürgen Claire أمينة محمد"
ROOTS = "Ben Bou Had Zer Mez Cher Man Sah Tou Lar Ham Kad Bel Mes Fer Gue Nas Ouf"
ENDS = "ali moud rouki iane fi sour raoui amine ache di ouche hami kacem lil bi"
# The commonest words are real ones, so that a search can ask for them.
COMMON = (
    "visa dossier passeport guichet agent refus attente documents heures Termin Antrag Schalter "
    "Unterlagen Wartezeit"
)

FILL = """
INSERT INTO complaints_case (id, reference, mission_id, category, state, channel, received_at,
    language, name, email, phone, postal_address, person_key, name_parts, text, text_key, words,
    answer_by_post, outcome, created_at, updated_at, assigned_to_id, assigned_at, closed_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'C-' || lpad(upper(to_hex(n)), 8, '0'), %(mission)s,
    (ARRAY['staff', 'provider', 'provider', 'procedure'])[1 + n %% 4], state,
    (ARRAY['portal', 'portal', 'portal', 'email', 'desk'])[1 + n %% 5],
    now() - (%(cases)s - n) * interval '730 days' / %(cases)s,
    (ARRAY['fr', 'fr', 'fr', 'de'])[1 + n %% 4], people.name, '', '', '',
    sha256(person::text::bytea), people.parts, texts.text, sha256(n::text::bytea), chosen.words,
    false, '', now(), now(), CASE WHEN state = 'received' THEN NULL ELSE %(handler)s END,
    CASE WHEN state = 'received' THEN NULL ELSE now() END,
    CASE WHEN state = 'closed' THEN now() END
FROM generate_series(1, %(cases)s) n
CROSS JOIN LATERAL (SELECT
    CASE WHEN n <= %(cases)s * 0.9 THEN 'closed'
        ELSE (ARRAY['received', 'received', 'received', 'assigned', 'asked'])[1 + n %% 5] END,
    1 + floor(random() * %(people)s + 0 * n)::int) AS drawn(state, person)
JOIN bench_people people ON people.id = drawn.person
JOIN bench_texts texts ON texts.id = 1 + n %% 200
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT hash) FROM (
        SELECT floor(exp(random() * ln(%(words)s::float8)))::int AS rank
        FROM generate_series(1, %(per_text)s + 0 * n)
    ) AS ranks JOIN bench_words USING (rank)
) AS chosen(words)
"""


def main() -> None:
    """Print two tables."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    _world.start_servers()
    _world.prepare_database()
    people = _people()
    began = time.perf_counter()
    _fill(people, cases)
    print(f"{cases} cases written and indexed in {time.perf_counter() - began:.0f} s")
    clients = {name: _signed_in(user) for name, user in people.items()}
    pages = _pages(people["handler"])
    _world.table(
        f"The queue with {cases} cases",
        ["page", "queries", "p50 ms", "p95 ms"],
        [[name, *_measured(clients[who], url)] for name, who, url in pages],
    )
    _world.table(
        "Searches",
        ["search", "queries", "median ms", "p95 ms", "found on the page"],
        [[name, *_searched(clients["handler"], asked)] for name, asked in _searches()],
    )
    print(f"\nNext case, median: {_next_case(people['handler']):.1f} ms")


def _people() -> dict[str, Any]:
    from complaints.models import Desk
    from portal.missions.models import Mission
    from tests.actors import staff

    mission = Mission.objects.get(code="de-algiers")
    handler, chief = staff("complaint_handler", mission), staff("supervisor", mission)
    Desk.objects.create(
        user=handler, categories=["staff", "provider", "procedure"], counter="de-algiers"
    )
    return {"handler": handler, "supervisor": chief}


def _fill(people: dict[str, Any], cases: int) -> None:
    """Write the cases at once; their indexes are made when all rows are there."""
    from django.db import connection

    families = [f"{root}{end}" for root in ROOTS.split() for end in ENDS.split()]
    names = [f"{given} {family}" for given in GIVEN.split() for family in families]
    with connection.cursor() as cursor:
        _tables(cursor, names)
        cursor.execute("ALTER TABLE complaints_case DISABLE TRIGGER USER")
        made = _indexes(cursor)
        for name, _definition in made:
            cursor.execute(f'DROP INDEX "{name}"')
        given = {"cases": cases, "people": len(names), "words": WORDS, "per_text": PER_TEXT}
        people_ids = {"handler": people["handler"].pk, "mission": _mission(people).pk}
        cursor.execute(FILL, given | people_ids)
        cursor.execute(
            "INSERT INTO complaints_complaint (case_id, label, declared_language,"
            " language_verdict, language_insisted, appointment_reference, counter)"
            " SELECT id, 'x', language, '{}', false, '', CASE WHEN random() < 0.1"
            " THEN 'de-algiers' ELSE 'de-oran' END FROM complaints_case"
        )
        for _name, definition in made:
            cursor.execute(definition)
        cursor.execute("ALTER TABLE complaints_case ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def _mission(people: dict[str, Any]) -> Any:
    return people["handler"].missions.get()


def _tables(cursor: Any, names: list[str]) -> None:
    """Make the words, names and texts that cases draw from, hashed and sealed as the app does."""
    from complaints.search_index import _hashed, name_parts
    from portal.encryption import encrypt

    cursor.execute("CREATE TEMP TABLE bench_words (rank int PRIMARY KEY, hash bigint)")
    cursor.execute(
        "CREATE TEMP TABLE bench_people (id int PRIMARY KEY, name bytea, parts bigint[])"
    )
    cursor.execute("CREATE TEMP TABLE bench_texts (id int PRIMARY KEY, text bytea)")
    known = dict(enumerate((_stem(word) for word in COMMON.split()), 1))
    words = [
        (rank, known.get(rank) or _hashed("word of a case", f"word{rank}"))
        for rank in range(1, WORDS + 1)
    ]
    rows = [(n, encrypt(name), name_parts(name)) for n, name in enumerate(names, 1)]
    texts = [(n, encrypt("Le guichet était fermé. " * (10 + n % 40))) for n in range(1, 201)]
    for table, content in (("words", words), ("people", rows), ("texts", texts)):
        marks = ", ".join(["%s"] * len(content[0]))
        cursor.executemany(f"INSERT INTO bench_{table} VALUES ({marks})", content)
    cursor.execute("ANALYZE bench_words")


def _stem(word: str) -> int:
    from complaints.search_index import wanted_words

    return wanted_words(word)[0][0]


def _indexes(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'complaints_case'"
        " AND indexdef NOT LIKE '%UNIQUE%'"
    )
    return list(cursor.fetchall())


def _signed_in(user: Any) -> Any:
    from tests.actors import signed_in

    client = signed_in(user, "password", "mfa")
    client.defaults["SERVER_NAME"] = "localhost"
    return client


def _pages(handler: Any) -> list[tuple[str, str, str]]:
    from complaints.models import Case

    one = Case.objects.filter(assigned_to=handler, state="assigned").first()
    later = Case.objects.order_by("received_at")[Case.objects.count() // 2]
    queue = "/admin/complaints/case/"
    after = f"{later.received_at.isoformat()}~{later.reference}".replace("+", "%2B")
    return [
        ("mine", "handler", queue),
        ("open", "handler", f"{queue}?state=open"),
        ("all, page in the middle", "handler", f"{queue}?state=all&after={after}"),
        ("all, newest first", "supervisor", f"{queue}?state=all&newest=on"),
        ("one category, waits > 20 days", "supervisor", f"{queue}?category=staff&age=20"),
        ("a case", "handler", f"{queue}{one.pk}/change/"),
        ("ages and workload", "supervisor", f"{queue}figures/"),
        ("fairness", "supervisor", f"{queue}fairness/"),
    ]


def _searches() -> list[tuple[str, str]]:
    return [
        ("a common word", "q=visa"),
        ("two common words", "q=dossier+passeport"),
        ("three words, one rare", "q=guichet+agent+Wartezeit"),
        ("a word of no case", "q=Regenschirm"),
        ("a common name", "name=Benali"),
        ("a whole name, misspelt", "name=Mohammed+Benalli"),
        ("an Arabic name", "name=%D8%A7%D9%85%D9%8A%D9%86%D9%87"),
        ("a reference", "q=C-0000-0001"),
        ("a common word in open cases", "q=visa&state=open"),
    ]


def _searched(client: Any, asked: str) -> list[object]:
    url = f"/admin/complaints/case/?{asked}"
    found = client.get(url).content.count(b'<th scope="row">')
    return [*_measured(client, url), found]


def _measured(client: Any, url: str) -> list[object]:
    from django.db import connection

    asked = []

    def count(execute: Any, *given: Any) -> Any:
        asked.append(given)
        return execute(*given)

    with connection.execute_wrapper(count):
        answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    times = [_milliseconds(lambda: client.get(url)) for _turn in range(TURNS)]
    return [len(asked), f"{median(times):.0f}", f"{quantiles(times, n=20)[18]:.0f}"]


def _next_case(handler: Any) -> float:
    from complaints.operations.handling import next_case

    return median(_milliseconds(lambda: next_case(handler=handler)) for _turn in range(TURNS))


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
