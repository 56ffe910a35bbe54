#!/usr/bin/python3
"""docs/central/used_places.py: what a gate reports as used becomes what other gates are told."""

import copy
import json
import subprocess
import sys
import tempfile
import unittest

from published import CENTRAL, event_examples, load, validator

USED = event_examples()["order.used"]


def used_at(gate, passage, **members):
    event = copy.deepcopy(USED)
    event["source"] = f"/portcullis/xmht/{gate}"
    event["data"] |= {"passage": f"{passage:032x}"} | members
    return event


def run(events, *arguments):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
        file.flush()
        command = [sys.executable, CENTRAL / "used_places.py", "--authority", "ciq", *arguments, file.name]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


class UsedPlaces(unittest.TestCase):
    def test_a_used_order_becomes_an_operation_that_a_gate_takes(self):
        [used] = run([USED])
        batch = load(CENTRAL / "examples" / "orders.json") | {"orders": [used]}
        validator(load(CENTRAL / "orders.schema.json")).validate(batch)
        self.assertEqual(used["op"], "used")
        self.assertEqual(used["order"], USED["data"]["order_id"])
        self.assertEqual(used["container"], USED["data"]["container"])
        self.assertEqual(used["passage"], USED["data"]["passage"])
        self.assertEqual(used["gate"], "g07")
        self.assertEqual(used["at"], USED["time"])
        self.assertNotIn("place", used)

    def test_an_order_without_a_container_and_a_second_place(self):
        [used] = run([used_at("g01", 1, container="none", place=2)])
        self.assertNotIn("container", used)
        self.assertEqual(used["place"], 2)

    def test_each_place_is_told_once_whoever_replays(self):
        first, second = used_at("g01", 1), used_at("g01", 2)
        self.assertEqual(len(run([first, second, first])), 2)

    def test_a_gate_need_not_hear_of_itself(self):
        [used] = run([used_at("g01", 1), used_at("g02", 2)], "--gate", "g01")
        self.assertEqual(used["gate"], "g02")

    def test_other_authorities_and_other_events_say_nothing(self):
        reserved = event_examples()["order.reserved"]
        self.assertEqual(run([reserved, used_at("g01", 1, authority="targeting")]), [])


if __name__ == "__main__":
    unittest.main()
