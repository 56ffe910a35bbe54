#!/usr/bin/python3
"""Which C++ files can be compiled as one, because none defines a name that another, or a header of it, has too. Most of
the time of a compiler goes into headers, the same ones for every file. script/lint and cmake/together.cmake ask here.
Usage: together.py LIST, of lines `target file`: prints a line `target group file` for each.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_FILES = 12
INCLUDED = re.compile(r'#include "([^"]+)"')
# Brings names in that this script does not see, or is a whole program's `operator new`, which nobody must see through.
STANDS_ALONE = re.compile(r"^(?:using enum |void\* operator new)", re.MULTILINE)

# What a source file declares at the beginning of a line, where clang-format puts everything of a namespace.
CONSTANT = re.compile(r"(?:inline\s+|static\s+)*(?:constexpr|const)\s+[^=({;]*?\b(\w+)\s*(?:\[[^\]]*\])?\s*[={(;]")
DECLARED = [
    re.compile(r"(?:template\s*<[^>]*>\s*)?(?:struct|class|enum class|enum|union)\s+(\w+)"),
    re.compile(r"using\s+(\w+)\s*="),
    CONSTANT,
    re.compile(r"(?!\s)[\w:<>,&*\s\[\]]*?[\s&*>](\w+)\("),
    re.compile(r"#define\s+(\w+)"),
]
BORROWED = re.compile(r"using\s+((?:\w+::)+(\w+));")


@cache
def declared_in(file: Path) -> frozenset[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(match.group(1) for line in lines for pattern in DECLARED if (match := pattern.match(line)))


def constants_in(file: Path) -> frozenset[str]:
    """These are a file's own also where a header has the name in another namespace."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(match.group(1) for line in lines if (match := CONSTANT.match(line)))


def borrowed_in(file: Path) -> dict[str, str]:
    """Names of other namespaces that a file uses as its own, and where each is from."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {match.group(2): match.group(1) for line in lines if (match := BORROWED.match(line))}


@cache
def headers_of(file: Path) -> frozenset[Path]:
    """Ours, also those that they include."""
    found: set[Path] = set()
    for name in INCLUDED.findall(file.read_text(encoding="utf-8")):
        for header in (ROOT / "daemon" / name, ROOT / name):
            if header not in found and header.exists():
                found |= {header} | headers_of(header)
    return frozenset(found)


class Names:
    """What a file, or several as one, bring with them: `own` that nobody else may have, and `seen` in their headers."""

    def __init__(self, file: str | None = None) -> None:
        self.own: frozenset[str] = frozenset()
        self.seen: frozenset[str] = frozenset()
        self.constants: frozenset[str] = frozenset()
        self.borrowed: dict[str, str] = {}
        self.alone = False
        if file:
            self.alone = bool(STANDS_ALONE.search(Path(file).read_text(encoding="utf-8")))
            self.constants = constants_in(Path(file))
            self.borrowed = borrowed_in(Path(file))
            self.seen = frozenset().union(*map(declared_in, headers_of(Path(file))))
            self.own = declared_in(Path(file)) - self.seen  # what a header declares, and it defines, is no other's

    def fit(self, other: Names) -> bool:
        if self.alone or other.alone:
            return False
        mine, theirs = self.own | self.constants, other.own | other.constants
        if mine & theirs or mine & other.borrowed.keys() or theirs & self.borrowed.keys():
            return False
        if any(other.borrowed.get(name, place) != place for name, place in self.borrowed.items()):
            return False
        return not (self.own & (other.own | other.seen) or self.seen & other.own)

    def add(self, other: Names) -> None:
        self.own |= other.own
        self.seen |= other.seen
        self.constants |= other.constants
        self.borrowed |= other.borrowed
        self.alone = self.alone or other.alone


def groups_of(files: list[str]) -> list[list[str]]:
    """Each file in the first group that it fits into."""
    groups: list[tuple[list[str], Names]] = []
    for file in files:
        names = Names(file)
        fitting = (group for group in groups if len(group[0]) < MOST_FILES and group[1].fit(names))
        members, taken = next(fitting, ([], Names()))
        if not members:
            groups.append((members, taken))
        members.append(file)
        taken.add(names)
    return [members for members, _ in groups]


def main() -> None:
    files: dict[str, list[str]] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        target, _, file = line.partition(" ")
        files.setdefault(target, []).append(file)
    for target, members in files.items():
        for number, group in enumerate(groups_of(members)):
            for file in group:
                print(target, number, file)


if __name__ == "__main__":
    main()
