#!/usr/bin/python3
"""Recomputes the worked examples of docs/journal.md from its text alone, with no code of the daemon, and has
docs/central/verify.py judge its export."""

import base64
import copy
import hashlib
import hmac
import json
import re
import sys
import unittest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def blocks_of(text):
    """Info string of a fenced block -> its lines, as one text: "json event 1", "text hash 1", …"""
    return {name: body.rstrip("\n") for name, body in re.findall(r"^```(\w+ [\w ]+)\n(.*?)^```$", text, re.S | re.M)}


def canonical(value):
    """RFC 8785 for what the journal allows: objects, lists, text and whole numbers."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(member) for name, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(f"{value!r} has no place in an event")
    return json.dumps(value, ensure_ascii=False)


def digest(salt, pointer, value):
    message = pointer.encode() + b"\x00" + canonical(value).encode()
    return "sha256:" + hmac.new(salt, message, hashlib.sha256).hexdigest()


def record_of(event, personal):
    record = copy.deepcopy(event)
    salt = bytes.fromhex(record.pop("salt"))
    del record["previoushash"]
    for pointer in personal:
        *path, last = pointer.split("/")[1:]
        node = record
        for step in path:
            node = node[step]
        node[last] = digest(salt, pointer, node[last])
    return canonical(record)


def chain_hash(previous, record):
    return hashlib.sha256(b"\x00" + previous + record.encode()).digest()


class WorkedExample(unittest.TestCase):
    page = ""

    def setUp(self):
        self.blocks = blocks_of(self.page)
        self.events = [json.loads(self.blocks[f"json event {n}"]) for n in (1, 2)]
        self.digests = dict(line.split() for line in self.blocks["text digests 2"].splitlines())

    def test_published_bytes_are_canonical(self):
        for n, event in enumerate(self.events, 1):
            self.assertEqual(canonical(event), self.blocks[f"json event {n}"])
            self.assertEqual(event["sequence"], f"{n:020d}")
            self.assertEqual(event["id"], f"{event['stream']}-{n:020d}")

    def test_digests_are_keyed_with_the_salt_and_the_place(self):
        salt = bytes.fromhex(self.events[1]["salt"])
        for pointer, expected in self.digests.items():
            self.assertEqual(digest(salt, pointer, self.events[1]["data"][pointer.split("/")[2]]), expected)

    def test_records_and_hashes_follow(self):
        previous = bytes(32)
        for n, (event, personal) in enumerate(zip(self.events, ((), tuple(self.digests))), 1):
            self.assertEqual(event["previoushash"], previous.hex())
            record = record_of(event, personal)
            self.assertEqual(record, self.blocks[f"json record {n}"])
            previous = chain_hash(previous, record)
            self.assertEqual(previous.hex(), self.blocks[f"text hash {n}"])

    def test_a_changed_word_breaks_the_chain(self):
        for place in ("confidence", "raw"):
            event = copy.deepcopy(self.events[1])
            event["data"][place] = 98 if place == "confidence" else "闽D·12346"
            record = record_of(event, tuple(self.digests))
            previous = bytes.fromhex(event["previoushash"])
            self.assertNotEqual(chain_hash(previous, record).hex(), self.blocks["text hash 2"])

    def test_the_record_needs_no_personal_value(self):
        self.assertNotIn("12345", self.blocks["json record 2"].replace(self.events[1]["monotonicns"], ""))

    def test_an_erased_event_is_its_record_and_the_hash_before(self):
        erased = json.loads(self.blocks["json record 2"])
        erased["previoushash"] = self.blocks["text hash 1"]
        self.assertEqual(canonical(erased), self.blocks["json erased 2"])


class WorkedExport(unittest.TestCase):
    def setUp(self):
        self.blocks = blocks_of(WorkedExample.page)
        self.lines = self.blocks["json export"].splitlines()
        self.header, self.head, self.end = (json.loads(self.lines[i]) for i in (0, 3, 4))

    def verdict(self, lines):
        sys.path.insert(0, str(WorkedExample.docs / "central"))
        sys.dont_write_bytecode = True
        import verify

        verifier = verify.Verifier(verify.Schemas(WorkedExample.docs / "events"))
        return verify.verify([line.encode() + b"\n" for line in lines], verifier)

    def test_lines_are_canonical_and_hold_the_events(self):
        for line in self.lines:
            self.assertEqual(canonical(json.loads(line)), line)
        for n in (1, 2):
            event, chained = self.blocks[f"json event {n}"], self.blocks[f"text hash {n}"]
            self.assertEqual(self.lines[n], '{"event":' + event + ',"hash":"' + chained + '"}')
        self.assertEqual(self.header["export"]["previous"], "0" * 64)

    def test_the_head_signs_the_second_event(self):
        key = bytes.fromhex(self.header["export"]["head_key"])
        envelope = self.head["head"]
        payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
        signature = envelope["signatures"][0]
        self.assertEqual(signature["keyid"], hashlib.sha256(key).hexdigest()[:16])
        message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature["sig"]), message)
        self.assertEqual(canonical(json.loads(payload)).encode(), payload)
        self.assertEqual(json.loads(payload)["hash"], self.blocks["text hash 2"])

    def test_the_end_is_that_of_the_lines_before(self):
        before = "".join(line + "\n" for line in self.lines[:-1]).encode()
        expected = {"events": 2, "hash": self.blocks["text hash 2"], "heads": 1, "sequence": 2}
        self.assertEqual(self.end["end"], {**expected, "sha256": hashlib.sha256(before).hexdigest()})

    def test_the_independent_verifier_takes_it_and_no_other(self):
        self.assertIsNone(self.verdict(self.lines))
        self.assertIsNotNone(self.verdict(self.lines[:-1]))
        self.assertIsNotNone(self.verdict([line.replace("12345", "12346") for line in self.lines]))


if __name__ == "__main__":
    WorkedExample.docs = Path(sys.argv[-1]).resolve().parent
    WorkedExample.page = open(sys.argv.pop(), encoding="utf-8").read()
    unittest.main()
