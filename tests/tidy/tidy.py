#!/usr/bin/python3
"""Holds the house rules (rules.py) over a source tree and prints its largest files and functions.

Usage: tidy.py [ROOT]. Exit 1 if a rule is broken, or if a row of exceptions.txt excuses nothing any more.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from rules import RULES  # noqa: E402
from source import Tree  # noqa: E402

# Measured on the repositories' own sources: file median, p90, largest; function median, largest.
MODELS = [
    ("phosphor-modbus", 102, 331, 856, 14, 59),
    ("openbmc telemetry", 51, 188, 659, 5, 203),
    ("mender", 122, 486, 2035, 7, 347),
    ("mqmgateway", 59, 347, 1070, 4, 176),
]
EXCEPTIONS = "tests/tidy/exceptions.txt"


def exceptions_of(tree: Tree) -> dict[tuple[str, str], str]:
    file = tree.by_path.get(EXCEPTIONS)
    rows = [line.split(maxsplit=2) for line in file.text.splitlines() if line and line[0] != "#"] if file else []
    return {(row[0], row[1]): row[2] for row in rows if len(row) == 3}


def broken_rules(tree: Tree) -> list[str]:
    """Each breach as `path:line: what (rule)`."""
    excused = exceptions_of(tree)
    used, breaches = set(), []
    for rule in RULES:
        for path, line, what in rule(tree):
            if (rule.__name__, path) in excused:
                used.add((rule.__name__, path))
            else:
                breaches.append(f"{path}:{line}: {what} ({rule.__name__})")
    for name, path in sorted(set(excused) - used):
        breaches.append(f"{EXCEPTIONS}:1: {path} needs no exception from {name} (unused_exception)")
    return breaches


def print_sizes(tree: Tree) -> None:
    product = [file for file in tree.cpp if not file.path.startswith("tests/")]
    if len(product) < 2:
        return
    lines = sorted(file.lines for file in product)
    functions = sorted((function for file in product for function in file.functions), key=lambda each: -each.lines)
    sizes = [function.lines for function in functions] or [0]
    print(f"{'':22}{'files: median':>14}{'p90':>6}{'max':>6}{'functions: median':>20}{'max':>6}")
    ours = ("portcullis", int(statistics.median(lines)), lines[int(len(lines) * 0.9)], lines[-1],
            int(statistics.median(sizes)), max(sizes))  # fmt: skip
    for name, median, p90, largest, function_median, function_largest in [ours, *MODELS]:
        print(f"{name:22}{median:>14}{p90:>6}{largest:>6}{function_median:>20}{function_largest:>6}")
    print("\nlargest files")
    for file in sorted(product, key=lambda each: -each.lines)[:5]:
        print(f"{file.lines:>6}  {file.path}")
    print("largest functions")
    for function in functions[:5]:
        print(f"{function.lines:>6}  {function.path}:{function.line}  {function.name[-70:]}")


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent
    tree = Tree(root)
    print_sizes(tree)
    breaches = broken_rules(tree)
    print(f"\n{len(RULES)} rules, {len(tree.files)} files, {len(breaches)} breaches")
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
