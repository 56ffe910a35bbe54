#!/usr/bin/python3
"""config/profile.schema.json is what editors check profiles with: every shipped profile is valid, says where its schema is,
and a key that no driver reads is refused."""

import copy
import json
import re
import unittest
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROFILES = sorted((ROOT / "config" / "profiles").glob("*.yaml"))
SCHEMA = json.loads((ROOT / "config" / "profile.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
FIRST_LINE = "# yaml-language-server: $schema=../profile.schema.json\n"


class TextLoader(yaml.SafeLoader):
    """`off` and `on` are words here, as they are for the gate."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:bool"]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def profile(path):
    return yaml.load(path.read_text(encoding="utf-8"), TextLoader)


def drivers():
    registry = (ROOT / "drivers" / "registry.cpp").read_text(encoding="utf-8")
    return set(re.findall(r'DriverEntry\{"(\w+)"', registry))


class Profiles(unittest.TestCase):
    def test_the_schema_is_one_and_has_a_part_for_every_driver(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        self.assertEqual(set(SCHEMA["properties"]["driver"]["enum"]), drivers())
        parts = {row["if"]["properties"]["driver"]["const"]: row["then"]["$ref"] for row in SCHEMA["allOf"]}
        self.assertEqual(set(parts), drivers())
        for name, part in parts.items():
            self.assertEqual(part, f"#/definitions/driver_{name}")
            self.assertIs(SCHEMA["definitions"][f"driver_{name}"]["additionalProperties"], False, name)

    def test_every_profile_is_valid_and_names_its_schema(self):
        for path in PROFILES:
            with self.subTest(profile=path.stem):
                self.assertTrue(path.read_text(encoding="utf-8").startswith(FIRST_LINE))
                problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
                            for e in VALIDATOR.iter_errors(profile(path))]
                self.assertEqual(problems, [])

    def test_a_key_that_no_driver_reads_is_refused(self):
        for path in PROFILES:
            with self.subTest(profile=path.stem):
                wrong = copy.deepcopy(profile(path))
                wrong["confidense_scale"] = 100
                self.assertFalse(VALIDATOR.is_valid(wrong))

    def test_what_every_profile_says_is_mandatory(self):
        for key in ("product", "driver", "source", "verified"):
            wrong = profile(PROFILES[0])
            del wrong[key]
            self.assertFalse(VALIDATOR.is_valid(wrong), key)


if __name__ == "__main__":
    unittest.main()
