#!/usr/bin/python3
"""A day of 200 trucks keeps its aims, and docs/central/coverage.py counts from its raw events what its sheets say."""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECOUNT = [sys.executable, ROOT / "docs/central/coverage.py"]


def run(command, *arguments):
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, cwd=ROOT, timeout=240)
    sys.stderr.write(done.stderr)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def main():
    with tempfile.TemporaryDirectory() as folder:
        events = pathlib.Path(folder) / "events.jsonl"
        code, lines = run([sys.argv[1]], "--events", events)
        figures = {line["figure"]: line["value"] for line in lines}
        print(json.dumps(figures, indent=1))
        assert code == 0, "an aim is missed"
        code, [counts] = run([*RECOUNT, "recount"], events)
        print(json.dumps(counts))
        assert code == 0, "central counts otherwise than the gate"
        assert counts["agree"] == counts["sheets"] == figures["coverage.day_sheets"], counts
        assert counts["left_undeclared"] == 0, counts
        near = counts["near_hits"] / counts["targeting_hits"]
        assert abs(near - figures["orders.near_share"]) < 0.001, counts
        code, items = run([*RECOUNT, "lists"], events)
        assert code == 0 and len(items) == figures["coverage.day_unmatched"], len(items)
        lines = events.read_text(encoding="utf-8").splitlines()
        ended = next(i for i, line in enumerate(lines) if "passage.ended" in line)
        events.write_text("\n".join(lines[:ended] + lines[ended + 1 :]) + "\n", encoding="utf-8")
        code, [counts] = run([*RECOUNT, "recount"], events)
        assert code == 1 and counts["missing"] == 1 and counts["differ"] >= 1, counts
    return 0


if __name__ == "__main__":
    sys.exit(main())
