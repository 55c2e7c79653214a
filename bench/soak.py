# SPDX-License-Identifier: Apache-2.0
"""A city's ten minutes: 50 staff at their pages and 500 citizens at portal and API, while the web server is killed twice, and the
stream of notices with it, which each of the staff holds open beside.

    .venv/bin/python bench/soak.py [seconds] [staff] [citizens]

Prints how long each sort of request took, every answer by its status, and what the record says of what clients were told: nothing
acknowledged lost, nothing doubled, `audit verify` clean. Exit status 1 otherwise. `tests/server/test_soak.py` runs the same for half a minute.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.server.soak import Proxied, soak, table


def main() -> int:
    seconds, staff, citizens = ([float(word) for word in sys.argv[1:]] + [600.0, 50.0, 500.0][len(sys.argv) - 1 :])[:3]
    hotline = Proxied()
    try:
        ledger, verdict = soak(hotline, seconds=seconds, staff=int(staff), citizens=int(citizens))
        print(table(ledger, verdict))
    finally:
        hotline.close()
    return 0 if verdict.clean and not ledger.dishonest and not ledger.late and not ledger.deaf else 1


if __name__ == "__main__":
    sys.exit(main())
