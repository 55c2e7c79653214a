# SPDX-License-Identifier: Apache-2.0
"""Who acts: what every action takes as `by=`."""

from dataclasses import dataclass

from rexian.security.posts import Outsider, Post


@dataclass(frozen=True, slots=True)
class By:
    """The person or rule behind an act.

    `departments` are the ids of the departments whose orders this person may handle (the person's own and those below it);
    None means every department. `areas` are the codes of areas whose orders the person sees, each with what lies below it;
    None means the whole city.
    """

    role: Post | Outsider
    name: str = ""
    user_id: int | None = None
    department_id: int | None = None
    departments: frozenset[int] | None = None
    areas: tuple[str, ...] | None = None


SYSTEM = By(role=Outsider.SYSTEM)
CITIZEN = By(role=Outsider.CITIZEN)
