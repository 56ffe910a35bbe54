#!/usr/bin/python3
"""Which C++ files can be compiled as one, because none defines a name that another defines too. Most of the time of a
compiler goes into headers, the same ones for every file. script/lint and cmake/together.cmake ask here.
Usage: together.py LIST, of lines `target file`: prints a line `target group file` for each.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

MOST_FILES = 12

# What a source file declares at the beginning of a line, where clang-format puts everything of a namespace.
DECLARED = [
    re.compile(r"(?:template\s*<[^>]*>\s*)?(?:struct|class|enum class|enum|union)\s+(\w+)"),
    re.compile(r"using\s+(\w+)\s*="),
    re.compile(r"(?:inline\s+|static\s+)*(?:constexpr|const)\s+[^=({;]*?\b(\w+)\s*(?:\[[^\]]*\])?\s*[={(;]"),
    re.compile(r"(?!\s)[\w:<>,&*\s\[\]]*?[\s&*>](\w+)\("),
    re.compile(r"#define\s+(\w+)"),
]


def declared_names(file: str) -> set[str]:
    names = set()
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        names.update(match.group(1) for pattern in DECLARED if (match := pattern.match(line)))
    return names


def groups_of(files: list[str]) -> list[list[str]]:
    """Each file in the first group that it fits into."""
    groups: list[tuple[list[str], set[str]]] = []
    for file in files:
        names = declared_names(file)
        fitting = (group for group in groups if len(group[0]) < MOST_FILES and not group[1] & names)
        members, taken = next(fitting, ([], set()))
        if not members:
            groups.append((members, taken))
        members.append(file)
        taken |= names
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
