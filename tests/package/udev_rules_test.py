#!/usr/bin/python3
"""The udev rules are rules: each line has keys and operators that udev knows, and jumps to a label that stands below it.

udevadm of systemd 254 and later judges them itself where it is installed."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "systemd" / "70-portcullis-serial.rules"
TOKEN = re.compile(r'^([A-Z]+)(?:\{([^}]+)\})?(==|!=|\+=|:=|=)"([^"]*)"$')
MATCHES = {"ACTION", "KERNEL", "SUBSYSTEM", "SUBSYSTEMS", "DRIVERS", "ENV", "ATTR"}
ASSIGNMENTS = {"GROUP", "MODE", "ENV", "ATTR", "SYMLINK", "IMPORT", "GOTO", "LABEL"}
WITH_NAME = {"ENV", "ATTR", "IMPORT"}


def rules():
    for number, line in enumerate(RULES.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, [part.strip() for part in re.split(r',\s+(?=[A-Z]+[{=!+:])', line)]


class UdevRules(unittest.TestCase):
    def test_every_line_is_a_rule(self):
        for number, parts in rules():
            for part in parts:
                with self.subTest(line=number, part=part):
                    token = TOKEN.match(part)
                    self.assertIsNotNone(token)
                    key, name, operator, _ = token.groups()
                    self.assertIn(key, MATCHES if operator in ("==", "!=") else ASSIGNMENTS)
                    self.assertEqual(name is not None, key in WITH_NAME)

    def test_jumps_have_their_label_below(self):
        labels = {}
        for number, parts in rules():
            for part in parts:
                if part.startswith("LABEL="):
                    labels[part.split('"')[1]] = number
        for number, parts in rules():
            for part in parts:
                if part.startswith("GOTO="):
                    self.assertGreater(labels.get(part.split('"')[1], 0), number, part)

    def test_no_name_is_one_that_moves(self):
        links = [part for _, parts in rules() for part in parts if part.startswith("SYMLINK")]
        self.assertTrue(links)
        for link in links:
            self.assertIn("$env{ID_PATH}", link)
            self.assertNotIn("%n", link)

    def test_udev_itself_finds_nothing(self):
        if shutil.which("udevadm") is None:
            self.skipTest("no udevadm here")
        judged = subprocess.run(["udevadm", "verify", RULES], capture_output=True, text=True, check=False)
        if "unrecognized" in judged.stderr.lower() or "unknown command" in judged.stderr.lower():
            self.skipTest("this udevadm cannot verify")
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
