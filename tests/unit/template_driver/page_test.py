#!/usr/bin/python3
"""docs/drivers.md, followed as it stands in a copy of the sources. Usage: page_test.py BUILD_FOLDER

Its commands run one after the other. Only `cmake --build` is done cheaper: what the page has made or changed is compiled
with the options of the drivers and linked before the libraries that are built already.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
build = ROOT / "build" / "release"


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page, re.S | re.M)


def without_unity(command: str) -> list[str]:
    """The compiler and its options, without what names one file."""
    words = shlex.split(command)
    while words and not re.search(r"(?:c\+\+|g\+\+|clang\+\+)(?:-\d+)?$", words[0]):
        words.pop(0)
    kept = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-c", "-MF", "-MT", "-include"):
            skip = True
        elif word not in ("-MD", "-Winvalid-pch", "-fpch-preprocess"):
            kept.append(word)
    return kept


def compile_options() -> list[str]:
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in entries if "portcullis_drivers.dir" in entry["command"])
    return without_unity(entry["command"])


def link_command() -> list[str]:
    commands = subprocess.run(["ninja", "-C", build, "-t", "commands", "bin/portcullis"], capture_output=True, text=True,
                              check=True).stdout.splitlines()
    line = next(line for line in reversed(commands) if "-o bin/portcullis " in line)
    return shlex.split(line.removeprefix(": && ").removesuffix(" && :"))


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.scratch = Path(self.folder.name) / "source"
        self.scratch.mkdir()
        for part in ("daemon", "drivers", "config", "tests/recordings", "tests/schemas"):
            shutil.copytree(ROOT / part, self.scratch / part)
        (self.scratch / "build/release/bin").mkdir(parents=True)

    def sh(self, command: str):
        done = subprocess.run(["sh", "-e", "-c", command], cwd=self.scratch, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def changed(self) -> list[Path]:
        files = []
        for file in sorted((self.scratch / "drivers").rglob("*.cpp")):
            before = ROOT / file.relative_to(self.scratch)
            if not before.exists() or before.read_bytes() != file.read_bytes():
                files.append(file)
        return files

    def build_changed(self):
        options = [str(word).replace(str(ROOT), str(self.scratch)) if word.startswith("-I") else word
                   for word in compile_options()]
        objects = []
        for number, file in enumerate(self.changed()):
            target = Path(self.folder.name) / f"{number}.o"
            done = subprocess.run([*options, "-O0", "-o", target, "-c", file], cwd=build, capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            objects.append(str(target))
        link = link_command()
        link[link.index("-o") + 1] = str(self.scratch / "build/release/bin/portcullis")
        # Ours first: the library's registry is the one of before.
        place = next(i for i, word in enumerate(link) if word.endswith(".o"))
        link[place:place] = ["-Wl,--allow-multiple-definition", *objects]
        done = subprocess.run(link, cwd=build, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [file.relative_to(self.scratch).as_posix() for file in self.changed()]

    def test_the_page_makes_a_driver_that_reads_its_recording(self):
        built = []
        for block in blocks((ROOT / "docs/drivers.md").read_text(encoding="utf-8")):
            parts = re.split(r"^(cmake --build .*)$\n", block, flags=re.M)
            for part in parts:
                if part.startswith("cmake --build"):
                    built = self.build_changed()
                elif part.strip():
                    said = self.sh(part)
        self.assertEqual(built, ["drivers/badge_reader/badge_reader.cpp", "drivers/registry.cpp"])
        self.assertIn("badge-reader.yaml: good", said)
        self.assertIn("slips.yaml: 4 observations as expected", said)

    def test_without_its_definition_the_schema_is_not_whole(self):
        page = blocks((ROOT / "docs/drivers.md").read_text(encoding="utf-8"))
        for block in page[:2]:
            self.sh(block)
        done = subprocess.run(["tests/schemas/profiles_test.py"], cwd=self.scratch, capture_output=True, text=True,
                              check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("badge_reader", done.stderr)

    def test_without_its_row_nobody_knows_the_driver(self):
        page = blocks((ROOT / "docs/drivers.md").read_text(encoding="utf-8"))
        for block in (page[0], page[2], page[3].replace("tests/schemas/profiles_test.py\n", "")):
            self.sh(block)
        done = subprocess.run([build / "bin/portcullis", "device", "profile", "check",
                               "config/profiles/badge-reader.yaml"], cwd=self.scratch, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no driver 'badge_reader'", done.stderr)


if __name__ == "__main__":
    build = Path(sys.argv.pop(1)).resolve()
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main()
