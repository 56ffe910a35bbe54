"""What the rules read: the files of the tree, C++ without comments and texts, its functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CPP = {".cpp", ".hpp", ".h"}
SKIPPED_FOLDERS = {".git", "build", ".cache", "__pycache__"}
COMMENT_OR_TEXT = re.compile(
    r'R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'"
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
CONTROL = re.compile(r"^\s*(?:if|for|while|switch|catch|do|else|try)\b")


@dataclass(frozen=True)
class Function:
    """A function body: where it stands and how many lines are between its braces, both included."""

    path: str
    line: int
    lines: int
    name: str


@dataclass(frozen=True)
class Include:
    line: int
    target: str
    own: bool


def blank(match: re.Match[str]) -> str:
    """Keeps lines where they were, and a text's quotes, so that what remains is only code."""
    text = match.group(0)
    if text.startswith(("//", "/*")):
        return re.sub(r"[^\n]", " ", text)
    return '"' + re.sub(r"[^\n]", " ", text[1:-1]) + '"'


class SourceFile:
    def __init__(self, root: Path, path: Path):
        self.path = path.relative_to(root).as_posix()
        self.is_cpp = path.suffix in CPP
        raw = path.read_bytes()
        self.is_text = b"\0" not in raw
        self.text = raw.decode("utf-8", errors="replace") if self.is_text else ""

    @cached_property
    def code(self) -> str:
        return COMMENT_OR_TEXT.sub(blank, self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def includes(self) -> list[Include]:
        # The include's own text is blanked in `code`; a commented include is not one.
        found = []
        for match in INCLUDE.finditer(self.text):
            if "#" in self.code[match.start() : match.end()]:
                line = self.text.count("\n", 0, match.end()) + 1
                found.append(Include(line, match.group(1) or match.group(2), match.group(1) is not None))
        return found

    @cached_property
    def functions(self) -> list[Function]:
        return list(functions_of(self.path, self.code))

    def line_of(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


def kind_of_brace(head: str, parents: list[str], parentheses: int) -> str:
    """What the `{` after `head` opens. Inside a function everything is part of it."""
    if parents and parents[-1] in ("function", "value"):
        return "inner"
    if parentheses > 0:
        return "value"
    head = re.sub(r"\[\[[^\]]*\]\]", " ", head).strip()
    if re.search(r"\bnamespace\b[^()=;]*$|\bextern\s*\"[^\"]*\"$", head):
        return "scope"
    outside = re.sub(r"\([^()]*\)", "()", re.sub(r"\([^()]*\)", "()", head))
    if re.search(r"(?<![=!<>])=(?!=)", outside) and "operator" not in outside:
        return "value"
    # A member initialiser `a_{1}`; the body comes after the last of them.
    if re.search(r"\)[^()]*(?<!:):(?!:)", outside) and re.search(r"[\w>]$", outside):
        return "value"
    if re.search(r"\)\s*(?:const|noexcept(?:\(\))?|override|final|mutable|&&?|try|->[\w\s:<>,*&()]+|requires.*)*\s*$", outside):
        return "function"
    if re.search(r"\)[^()]*(?<!:):(?!:).*[)}]$", outside):
        return "function"
    return "scope" if re.search(r"\b(?:class|struct|union|enum)\b", head) else "value"


def functions_of(path: str, code: str):
    parents: list[str] = []
    starts: list[tuple[int, str]] = []
    head, line, parentheses = "", 1, 0
    without_directives = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", code, flags=re.MULTILINE)
    for char in without_directives:
        if char == "\n":
            line += 1
        if char == "{":
            kind = kind_of_brace(head, parents, parentheses)
            parents.append(kind)
            starts.append((line, " ".join(head.split())))
            if kind not in ("value", "inner"):
                head = ""
        elif char == "}" and parents:
            kind = parents.pop()
            start, name = starts.pop()
            if kind == "function" and not CONTROL.match(name):
                yield Function(path, start, line - start + 1, name)
            head = head + "}" if kind == "value" else head if kind == "inner" else ""
        elif parents and parents[-1] in ("function", "inner", "value"):
            continue
        else:
            parentheses += (char == "(") - (char == ")")
            head = "" if char == ";" and parentheses == 0 else head + char


class Tree:
    def __init__(self, root: Path):
        self.root = root.resolve()
        self.files = [SourceFile(self.root, path) for path in sorted(self.root.rglob("*")) if self.wanted(path)]
        self.by_path = {file.path: file for file in self.files}
        self.cpp = [file for file in self.files if file.is_cpp]

    def wanted(self, path: Path) -> bool:
        if not path.is_file() or path.is_symlink():
            return False
        return not SKIPPED_FOLDERS.intersection(path.relative_to(self.root).parts)

    def resolve(self, target: str, path: str) -> str | None:
        """The file that `#include "target"` in `path` names: beside it, or below daemon/ or the root."""
        beside = f"{path.rpartition('/')[0]}/{target}"
        return next((each for each in (beside, f"daemon/{target}", target) if each in self.by_path), None)
