# SPDX-License-Identifier: Apache-2.0
"""The workflow table as a page of the docs: a Mermaid diagram and every edge. Run as `python -m rexian.orders.diagram > docs/reference/workflow.md`."""

from collections.abc import Iterator

from rexian.orders.workflow import EDGES, Edge, State


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join(
        ["# Workflow", "", "Made from `rexian.orders.workflow`; do not edit.", "", "```mermaid", "stateDiagram-v2"]
        + list(_arrows())
        + ["```", "", "| edge | from | to | who | requires | records | why |", "|---|---|---|---|---|---|---|"]
        + [_row(edge) for edge in EDGES.values()]
        + [""]
    )


def _arrows() -> Iterator[str]:
    for edge in EDGES.values():
        if edge.target is None:
            continue
        for source in sorted(str(state) for state in edge.sources) or ["[*]"]:
            yield f"  {source} --> {edge.target}: {edge.name}"
    yield f"  {State.ARCHIVED} --> [*]"


def _row(edge: Edge) -> str:
    cells = (
        f"`{edge.name}`",
        ", ".join(sorted(edge.sources)) or "—",
        edge.target or "stays",
        ", ".join(sorted(edge.who)) + (" (own)" if edge.own else ""),
        ", ".join(edge.requires) or "—",
        ", ".join(edge.records) or "—",
        edge.why,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(page(), end="")
