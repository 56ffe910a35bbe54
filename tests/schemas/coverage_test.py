#!/usr/bin/python3
"""docs/central/coverage.py: recounts a gate's sheets from raw events, and lists what central has to close."""

import base64
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from published import CENTRAL, event_examples

STREAM = "5b0e7a3c91d24f6680c4d2e19a7f3b58"
BOX, OTHER = "CSQU3054383", "MSKU0028235"
NO_OUTCOMES = dict.fromkeys(
    ["cleared", "turned_away", "backed_out", "diverted", "abandoned", "interrupted", "merged", "void"], 0
)


class Stream:
    """Events of a gate as far as coverage.py looks at them."""

    def __init__(self):
        self.events = []

    def add(self, kind, data, hour=1):
        sequence = len(self.events) + 1
        self.events.append({
            "type": f"portcullis.{kind}.v1", "stream": STREAM, "sequence": f"{sequence:020d}",
            "time": f"2026-11-23T{hour:02d}:30:00.000Z", "data": data,
        })
        return sequence

    def passage(self, number, orders, outcome="cleared", way="out", movement="import_laden", boxes=None, hour=1, seen=True):
        passage = f"{number:032x}"
        self.add("passage.detected", {"passage": passage}, hour)
        verdict = self.add("verdict.issued", {
            "orders": [{"kind": "release"}] if seen and any(order == "matched" for _, order in orders) else [{"kind": "targeting"}],
            "reasons": [{"code": "policy_admit"}] if any(order == "no_order_needed" for _, order in orders) else [],
        }, hour)
        self.add("passage.ended", {
            "passage": passage, "lane": "out-1", "way": way, "movement": movement, "outcome": outcome, "test": "no",
            "boxes": len(orders) if boxes is None else boxes, "verdict_sequence": verdict,
            "box_coverage": [{"container": box, "order": order, "laden": "yes", "enterprise": "E"} for box, order in orders],
        }, hour)

    def sheet(self, **changes):
        data = {
            "from": "2026-11-23T01:00:00.000Z", "to": "2026-11-23T02:00:00.000Z", "first": 1, "last": len(self.events),
            "open_before": 0, "detected": 0, "open": [], "unopened": 0, "vehicles": 0, "passages": dict(NO_OUTCOMES),
            "phantoms": 0, "tests": 0, "boxes": 0, "matched": 0, "unmatched": 0, "no_order_needed": 0, "by": [],
            "unassigned": 0, "outage_detections": 0,
        }
        data["passages"].update(changes.pop("passages", {}))
        self.add("coverage.hour", data | changes)


def run(command, events, *options, orders=()):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "events.jsonl"
        path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        files = []
        for number, batch in enumerate(orders):
            files.append(pathlib.Path(folder) / f"batch-{number}.json")
            files[-1].write_text(json.dumps(batch), encoding="utf-8")
        given = ["--orders", *map(str, files), "--time-zone", "+08:00"] if files else []
        done = subprocess.run(
            [sys.executable, str(CENTRAL / "coverage.py"), command, str(path), *given, *options],
            capture_output=True, text=True, check=False, timeout=60,
        )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def an_hour():
    stream = Stream()
    stream.passage(1, [(BOX, "matched")])
    stream.passage(2, [(BOX, "unmatched"), (OTHER, "unmatched")], way="in", movement="export_laden")
    stream.passage(3, [], outcome="merged", movement="unknown")
    stream.passage(4, [(OTHER, "no_order_needed")], way="in", movement="empty_in")
    stream.add("passage.detected", {"passage": f"{5:032x}"})
    stream.add("observation.unassigned", {})
    stream.sheet(
        detected=5, open=[f"{5:032x}"], vehicles=3, phantoms=1, boxes=4, matched=1, unmatched=2, no_order_needed=1,
        unassigned=1, passages={"cleared": 3, "merged": 1},
        by=[
            {"way": "in", "movement": "empty_in", "vehicles": 1, "boxes": 1},
            {"way": "in", "movement": "export_laden", "vehicles": 1, "boxes": 2},
            {"way": "out", "movement": "import_laden", "vehicles": 1, "boxes": 1},
        ],
    )
    return stream


class Recount(unittest.TestCase):
    def test_an_hour_that_adds_up_agrees(self):
        code, [counts], _ = run("recount", an_hour().events)
        self.assertEqual(code, 0)
        self.assertEqual((counts["sheets"], counts["agree"], counts["differ"], counts["missing"]), (1, 1, 0, 0))

    def test_the_published_examples_are_such_an_hour(self):
        code, [counts], _ = run("recount", list(event_examples().values()))
        self.assertEqual((code, counts["agree"]), (0, 1))

    def test_every_number_that_is_changed_is_found(self):
        stream = an_hour()
        sheet = stream.events[-1]["data"]
        for name in [name for name, value in sheet.items() if isinstance(value, int)]:
            with self.subTest(name=name):
                events = copy.deepcopy(stream.events)
                events[-1]["data"][name] += 1
                code, _, told = run("recount", events)
                self.assertEqual(code, 1)
                self.assertIn(f'"{name}"', told)

    def test_a_passage_that_the_sheet_leaves_out_in_every_number_is_found(self):
        stream = an_hour()
        sheet = stream.events[-1]["data"]
        for name in ("detected", "vehicles", "boxes", "matched"):
            sheet[name] -= 1
        sheet["passages"]["cleared"] -= 1
        sheet["by"].pop()
        code, [counts], _ = run("recount", stream.events)
        self.assertEqual((code, counts["differ"], counts["do_not_add_up"]), (1, 1, 0))

    def test_an_entry_that_is_missing_is_told(self):
        for place in (2, 5, 11):
            events = an_hour().events
            del events[place]
            code, [counts], _ = run("recount", events)
            self.assertEqual((code, counts["missing"]), (1, 1))

    def test_a_sheet_whose_beginning_is_not_here_is_checked_for_itself_only(self):
        code, [counts], _ = run("recount", an_hour().events[3:])
        self.assertEqual((code, counts["sheets"], counts["agree"], counts["differ"]), (0, 1, 0, 0))

    def test_the_next_sheet_goes_on_from_the_one_before(self):
        stream = an_hour()
        before = len(stream.events)
        stream.add("passage.ended", {
            "passage": f"{5:032x}", "lane": "out-1", "way": "out", "movement": "no_box", "outcome": "cleared", "test": "no",
            "boxes": 0, "verdict_sequence": "none", "box_coverage": [],
        })
        stream.sheet(
            first=before + 1, open_before=1, vehicles=1, passages={"cleared": 1},
            by=[{"way": "out", "movement": "no_box", "vehicles": 1, "boxes": 0}],
        )
        code, [counts], told = run("recount", stream.events)
        self.assertEqual((code, counts["agree"]), (0, 2), told)

    def test_a_box_that_is_called_matched_without_any_order_is_found(self):
        stream = Stream()
        stream.passage(1, [(BOX, "matched")], seen=False)
        code, [counts], _ = run("recount", stream.events)
        self.assertEqual((code, counts["contradictions"]), (1, 1))

    def test_a_box_that_left_without_any_order_is_counted(self):
        stream = Stream()
        stream.passage(1, [(BOX, "unmatched")])
        stream.passage(2, [(BOX, "unmatched")], outcome="turned_away")
        _, [counts], _ = run("recount", stream.events)
        self.assertEqual(counts["left_undeclared"], 1)


def batch(number, orders):
    return {"authority": "ciq", "number": number, "orders": orders}


def put(order, container, movement, valid_from="2026-11-22T00:00:00.000Z", valid_to="2026-11-24T00:00:00.000Z"):
    return {
        "op": "put", "order": order, "kind": "release", "container": container, "movement": movement,
        "valid_from": valid_from, "valid_to": valid_to,
    }


class Lists(unittest.TestCase):
    def items(self, stream, name, *orders):
        code, items, told = run("lists", stream.events, orders=orders or [batch(1, [])])
        self.assertEqual(code, 0, told)
        return [item for item in items if item["list"] == name]

    def test_an_export_that_was_not_declared_yet_is_open_until_an_order_names_it(self):
        stream = Stream()
        stream.passage(1, [(BOX, "unmatched")], way="in", movement="export_laden")
        [item] = self.items(stream, "seen_undeclared")
        self.assertEqual((item["container"], item["day"], item["closed_by"]), (BOX, "2026-11-23", []))
        declared = put("E-1", BOX, "export_laden")
        [item] = self.items(stream, "seen_undeclared", batch(1, [declared]), batch(2, [{"op": "used", "order": "E-1"}]))
        self.assertEqual(item["closed_by"], ["ciq/E-1"])

    def test_what_is_over_revoked_or_for_the_other_way_closes_nothing(self):
        stream = Stream()
        stream.passage(1, [(BOX, "unmatched")], way="in", movement="export_laden")
        over = put("E-1", BOX, "export_laden", valid_to="2026-11-23T00:00:00.000Z")
        other = put("E-2", BOX, "import_laden")
        revoked = [put("E-3", BOX, "export_laden"), {"op": "revoke", "order": "E-3"}]
        [item] = self.items(stream, "seen_undeclared", batch(1, [over, other]), batch(2, revoked))
        self.assertEqual(item["closed_by"], [])

    def test_a_box_that_nobody_could_read_is_an_item_too(self):
        stream = Stream()
        stream.passage(1, [], boxes=1, way="in", movement="unknown")
        [item] = self.items(stream, "seen_undeclared")
        self.assertEqual(item["container"], "unread")

    def test_a_day_is_the_day_of_the_place(self):
        stream = Stream()
        stream.passage(1, [(BOX, "unmatched")], way="in", movement="export_laden", hour=20)
        [item] = self.items(stream, "seen_undeclared")
        self.assertEqual(item["day"], "2026-11-24")

    def test_what_was_declared_and_did_not_come_while_it_was_valid_is_listed(self):
        stream = Stream()
        stream.passage(1, [(BOX, "matched")], hour=1)
        stream.passage(2, [(OTHER, "matched")], outcome="turned_away", hour=23)
        ends = "2026-11-23T12:00:00.000Z"
        orders = [
            put("R-1", BOX, "import_laden", valid_to=ends),
            put("R-2", OTHER, "import_laden", valid_to=ends),
            put("R-3", "TGHU1234567", "import_laden", valid_to="2026-12-23T12:00:00.000Z"),
        ]
        [item] = self.items(stream, "declared_unseen", batch(1, orders))
        self.assertEqual((item["order"], item["container"], item["day"]), ("R-2", OTHER, "2026-11-23"))

    def test_a_signed_envelope_is_read_as_it_was_sent(self):
        stream = Stream()
        stream.passage(1, [(BOX, "unmatched")], way="in", movement="export_laden")
        payload = json.dumps(batch(1, [put("E-1", BOX, "export_laden")])).encode()
        [item] = self.items(stream, "seen_undeclared", {"payload": base64.b64encode(payload).decode()})
        self.assertEqual(item["closed_by"], ["ciq/E-1"])


if __name__ == "__main__":
    unittest.main()
