# SPDX-License-Identifier: Apache-2.0
"""`rexian-ml evaluate FOLDER`: measures every part of the library on the public data in a folder."""

import argparse
import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rexian_ml import evaluate
from rexian_ml.evaluate import report
from rexian_ml.evaluate.section import Section

Measure = Callable[[Path], Section | None]


def parts() -> dict[str, Measure]:
    """What can be measured, by module name: every module of this folder with a `measure`."""
    names = [found.name for found in pkgutil.iter_modules(evaluate.__path__)]
    modules = {name: importlib.import_module(f"{evaluate.__name__}.{name}") for name in names}
    return {name: module.measure for name, module in modules.items() if hasattr(module, "measure")}


def run(data: Path, chosen: Sequence[str]) -> Iterator[tuple[str, Section | None]]:
    """The chosen parts (none: all) with their sections, each told on standard error with its time; a part that fails ends no other."""
    known = parts()
    for name in chosen or known:
        start = time.monotonic()
        try:
            section = known[name](data)
        except Exception:
            traceback.print_exc()
            yield name, None
            continue
        spent = time.monotonic() - start
        print(f"{name}: {'its data are not there' if section is None else f'{spent:.0f} s'}", file=sys.stderr)
        if section is not None:
            yield name, section


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line, read; exits with 2 where it is wrong."""
    reader = argparse.ArgumentParser("rexian-ml", description=evaluate.__doc__)
    command = reader.add_subparsers(required=True).add_parser("evaluate", help=__doc__)
    command.add_argument("folder", type=Path, help="where the public data are")
    command.add_argument("--out", type=Path, default=Path("report"), help="where report.md and its pictures go")
    command.add_argument("--only", action="append", default=[], choices=list(parts()), metavar="PART")
    return reader.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Returns 0, or 1 where a part failed or nothing could be measured."""
    told = arguments(words)
    found = dict(run(told.folder, told.only))
    sections = [section for section in found.values() if section is not None]
    if not sections:
        print(f"Nothing measured in {told.folder}.", file=sys.stderr)
        return 1
    print(report.write(sections, told.out))
    return int(len(sections) < len(found))
