# SPDX-License-Identifier: Apache-2.0
"""What NOTIFY in every transaction costs the commits, beside the same inserts without it (docs/adr/0009-notices.md).

    .venv/bin/python bench/notify.py [connections] [rounds]

A durable throw-away PostgreSQL; short transactions of one insert from as many connections, with and without `pg_notify`, in turn, so that what
else the machine does falls on both. Prints commits a second of each, the median of the rounds, and the ratio.
"""

import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from rexian.config.postgres import EmbeddedPostgres

CONNECTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 16
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
SECONDS = 3.0
PLAIN = "INSERT INTO event (edge) VALUES ('submit')"
NOTIFY = "WITH one AS (INSERT INTO event (edge) VALUES ('submit') RETURNING id) SELECT pg_notify('events', id::text) FROM one"


def commits(host: str, sql: str) -> float:
    """Commits a second of one statement from CONNECTIONS connections."""
    counts = [0] * CONNECTIONS
    end = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        with psycopg.connect(host=host, user="rexian", dbname="rexian", autocommit=True) as connection:
            while time.perf_counter() < end:
                connection.execute(sql)
                counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="rexian-notify-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        host = str(server.socket_folder)
        with psycopg.connect(host=host, user="rexian", dbname="rexian", autocommit=True) as listener:
            listener.execute("CREATE TABLE event (id bigserial PRIMARY KEY, edge text)")
            listener.execute("LISTEN events")
            rounds = [(commits(host, PLAIN), commits(host, NOTIFY)) for _ in range(ROUNDS)]
        plain, notify = (statistics.median(column) for column in zip(*rounds, strict=True))
        ratio = statistics.median(b / a for a, b in rounds)
        print(f"{CONNECTIONS} connections: {plain:.0f} commits/s, with NOTIFY {notify:.0f} ({ratio:.2f})")
    finally:
        server.stop()
        for path in (server.home, server.socket_folder, folder):
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
