#!/usr/bin/python3
"""Figures of `portcullis-sign orders import` over a long table: rows a second, and that its memory does not grow with them.
Usage: rows_figure.py FOLDER_OF_PROGRAMS [--rows N]"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MAPPING = ROOT / "config" / "mappings" / "ciq2000-declarations.yaml"
SAMPLE = ROOT / "config" / "mappings" / "samples" / "ciq2000-declarations.csv"
GROWTH = 1.25  # of resident memory over ten times the rows
KEEPS_ALL = "import sys; kept = open(sys.argv[-1], 'rb').read().splitlines()"
missed = False


def container(serial: int) -> str:
    """ISO 6346: letters count from 10 without the multiples of 11."""
    values = [value for value in range(10, 39) if value % 11]
    body = f"CSQU{serial:06d}"
    total = sum((values[ord(c) - 65] if c.isalpha() else int(c)) << i for i, c in enumerate(body))
    return f"{body}{total % 11 % 10}"


def write_table(path: Path, rows: int) -> None:
    head, row = SAMPLE.read_bytes().decode("gb18030").splitlines()[:2]
    with path.open("wb") as file:
        file.write(f"{head}\r\n".encode("gb18030"))
        for i in range(rows):
            line = row.replace("R-2026-000123", f"R-{i:09d}").replace("CSQU3054383", container(i % 1_000_000))
            file.write(f"{line}\r\n".encode("gb18030"))


def measure(command: list[str]) -> tuple[float, int]:
    """Seconds, and the most resident KiB."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}: {said[-500:]}")
    return time.monotonic() - begin, usage.ru_maxrss


def figure(name: str, value: float, unit: str, aim: str | None, n: int) -> None:
    global missed
    line = {"figure": name, "value": round(value, 3), "unit": unit} | ({"aim": aim} if aim else {}) | {"n": n}
    print(json.dumps(line), flush=True)
    if aim:
        bound = float(aim.lstrip("<>="))
        missed = missed or (value > bound if aim.startswith("<") else value < bound)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    program = str(options.programs / "portcullis-sign")
    with tempfile.TemporaryDirectory() as folder:
        tables = [Path(folder, name) for name in ("short.csv", "long.csv")]
        for table, rows in zip(tables, (options.rows // 10, options.rows), strict=True):
            write_table(table, rows)
        bridge = [measure([program, "orders", "import", "--mapping", str(MAPPING), str(table)]) for table in tables]
        control = [measure(["/usr/bin/python3", "-c", KEEPS_ALL, str(table)]) for table in tables]
    figure("bridges.rows_per_second", options.rows / bridge[1][0], "rows/s", None, options.rows)
    figure("bridges.rss_mib", bridge[1][1] / 1024, "MiB", "<=64", options.rows)
    figure("bridges.rss_growth", bridge[1][1] / bridge[0][1], "ratio", f"<={GROWTH}", options.rows)
    # A program that keeps every row must miss that aim, or the table is too short to tell.
    figure("bridges.rss_growth_control", control[1][1] / control[0][1], "ratio", f">={GROWTH}", options.rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
