#!/usr/bin/python3
"""The schemas of what central sends and receives refuse what contracts refuse, and take what they publish."""

import copy
import hashlib
import json
import re
import unittest

import jsonschema

from published import CENTRAL, ROOT, canonical, event_examples, load, validator, without_each_mandatory_member

NAMES = [
    "ack", "envelope", "facts", "orders", "passes", "picture", "replay", "request", "root", "ruleset", "sampling_key", "snapshot",
    "state-device", "state-gate", "state-lane", "status", "timestamp", "vehicles", "zone_result",
]  # fmt: skip
CLOSED = [
    "ack", "envelope", "facts", "orders", "passes", "replay", "root", "ruleset", "sampling_key", "snapshot", "timestamp",
    "vehicles", "zone_result",
]  # fmt: skip

# Another value in one of these refuses the batch.
RELEASE_WORDS = {
    "status": ["released", "held", "inspect", "treat", "return"],
    "movement": [
        "import_laden", "export_laden", "empty_in", "empty_out", "domestic", "transhipment", "withdrawn_export",
        "no_box", None,
    ],
    "fullness": ["full", "empty", None],
    "mass_basis": ["goods", "box", "vehicle", None],
    "draw": ["at_gate", "drawn", "not_drawn", None],
}  # fmt: skip
TARGETING_WORDS = {
    "action": ["hold", "inspect", "watch"],
    "lifted_by": ["result", "central", None],
    "visibility": ["open", "covert", None],
}


def schema_of(name):
    return load(CENTRAL / f"{name}.schema.json")


def example_of(name):
    return load(CENTRAL / "examples" / f"{name}.json")


class CentralSchemas(unittest.TestCase):
    def test_are_draft_07_and_named_like_their_file(self):
        files = sorted(path.name for path in CENTRAL.glob("*.json"))
        self.assertEqual(files, [f"{name}.schema.json" for name in NAMES])
        for name in NAMES:
            with self.subTest(name=name):
                schema = schema_of(name)
                self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
                self.assertEqual(schema["$id"], f"urn:portcullis:central:{name}.v1")
                jsonschema.Draft7Validator.check_schema(schema)

    def test_examples_are_valid(self):
        for name in NAMES:
            with self.subTest(name=name):
                validator(schema_of(name)).validate(example_of(name))

    def test_examples_fail_without_any_mandatory_member(self):
        for name in NAMES:
            with self.subTest(name=name):
                schema, value = schema_of(name), example_of(name)
                check = validator(schema)
                branches = [b for b in schema.get("oneOf", [schema]) if validator(schema | b).is_valid(value)]
                removed = 0
                for place, rest in without_each_mandatory_member(value, [(branch, schema) for branch in branches]):
                    self.assertFalse(check.is_valid(rest), f"valid without {place}")
                    removed += 1
                self.assertGreater(removed, 0)

    def test_what_comes_down_holds_nothing_unknown(self):
        for name in CLOSED:
            with self.subTest(name=name):
                self.assertFalse(validator(schema_of(name)).is_valid(example_of(name) | {"surplus": 1}))

    def test_facts_are_the_members_of_a_case_but_for_what_it_expects(self):
        facts, ruleset = schema_of("facts"), schema_of("ruleset")
        of_case = ruleset["definitions"]["case"]["properties"]
        self.assertEqual(facts["properties"], {name: of_case[name] for name in of_case if name not in ("case", "says", "expect")})
        self.assertEqual(facts["definitions"], {name: ruleset["definitions"][name] for name in facts["definitions"]})

    def test_readme_names_every_schema(self):
        readme = (CENTRAL / "README.md").read_text(encoding="utf-8")
        for name in NAMES:
            self.assertIn(f"({name}.schema.json)", readme)
            self.assertIn(f"(examples/{name}.json)", readme)

    def test_asyncapi_has_every_topic_and_names_files_that_are_there(self):
        interface = (CENTRAL / "asyncapi.yaml").read_text()
        table = re.findall(r"^\| `([\w/{}]+)` \| (up|down) \| (\d), (yes|no|never)", (CENTRAL / "README.md").read_text(), re.M)
        addresses = re.findall(r"address: portcullis/\{terminal\}/\{gate\}/(\S+)", interface)
        self.assertEqual(sorted(addresses), sorted(row[0] for row in table))
        for topic, way, qos, retained in table:
            with self.subTest(topic=topic):
                name = re.search(rf"(\w+):\n    address: \S+/{re.escape(topic)}\n", interface).group(1)
                operation = re.search(rf"action: (\w+)\n    channel: .*/{name}' }}\n    bindings: (.*)", interface)
                self.assertEqual(operation.group(1), "send" if way == "up" else "receive")
                self.assertIn(f"qos: {qos},", operation.group(2))
                if way == "up":
                    self.assertIn(f"retain: {'true' if retained == 'yes' else 'false'}", operation.group(2))
        for file in re.findall(r"\$ref: \./(\S+)", interface):
            self.assertTrue((CENTRAL / file).exists(), file)

    def test_the_ack_is_of_the_bytes_of_an_event(self):
        ack = example_of("ack")
        event = next(event for event in event_examples().values() if int(event["sequence"]) == ack["sequence"])
        self.assertEqual(ack["stream"], event["stream"])
        self.assertEqual(ack["sha256"], hashlib.sha256(canonical(event)).hexdigest())

    def test_an_ack_of_a_redacted_destination_has_no_hash(self):
        without = {name: value for name, value in example_of("ack").items() if name != "sha256"}
        self.assertTrue(validator(schema_of("ack")).is_valid(without))

    def test_a_will_is_a_status(self):
        birth = example_of("status")
        will = {name: birth[name] for name in ("stream", "boot", "process", "connection")} | {"state": "offline"}
        self.assertTrue(validator(schema_of("status")).is_valid(will))

    def test_every_need_is_a_request(self):
        check = validator(schema_of("request"))
        self.assertTrue(check.is_valid({"need": "snapshot", "authority": "ciq"}))
        self.assertTrue(check.is_valid({"need": "snapshot", "authority": "ciq", "number": 1042, "chunk": 3}))
        self.assertFalse(check.is_valid({"need": "snapshot", "authority": "ciq", "chunk": 3}))
        self.assertTrue(check.is_valid({"need": "document", "kind": "ruleset"}))
        self.assertFalse(check.is_valid({"need": "coffee", "authority": "ciq"}))


class OrderBatches(unittest.TestCase):
    check = validator(schema_of("orders"))
    batch = example_of("orders")

    def with_order(self, index, **members):
        changed = copy.deepcopy(self.batch)
        changed["orders"][index].update(members)
        return self.check.is_valid(changed)

    def test_the_example_shows_every_kind_of_operation(self):
        self.assertEqual(
            [(order["op"], order.get("kind")) for order in self.batch["orders"]],
            [("put", "release"), ("put", "movement"), ("put", "targeting"), ("revoke", None), ("used", None)],
        )

    def test_every_mandatory_member_of_an_order_is_needed(self):
        kinds = ["release", "movement_order", "targeting", "revoke", "used"]
        for index, kind in enumerate(kinds):
            for member in schema_of("orders")["definitions"][kind]["required"]:
                with self.subTest(kind=kind, member=member):
                    changed = copy.deepcopy(self.batch)
                    del changed["orders"][index][member]
                    self.assertFalse(self.check.is_valid(changed))

    def test_no_order_holds_an_unknown_member(self):
        for index in range(len(self.batch["orders"])):
            self.assertFalse(self.with_order(index, surplus="1"))

    def test_words_are_exactly_these(self):
        for index, words in ((0, RELEASE_WORDS), (2, TARGETING_WORDS)):
            for member, values in words.items():
                with self.subTest(member=member):
                    for value in values:
                        self.assertTrue(self.with_order(index, **{member: value}), value)
                    for value in ("Released", "", "unknown", 1):
                        self.assertFalse(self.with_order(index, **{member: value}), value)

    def test_revocation_is_an_operation_of_its_own(self):
        self.assertFalse(self.with_order(0, status="revoked"))

    def test_an_end_that_is_not_said_refuses_no_batch(self):
        for index in range(3):
            self.assertTrue(self.with_order(index, valid_to=None))

    def test_a_targeting_order_matches_something(self):
        self.assertFalse(self.with_order(2, match={}))

    def test_a_condition_of_an_unknown_kind_is_kept(self):
        self.assertTrue(self.with_order(0, conditions=[{"kind": "tide", "at_least_mm": 1200}]))
        self.assertFalse(self.with_order(0, conditions=[{"at_least_mm": 1200}]))

    def test_attributes_are_texts_and_dates_are_times(self):
        self.assertTrue(self.with_order(0, attributes={"radiation_cert": "yes", "consignee": None}, dates=None))
        self.assertTrue(self.with_order(0, dates={"produced": "2026-11-01T00:00:00.000Z"}))
        self.assertFalse(self.with_order(0, attributes={"radiation_cert": True}))
        self.assertFalse(self.with_order(0, attributes={"Radiation": "yes"}))
        self.assertFalse(self.with_order(0, dates={"produced": "2026-11-01"}))
        self.assertFalse(self.with_order(1, attributes={"radiation_cert": "yes"}))

    def test_numbers_are_whole(self):
        self.assertFalse(self.with_order(0, gross_kg=28410.5))
        self.assertFalse(self.with_order(0, gross_kg="28410"))


class Rulesets(unittest.TestCase):
    schema = schema_of("ruleset")

    def test_orders_of_a_case_are_orders_with_their_authority(self):
        ours = self.schema["definitions"]
        theirs = schema_of("orders")["definitions"]
        for kind in ("release", "movement_order", "targeting"):
            with self.subTest(kind=kind):
                members = {**ours[kind]["properties"]}
                del members["authority"], members["revoked"]
                sent = {name: member for name, member in theirs[kind]["properties"].items() if name != "op"}
                without_notes = lambda part: re.sub(  # noqa: E731
                    r'"description": "[^"]*"(, )?', "", json.dumps(part).replace("order_condition", "condition")
                )
                self.assertEqual(without_notes(members), without_notes(sent))

    def test_whatever_orders_share_with_rulesets_is_the_same_there(self):
        ours = self.schema["definitions"]
        for name, theirs in schema_of("orders")["definitions"].items():
            if name in ours and name not in ("release", "movement_order", "targeting", "condition"):
                self.assertEqual(ours[name], theirs, name)
        self.assertEqual(ours["order_condition"], schema_of("orders")["definitions"]["condition"])

    def test_everything_that_a_rule_can_look_at_is_in_the_schema(self):
        source = (ROOT / "daemon" / "core" / "rule.hpp").read_text(encoding="utf-8")
        kinds = re.findall(r'\{PredicateKind::\w+, "(\w+)"\}', source)
        self.assertGreater(len(kinds), 30)
        known = list(self.schema["definitions"]["condition"]["properties"])
        self.assertEqual(sorted(known), sorted(kinds + ["all", "any", "not"]))


if __name__ == "__main__":
    unittest.main()
