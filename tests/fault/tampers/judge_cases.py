#!/usr/bin/python3
"""Judges the falsified exports of the laboratory with docs/central/verify.py, all in one process.

Usage: judge_cases.py FOLDER. It holds base-N with base-N.heads and base-N.key, and `cases`, one a line:
base, 1 when judged beside heads and key, and then for each edit where it is, how many bytes go, and the new ones in hex.
Prints `good` or what is wrong for each, in order. Lines before the first changed one are checked once.
"""

import bisect
import copy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docs/central"))
sys.dont_write_bytecode = True

import verify  # noqa: E402


def snapshot(verifier):
    kept = copy.copy(verifier)
    kept.sha256 = verifier.sha256.copy()
    for name in ("keys", "outside", "unexplained"):
        value = getattr(verifier, name)
        setattr(kept, name, None if value is None else list(value))
    return kept


class Base:
    """A base's bytes and, before each of its lines, the verifier that has seen the lines before."""

    def __init__(self, file, beside_heads, schemas):
        self.text = file.read_bytes()
        keys = [verify.Key(Path(f"{file}.key").read_text())] if beside_heads else []
        heads = verify.heads_of(open(f"{file}.heads", encoding="utf-8")) if beside_heads else None
        verifier = verify.Verifier(schemas, keys, heads)
        self.offsets, self.before, offset = [], [], 0
        for line in self.text.splitlines(keepends=True):
            self.offsets.append(offset)
            self.before.append(snapshot(verifier))
            offset += len(line)
            try:
                verifier.line(line)
            except verify.Defect:
                break

    def judge(self, edits):
        text, at = b"", 0
        for place, cut, put in edits:
            text += self.text[at:place] + put
            at = place + cut
        text += self.text[at:]
        first = bisect.bisect_right(self.offsets, edits[0][0] if edits else 0) - 1
        rest = text[self.offsets[first] :]
        lines = [line + b"\n" for line in rest.split(b"\n")]
        lines[-1] = lines[-1][:-1]
        return verify.verify([line for line in lines if line], snapshot(self.before[first]))


def main():
    folder = Path(sys.argv[1])
    schemas = verify.Schemas(ROOT / "docs/events")
    bases = {}
    for line in open(folder / "cases", encoding="ascii"):
        number, beside_heads, *words = line.split()
        edits = [(int(words[i]), int(words[i + 1]), b"" if words[i + 2] == "-" else bytes.fromhex(words[i + 2]))
                 for i in range(0, len(words), 3)]  # fmt: skip
        key = number, beside_heads == "1"
        if key not in bases:
            bases[key] = Base(folder / f"base-{number}", key[1], schemas)
        print((bases[key].judge(edits) or "good").replace("\n", " "))


if __name__ == "__main__":
    main()
