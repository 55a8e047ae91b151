"""Runs queries in chDB. A program of its own: chDB is in an environment that has nothing else.

Takes JSON on standard input: `rows` for the table `events`, and `queries`, each with `query` and
`settings`; gives for each the rows of its result, by the names of their columns.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from chdb.session import Session

# Of the columns that PostHog's table has, those that its SQL names too.
TABLE = """
CREATE TABLE classes.events (
    uuid UUID, event String, distinct_id String, properties String,
    timestamp DateTime64(6, 'UTC'), created_at DateTime64(3, 'UTC')
) ENGINE = Memory
"""


def main() -> None:
    """Answer what standard input asks."""
    asked = json.load(sys.stdin)
    session = Session()
    session.query("CREATE DATABASE classes")
    session.query("USE classes")
    session.query(TABLE)
    lines = "\n".join(json.dumps(row) for row in asked["rows"])
    session.query(f"INSERT INTO classes.events FORMAT JSONEachRow {lines}")
    found = [run(session, each["query"], each["settings"]) for each in asked["queries"]]
    json.dump(found, sys.stdout)


def run(session: Session, query: str, settings: dict[str, Any]) -> Any:
    """Give the rows of a query's result."""
    told = ", ".join(
        f"{name} = {value}"
        for name, value in {**settings, "output_format_json_quote_64bit_integers": 0}.items()
    )
    return json.loads(str(session.query(f"{query} SETTINGS {told}", "JSON")))["data"]


if __name__ == "__main__":
    main()
