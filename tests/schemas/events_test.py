#!/usr/bin/python3
"""The published schemas hold what docs/events/README.md says of them, and the examples are what they say."""

import copy
import unittest

import jsonschema

import published
from published import (
    EVENTS,
    URN,
    event_examples,
    event_hash,
    event_schemas,
    parts,
    undeclared,
    validator,
    without_each_mandatory_member,
)

TYPES = """
stream.opened stream.closing journal.outage
evidence.bound evidence.missing evidence.erased
passage.detected capture.requested reading.taken seal.read weight.taken reading.missing reading.repaired load.judged passage.identified passage.late_fact
observation.unassigned
verdict.issued verdict.superseded sampling.judged
zone.directed zone.arrived zone.overdue zone.result zone.left zone.feed order.viewed audit.reported
portal.transit portal.unclaimed radiation.occupancy radiation.alarm radiation.acknowledged radiation.rescan radiation.tested
order.reserved order.used order.returned order.batch order.changed order.gap order.expired_unused document.accepted document.activated document.refused document.state
permission.began permission.ended
arm.commanded arm.result arm.moved arm.obstructed arm.fault
condition.began condition.ended lane.light lane.sign lane.mode
passage.tailgate passage.wrong_way passage.backed_out passage.ended
device.state device.summary device.inventory device.mode device.disabled device.enabled device.bad_frame
clock.stepped clock.state link.state coverage.hour config.changed
journal.storage journal.verify_failed journal.cut journal.erased link.hole command.received
""".split()


def nodes_with_path(node, path=()):
    """Every object of a schema document with the keys that lead to it."""
    if isinstance(node, dict):
        yield path, node
        for key, child in node.items():
            yield from nodes_with_path(child, (*path, key))
    elif isinstance(node, list):
        for child in node:
            yield from nodes_with_path(child, path)


def personal_pointers(node, document, pointer):
    """Where a schema marks personal values, `*` for an item of a list; conditional ones end in `?`."""
    for part, home in parts(node, document):
        if part.get("x-personal"):
            yield pointer
        if "x-personal-if" in part:
            yield pointer + "?"
        if "items" in part:
            yield from personal_pointers(part["items"], home, pointer + "/*")
        for name, member in part.get("properties", {}).items():
            yield from personal_pointers(member, home, f"{pointer}/{name}")


def readme_row(name, schema):
    """The row of the table in docs/events/README.md that belongs to a type."""
    found = personal_pointers(schema["properties"]["data"], schema, "")
    personal = ", ".join(f"`{pointer.lstrip('/')}`" for pointer in dict.fromkeys(found))
    return f"| [`{name}`]({name}.v1.json) | {schema['description']} | {personal or '–'} |"


class EventSchemas(unittest.TestCase):
    schemas = event_schemas()
    examples = event_examples()

    def test_every_type_has_a_schema_and_an_example(self):
        self.assertEqual(set(self.schemas), set(TYPES))
        self.assertEqual(set(self.examples), set(TYPES))

    def test_are_draft_07_and_named_like_their_file(self):
        for name, schema in [*self.schemas.items(), ("common", published.COMMON)]:
            with self.subTest(type=name):
                self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
                self.assertEqual(schema["$id"], f"{URN}{name}.v1")
                jsonschema.Draft7Validator.check_schema(schema)

    def test_say_which_type_they_describe(self):
        for name, schema in self.schemas.items():
            with self.subTest(type=name):
                self.assertEqual(schema["title"], name)
                self.assertEqual(schema["properties"]["type"], {"const": f"portcullis.{name}.v1"})
                self.assertEqual(schema["properties"]["dataschema"], {"const": schema["$id"]})

    def test_every_reference_leads_somewhere(self):
        for document in [*self.schemas.values(), published.COMMON]:
            for _, node in nodes_with_path(document):
                if "$ref" in node:
                    self.assertIsInstance(published.resolve(node, document)[0], dict)

    def test_nothing_but_a_description_stands_beside_a_reference(self):
        # Draft-07 ignores what does, and with it a mark of a personal value.
        for document in [*self.schemas.values(), published.COMMON]:
            for path, node in nodes_with_path(document):
                if "$ref" in node and path[-1:] != ("properties",):
                    self.assertLessEqual(set(node), {"$ref", "description"}, path)

    def test_personal_marks_stand_where_a_simple_walk_finds_them(self):
        for document in [*self.schemas.values(), published.COMMON]:
            for path, node in nodes_with_path(document):
                if "x-personal" in node or "x-personal-if" in node:
                    self.assertFalse({"anyOf", "oneOf", "not", "if", "then", "else"} & set(path), path)

    def test_no_number_is_a_float_and_no_word_is_a_boolean(self):
        for document in [*self.schemas.values(), published.COMMON]:
            for path, node in nodes_with_path(document):
                if path[-1:] != ("properties",):
                    self.assertNotIn(node.get("type"), ["number", "boolean", "null"], path)

    def test_readme_has_a_row_for_every_type(self):
        readme = (EVENTS / "README.md").read_text(encoding="utf-8").splitlines()
        rows = [line for line in readme if line.startswith("| [`")]
        self.assertEqual(sorted(rows), sorted(readme_row(name, schema) for name, schema in self.schemas.items()))


class EventExamples(unittest.TestCase):
    schemas = event_schemas()
    examples = event_examples()

    def test_are_valid(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                validator(schema).validate(event)

    def test_hold_nothing_undeclared(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                self.assertEqual(list(undeclared(event, [(schema, schema)])), [])

    def test_fail_without_any_mandatory_member(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                check = validator(schema)
                for place, rest in without_each_mandatory_member(event, [(schema, schema)]):
                    self.assertFalse(check.is_valid(rest), f"valid without {place}")

    def test_fail_as_another_type(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                others = [other for other in self.schemas.values() if other is not schema]
                self.assertFalse(any(validator(other).is_valid(event) for other in others))

    def test_a_lane_event_fails_without_its_lane_block(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                if event["subject"].startswith("lane/"):
                    for member in ("lane", "way", "lane_mode", "passage"):
                        broken = copy.deepcopy(event)
                        del broken["data"][member]
                        self.assertFalse(validator(schema).is_valid(broken), f"valid without {member}")

    def test_an_erased_event_is_still_valid(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                erased = published.with_digests(event, [(schema, schema)], event["salt"])
                del erased["salt"]
                validator(schema).validate(erased)

    def test_a_salt_needs_the_hash_before_it(self):
        for name, event in self.examples.items():
            with self.subTest(type=name):
                schema = self.schemas[name]
                broken = {name: value for name, value in event.items() if name != "previoushash"}
                self.assertFalse(validator(schema).is_valid(broken))

    def test_are_one_chain(self):
        previous = "0" * 64
        for number, (name, event) in enumerate(self.examples.items(), 1):
            with self.subTest(type=name):
                schema = self.schemas[name]
                self.assertEqual(event["sequence"], f"{number:020d}", "run tests/schemas/number_examples.py")
                self.assertEqual(event["id"], f"{event['stream']}-{event['sequence']}")
                self.assertEqual(event["previoushash"], previous, "run tests/schemas/number_examples.py")
                previous = event_hash(event, schema)

    def test_the_chain_sees_a_changed_personal_value(self):
        event = self.examples["passage.ended"]
        changed = copy.deepcopy(event)
        changed["data"]["plates"][0] = "闽D54321"
        schema = self.schemas["passage.ended"]
        self.assertNotEqual(event_hash(changed, schema), event_hash(event, schema))


if __name__ == "__main__":
    unittest.main()
