# SPDX-License-Identifier: Apache-2.0
"""Complete intakes a second through HTTP, beside raw psycopg committing the same rows: `rexian manage` must not be running on this database.

    .venv/bin/python bench/intake.py [seconds]

Starts an embedded server and Granian of its own in a throw-away folder, makes the synthetic city, and prints for 1, 8 and 32 clients:
intakes a second, p50 and p99 in milliseconds, the raw rate, and the ratio.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import httpx
import psycopg

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
PORT = 8477
CLIENTS = (1, 8, 32)
TEXT = (
    "来电人反映{place}小区{n}号楼从昨晚八点开始停水，今天早上仍未恢复，物业电话无人接听，家中有老人，希望尽快恢复供水。"
)


def environment(folder: Path) -> dict[str, str]:
    """What the processes of a bench are started with; the web server as `rexian run` starts it, on PORT."""
    return os.environ | {
        "REXIAN_VAR": str(folder),
        "REXIAN_PORT": str(PORT),
        "DJANGO_SETTINGS_MODULE": "rexian.config.settings",
    }


def prepare(folder: Path) -> str:
    """A city and an API client; returns the client's token."""
    os.environ.update(environment(folder))
    import django
    from django.core.management import call_command

    django.setup()
    from rexian.intake.actions import register_client

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_city", "yucheng", stdout=open(os.devnull, "w"))  # noqa: SIM115
    return register_client(name="bench", channel="app")[1]


async def drive(token: str, clients: int) -> tuple[float, list[float]]:
    """Intakes a second and each one's time in ms. The clients write HTTP/1.1 by hand: on two cores a library's would be a good part of the load."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        count = 0
        while (begun := time.perf_counter()) < end:
            count += 1
            writer.write(_request(token, number, count))
            await _answer(reader)
            times.append((time.perf_counter() - begun) * 1000)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(clients)))
    return len(times) / (time.perf_counter() - begun), sorted(times)


def _request(token: str, client: int, count: int) -> bytes:
    told = {"text": TEXT.format(place="春和", n=client * 1000 + count), "area": "990102001"}
    body = json.dumps(told | {"telephone": f"1990{client:03d}{count % 10_000:04d}"}).encode()
    head = f"POST /api/v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    return f"{head}Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    body = await reader.readexactly(length)
    assert head.startswith(b"HTTP/1.1 201"), head + body


COPIES = {
    "orders_workorder": "id, number, serial, query_code",
    "orders_orderevent": "id, order_id",
    "intake_receipt": "id, order_id, key",
    "directory_citizen": "id",
    "directory_identity": "id, citizen_id, index",
}


def raw(host: str, clients: int) -> float:
    """Commits a second of the rows of one intake, copied from the newest one, with psycopg alone from as many connections."""
    counts = [0] * clients
    end = time.perf_counter() + SECONDS / 2

    def work(place: int) -> None:
        with psycopg.connect(host=host, user="rexian", dbname="rexian") as connection:
            columns = {}
            for table in COPIES:
                rows = connection.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
                    [table],
                )
                columns[table] = [name for (name,) in rows if name != "id"]
            connection.commit()
            while time.perf_counter() < end:
                _copy(connection, columns)
                connection.commit()
                counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def _copy(connection: "psycopg.Connection[tuple[object, ...]]", columns: dict[str, list[str]]) -> None:
    fresh = {
        "number": "md5(gen_random_uuid()::text)",
        "serial": "nextval('orders_serial')",
        "query_code": "uuid_send(gen_random_uuid())",
    }
    fresh |= {"key": "uuid_send(gen_random_uuid())", "index": "uuid_send(gen_random_uuid())"}
    made: dict[str, object] = {}
    for table in ("directory_citizen", "directory_identity", "orders_workorder", "orders_orderevent", "intake_receipt"):
        names = [f'"{name}"' for name in columns[table]]
        values = [fresh.get(name, f't."{name}"') for name in columns[table]]
        given = []
        for name, source in (("citizen_id", "directory_citizen"), ("order_id", "orders_workorder")):
            if name in columns[table] and source in made:
                values[columns[table].index(name)] = "%s"
                given.append(made[source])
        sql = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} t ORDER BY t.id LIMIT 1 RETURNING id"
        row = connection.execute(sql, given).fetchone()
        assert row is not None
        made[table] = row[0]


def main() -> None:
    from rexian.config.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="rexian-bench-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder)
    server.start()
    web = None
    try:
        token = prepare(folder)
        from rexian.config import supervisor  # settings are read when it is imported

        web = subprocess.Popen(supervisor._web().command, env=environment(folder))
        wait()
        asyncio.run(drive(token, 4))  # warm
        with psycopg.connect(host=str(server.socket_folder), user="rexian", dbname="rexian", autocommit=True) as idle:
            idle.execute("ANALYZE")  # as autovacuum does within a minute: plans made for empty tables are not kept
        # First all of ours, then all of raw: what raw leaves behind is for autovacuum, on the same two cores.
        driven = [asyncio.run(drive(token, clients)) for clients in CLIENTS]
        print(f"{'clients':>8} {'intakes/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'raw/s':>8} {'ratio':>6}")
        for clients, (rate, times) in zip(CLIENTS, driven, strict=True):
            beside = raw(str(server.socket_folder), clients)
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(
                f"{clients:>8} {rate:>10.0f} {p50:>8.1f} {p99:>8.1f} {beside:>8.0f} {rate / beside:>6.2f}", flush=True
            )
    finally:
        if web is not None:
            web.terminate()
            web.wait()
        server.stop()
        for path in (server.home, server.socket_folder, folder):
            shutil.rmtree(path, ignore_errors=True)


def wait() -> None:
    for _ in range(100):
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the web server did not start")


if __name__ == "__main__":
    main()
