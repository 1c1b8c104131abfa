"""Comparing what rests as keyed hashes: which parts are rare, and how many two cases share."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import BigIntegerField, F, Func, IntegerField, Value

from .models import Case

# What the database gathered about the array; nothing yet for a table that is new.
_RAREST = """
    SELECT wanted.part
    FROM unnest(%s::bigint[]) AS wanted(part)
    LEFT JOIN (
        SELECT common.part, common.share
        FROM pg_stats,
            unnest(most_common_elems::text::bigint[], most_common_elem_freqs)
                AS common(part, share)
        WHERE schemaname = current_schema() AND tablename = %s AND attname = %s
    ) AS common USING (part)
    ORDER BY common.share NULLS FIRST, wanted.part
    LIMIT %s
"""


def rarest(column: str, parts: Iterable[int], count: int) -> list[int]:
    """Return the `count` parts that the fewest cases have in `column`; one query.

    By the statistics of the last ANALYZE: a part that they do not name is rare.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAREST, [list(parts), Case._meta.db_table, column, count])
        return [part for (part,) in cursor.fetchall()]


def shared_parts(column: str, parts: Iterable[int]) -> Func:
    """Return how many of `parts` a row has in `column`, as a database expression.

    A term for each part: to open the array of each row and count takes longer.  The terms stand
    side by side, for a sum of sums could be too deep for a long name.
    """
    none = Value(0, output_field=IntegerField())
    terms = [
        Func(
            Value(part, output_field=BigIntegerField()),
            F(column),
            template="(%(expressions)s))::integer",
            arg_joiner=" = ANY(",
            output_field=IntegerField(),
        )
        for part in parts
    ]
    return Func(
        none, *terms, template="(%(expressions)s)", arg_joiner=" + ", output_field=IntegerField()
    )
