# SPDX-License-Identifier: Apache-2.0
"""A city for benches that ask its pages: a given folder's, or a simulated one that is thrown away."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake import environment, wait


@dataclass(frozen=True)
class City:
    """A hotline that runs: an API client's token, its web server, and the server of the stream where that was asked for."""

    token: str
    web: "subprocess.Popen[bytes]"
    stream: "subprocess.Popen[bytes] | None" = None


@contextmanager
def city(given: Path | None, *, stream: bool = False) -> Iterator[City]:
    """The database and the servers of a folder, as `rexian run` starts them; without a folder a city of 20,000 orders is made."""
    folder = given or Path(tempfile.mkdtemp(prefix="rexian-bench-"))
    folder.chmod(0o755)
    os.environ.update(environment(folder))
    import django

    django.setup()
    from django.core.management import call_command

    from rexian.config import supervisor
    from rexian.config.postgres import EmbeddedPostgres
    from rexian.intake.actions import register_client
    from rexian.orders.models import WorkOrder

    server = EmbeddedPostgres(folder)
    running = server.running()
    server.start()
    try:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not WorkOrder.objects.exists():
            call_command("simulate", orders=20_000, days=90, seed=1)
        _client, token = register_client(name=f"bench {time.time():.0f}", channel="app")
        commands = [supervisor._web().command, *([supervisor._stream().command] if stream else [])]
        processes = [subprocess.Popen(command, env=environment(folder)) for command in commands]
        try:
            wait()
            yield City(token, *processes)
        finally:
            for process in processes:
                process.terminate()
                process.wait()
    finally:
        if not running:
            server.stop()
        if given is None:
            shutil.rmtree(folder, ignore_errors=True)
