#!/usr/bin/python3
"""docs/bridges.md is followed to the letter, and the schema of mappings says what the program says.
Usage: bridges_test.py FOLDER_OF_PROGRAMS"""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "bridges.md").read_text(encoding="utf-8")
MAPPINGS = sorted((ROOT / "config" / "mappings").glob("*.yaml"))
SCHEMA = json.loads((ROOT / "config" / "mapping.schema.json").read_text(encoding="utf-8"))
programs = ROOT / "build" / "release" / "bin"


def block(language: str, which: int = 0) -> str:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)[which]


def shell(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": f"{programs}:/usr/bin:/bin"},
    )  # fmt: skip


def said_by_program(mapping: str, folder: Path) -> bool:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    return shell("portcullis-sign mapping check m.yaml", folder).returncode == 0


def said_by_schema(mapping: str) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(yaml.safe_load(mapping))


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_table_that_nobody_shipped_is_mapped_as_the_page_says(self):
        (self.folder / "passes.csv").write_bytes(block("csv").encode("gb18030"))
        (self.folder / "my-passes.yaml").write_text(block("yaml"), encoding="utf-8")
        first = shell(block("sh", 0), self.folder)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn(block("text").strip(), first.stderr)
        orders = [json.loads(line) for line in (self.folder / "orders.jsonl").read_text().splitlines()]
        self.assertEqual([(order["order"], order["status"]) for order in orders], [("77001", "released"), ("77002", "held")])
        self.assertEqual(orders[0]["tractor_plates"], ["闽D12345"])
        self.assertEqual(orders[0]["valid_to"], "2026-11-24T15:59:59.999Z")
        self.assertEqual((orders[0]["gross_kg"], orders[1]["gross_kg"]), (28410, 21750))
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual((report["rows_read"], report["rows_taken"], report["rows_refused"]), (4, 2, 2))

        signed = shell(block("sh", 1), self.folder)
        self.assertEqual(signed.returncode, 0, signed.stderr)
        batch = self.folder / "batches" / "ciq-00000001.json"
        self.assertIn("vnd.portcullis.orders+json", batch.read_text())
        again = shell(block("sh", 1).split("mkdir batches\n")[1], self.folder)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual([path.name for path in (self.folder / "batches").iterdir()], [batch.name])

    def test_classes_and_reports_are_written_as_the_page_says(self):
        shutil.copy(ROOT / "config" / "mappings" / "enterprise-classes.yaml", self.folder)
        shutil.copy(ROOT / "config" / "mappings" / "samples" / "enterprise-classes.csv", self.folder)
        classes = shell(block("sh", 2), self.folder)
        self.assertEqual(classes.returncode, 0, classes.stderr)
        written = yaml.safe_load((self.folder / "classes.yaml").read_text(encoding="utf-8"))
        self.assertEqual(written["classes"]["enterprises"]["3502960123"]["class"], "AA")

        examples = ROOT / "docs" / "events" / "examples"
        events = [json.loads((examples / f"{name}.json").read_text(encoding="utf-8")) for name in
                  ("passage.detected", "passage.identified", "verdict.issued", "passage.ended")]  # fmt: skip
        (self.folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
        reports = shell(block("sh", 3), self.folder)
        self.assertEqual(reports.returncode, 0, reports.stderr)
        table = (self.folder / "receipts.csv").read_bytes().decode("gb18030").splitlines()
        for name in table[0].split(","):
            self.assertIn(re.sub(r"[12]$", "", name), PAGE)
        self.assertIn("CSQU3054383", table[1])
        self.assertIn(f"BGM+36+g07-{int(events[-1]['sequence'])}+9'", (self.folder / "receipts.edi").read_text(encoding="utf-8"))

    def test_every_mapping_that_ships_is_on_the_page_and_says_there_what_is_assumed(self):
        for path in MAPPINGS:
            with self.subTest(path.name):
                self.assertRegex(PAGE, rf"(?m)^\| `{path.stem}` \|")
                text = path.read_text(encoding="utf-8")
                self.assertIn("ASSUMED", text) if "layout: assumed" in text else self.assertIn("DOCUMENTED", text)


class Schema(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_it_takes_every_mapping_that_ships(self):
        self.assertGreater(len(MAPPINGS), 8)
        for path in MAPPINGS:
            with self.subTest(path.name):
                text = path.read_text(encoding="utf-8")
                self.assertEqual(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text))), [])

    def test_it_and_the_program_refuse_the_same(self):
        good = yaml.safe_load(block("yaml"))
        changes = {
            "nothing": lambda m: None,
            "unknown key": lambda m: m.update(colour="red"),
            "no fields": lambda m: m.pop("fields"),
            "no encoding": lambda m: m["input"].pop("encoding"),
            "encoding": lambda m: m["input"].update(encoding="latin"),
            "format": lambda m: m["input"].update(format="xlsx"),
            "kind": lambda m: m.update(makes="orders"),
            "layout": lambda m: m.pop("layout"),
            "field": lambda m: m["fields"].update(containers="Box"),
            "step": lambda m: m["fields"].update(seals={"column": "Box", "splits": ";"}),
            "delimiter": lambda m: m["input"].update(delimiter=";;"),
            "letters": lambda m: m["fields"].update(zone={"column": "Box", "letters": "big"}),
            "others": lambda m: m["fields"].update(zone={"column": "Box", "codes": {"a": "b"}, "others": "take"}),
            "skip without why": lambda m: m.update(skip=[{"column": "Box", "is": "x"}]),
            "skip": lambda m: m.update(skip=[{"column": "Box", "is": "x", "why": "test"}]),
            "vanished": lambda m: m.update(vanished={"reason": "gone", "officer": "x"}),
            "authority": lambda m: m.update(authority="CIQ"),
            "each": lambda m: m.update(each={"column": "Box", "split": ";"}),
        }
        refused = 0
        for name, change in changes.items():
            with self.subTest(name):
                mapping = copy.deepcopy(good)
                change(mapping)
                text = yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False)
                self.assertEqual(said_by_schema(text), said_by_program(text, self.folder))
                refused += not said_by_schema(text)
        self.assertEqual(refused, len(changes) - 3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        programs = Path(sys.argv.pop(1)).resolve()
    unittest.main()
