# SPDX-License-Identifier: Apache-2.0
"""What a web process loads when it starts, so that the first person who asks does not wait for it: models, segmenter, the index of articles."""

import logging
from collections.abc import Callable
from threading import Thread

from django.db import DatabaseError, connection
from django.utils import timezone
from psycopg_pool import PoolTimeout

from rexian.directory.models import City
from rexian.directory.queries import city
from rexian.intake import elements, proposals
from rexian.knowledge import retrieving

log = logging.getLogger(__name__)
_loading: list[Thread] = []


def start(load: Callable[[], object] | None = None) -> None:
    """Begins to load beside what the process does; only the web server's entry point calls it."""
    thread = Thread(target=_guarded, args=(load or everything,), name="warming", daemon=True)
    _loading.append(thread)
    thread.start()


def waiting() -> bool:
    """Whether this process is still loading. Where loading failed it is not: what is missing is then loaded when it is asked for."""
    return any(thread.is_alive() for thread in _loading)


def everything() -> None:
    """Asks once for what an agent's first sentence asks for; any text needs all of it, here the city's name."""
    text = city().name
    proposals.propose(text)
    elements.heard(text, timezone.now())
    retrieving.found(text)


def _guarded(load: Callable[[], object]) -> None:
    try:
        load()
    except (DatabaseError, PoolTimeout, OSError, ValueError, City.DoesNotExist) as error:
        log.warning("the models were not loaded beforehand: %s", error)
    finally:
        connection.close()
