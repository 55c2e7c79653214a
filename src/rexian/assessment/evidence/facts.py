# SPDX-License-Identifier: Apache-2.0
"""What is known of a hotline when its indicators are measured: small tables of counts, no row of anybody. Pure; `gathering` fills them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end); without a start, the state at `end`."""

    start: datetime | None
    end: datetime

    @property
    def days(self) -> float:
        """Its length in days, 0 for a state."""
        return (self.end - self.start).total_seconds() / 86_400 if self.start else 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` of `total`; `examples` names a few of those that are lacking, for staff who may mend them."""

    count: int = 0
    total: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's orders received in the period; `joined`: accepted at the one desk and filed under a citizen's record."""

    code: str
    name: str
    spoken: bool
    orders: int
    joined: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """Orders of a channel dispatched under a clause of a rule pack (`pack` empty: under none)."""

    channel: str
    pack: str
    orders: int


NONE = Tally()


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of the orders received in the period unless said otherwise."""

    period: Period
    channels: tuple[Channel, ...] = ()
    ruled: tuple[Ruled, ...] = ()
    # the five elements (五要素) that orders were recorded with
    who: Tally = NONE
    when: Tally = NONE
    where: Tally = NONE
    what: Tally = NONE
    why: Tally = NONE
    # the record
    kept: Tally = NONE
    """Numbers given out until the last seal whose order is still stored, here or in the archive; explained gaps are left out."""
    sealed: Tally = NONE
    """Hours of the period that are sealed."""
    consistent: Tally = NONE
    """Orders whose times and references do not contradict each other."""
    cleaned: int = 0
    """Repeats merged, proposals corrected, double citizens joined."""
    contacts: Tally = NONE
    """Telephone numbers that are stored encrypted."""
    published: Tally = NONE
    """Published replies without a mobile or identity number."""
    # master data and metadata, now
    catalogued: Tally = NONE
    """Lowest categories with an open line of the dispatch catalogue."""
    duties: Tally = NONE
    """Departments whose duties are written down."""
    positioned: Tally = NONE
    """Areas below the city with a position or an outline."""
    columns: Tally = NONE
    """Columns of the database that are declared with their sensitivity."""
    # life cycle, now
    clocked: Tally = NONE
    """Open orders on which a limit runs."""
    archived: Tally = NONE
    """Orders of more than a year ago that are archived."""
    expiring: Tally = NONE
    """Rows with a declared retention that have not outlived it."""
    # people, now
    placed: Tally = NONE
    """Accounts with a department, so with a scope of data."""
    own_password: Tally = NONE
    two_factor: Tally = NONE
    department_accounts: Tally = NONE
    """Accounts of handling departments that are bound to theirs."""
    # sharing
    taken: Tally = NONE
    """Departments that handled orders and took their data."""
    clients: Tally = NONE
    """Systems admitted to the interface that sent something."""
    exports_done: Tally = NONE
    exports_recorded: Tally = NONE
    # tools
    proposed: Tally = NONE
    """Orders with a proposal of the machine."""
    followed: Tally = NONE
    """Of dispatched orders with a proposal, those that no dispatcher corrected."""
    trends: Tally = NONE
    """Alarms of rising trends that somebody dealt with."""
    matters: Tally = NONE
    """Alarms of sensitive matters that somebody dealt with."""
    articles: int = 0
    """Live articles of the knowledge base."""
    public_articles: int = 0
    useful: Tally = NONE
    """Citizens' votes on published answers that found them useful."""
    instructions: int = 0
    """Orders that leaders urged or had supervised, and alarms that they dealt with."""

    @property
    def orders(self) -> int:
        """All orders received in the period."""
        return sum(one.orders for one in self.channels)

    @property
    def now(self) -> Period:
        """The state at the end of the period."""
        return Period(None, self.period.end)
