#!/usr/bin/python3
"""Verifies an export of a gate's journal (docs/journal.md, "Export") with no code of the gate.

Usage: verify.py EXPORT [--heads FILE] [--key HEX]... [--schemas DIR]

EXPORT      the file that `portcullis journal export` wrote
--heads     heads that were kept elsewhere, one DSSE envelope a line: they show truncation and rewriting
--key       the gate's head key, from somebody who knows it: no other counts then
--schemas   the event schemas that say which values are personal; default: ../events beside this program

Needs Python 3.9 and python3-cryptography. Exit code 0 when everything holds, 1 when something does not.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import sys
from bisect import bisect_left, bisect_right
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDEST = 2**53 - 1
HEAD_TYPE = "application/vnd.portcullis.head+json"
LONGEST_LINE = 1024 * 1024 + 1024
LONGEST_EVENT = 1024 * 1024
DEEPEST = 32
HEX32, HEX64 = re.compile(r"[0-9a-f]{32}\Z"), re.compile(r"[0-9a-f]{64}\Z")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z", re.A)
TYPE = re.compile(r"portcullis\.(.*)\.v1\Z", re.S)
ATTRIBUTES = set("bootid clockstate data datacontenttype dataschema id monotonicns previoushash salt sequence source "
                 "specversion stream subject time type".split())  # fmt: skip


class Defect(Exception):
    """The first thing that does not hold."""


def require(holds, reason):
    if not holds:
        raise Defect(reason)


def canonical(value, depth=0):
    """RFC 8785 of objects, lists, text and whole numbers."""
    require(depth <= DEEPEST or not isinstance(value, (dict, list)), "something is nested too deep")
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(n) + ":" + canonical(v, depth + 1) for n, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= WIDEST
    require(whole or isinstance(value, str), "something is neither text nor a whole number")
    return json.dumps(value, ensure_ascii=False)


def members_of(pairs):
    members = dict(pairs)
    require(len(members) == len(pairs), "a member stands twice")
    return members


def parse(data, what):
    """The value of bytes that are written as canonical JSON and in no other way."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=members_of)
        same = canonical(value).encode("utf-8") == data
    except (ValueError, RecursionError) as error:
        raise Defect(f"{what} is no JSON: {error}") from None
    require(same, f"{what} is not written in its one form")
    return value


def matches(pattern, *texts):
    return all(isinstance(text, str) and pattern.match(text) for text in texts)


def is_time(text):
    try:
        return matches(TIME, text) and bool(datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return False


class Schemas:
    """Which values are personal."""

    def __init__(self, folder):
        self.by_id = {}
        for file in sorted(Path(folder).glob("*.json")):
            schema = json.loads(file.read_text(encoding="utf-8"))
            self.by_id[schema["$id"]] = schema

    def resolved(self, node, document):
        """A node and all that it refers to or is made of, each with the schema that it stands in."""
        yield node, document
        if "$ref" in node:
            name, _, pointer = node["$ref"].partition("#")
            document = self.by_id[name] if name else document
            target = document
            for step in pointer.split("/")[1:]:
                target = target[step]
            yield from self.resolved(target, document)
        for part in node.get("allOf", []):
            yield from self.resolved(part, document)

    def replaced(self, value, nodes, pointer, replace, siblings=None):
        """`value` with `replace(pointer, value)` in place of each personal value."""
        nodes = [found for node, document in nodes for found in self.resolved(node, document)]
        for node, _ in nodes:
            decided = node.get("x-personal-if", {})
            if node.get("x-personal") or any((siblings or {}).get(name) in words for name, words in decided.items()):
                return value if value in ("unknown", "none") else replace(pointer, value)
        if isinstance(value, dict):
            return {name: self.replaced(member, [(node["properties"][name], document) for node, document in nodes
                                                 if name in node.get("properties", {})],
                                        pointer + "/" + name.replace("~", "~0").replace("/", "~1"), replace, value)
                    for name, member in value.items()}  # fmt: skip
        if isinstance(value, list):
            items = [(node["items"], document) for node, document in nodes if "items" in node]
            return [self.replaced(item, items, f"{pointer}/{i}", replace) for i, item in enumerate(value)]
        return value

    def record_of(self, event):
        """The record of an event, and whether it was erased."""
        schema = self.by_id.get(event["dataschema"])
        require(schema and event["type"].count(".") > 2, "there is no schema for its type")
        salt = bytes.fromhex(event["salt"]) if "salt" in event else None

        def replace(pointer, value):
            is_digest = matches(DIGEST, value)
            if salt is None:
                require(is_digest, f"{pointer}: an erased event holds a personal value")
                return value
            require(not is_digest, f"{pointer}: a personal value looks like a digest")
            message = pointer.encode() + b"\0" + canonical(value).encode()
            return "sha256:" + hmac.new(salt, message, hashlib.sha256).hexdigest()

        record = {name: value for name, value in event.items() if name not in ("salt", "previoushash", "data")}
        data_nodes = [(node["properties"]["data"], document) for node, document in self.resolved(schema, schema)
                      if "data" in node.get("properties", {})]  # fmt: skip
        record["data"] = self.replaced(event["data"], data_nodes, "/data", replace)
        return canonical(record).encode(), salt is None


class Key:
    """An Ed25519 public key of 64 hex digits."""

    def __init__(self, text):
        require(matches(HEX64, text), f"{text!r} is no public key")
        raw = bytes.fromhex(text)
        self.text, self.keyid = text, hashlib.sha256(raw).hexdigest()[:16]
        self.key = Ed25519PublicKey.from_public_bytes(raw)

    def __eq__(self, other):
        return isinstance(other, Key) and self.text == other.text


def from_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return data if base64.b64encode(data).decode() == text else None


class Head:
    """A DSSE envelope of one signature over {hash, order_cursor, ruleset_version, sequence, stream, time}."""

    def __init__(self, envelope):
        require(isinstance(envelope, dict) and set(envelope) == {"payload", "payloadType", "signatures"} and
                envelope["payloadType"] == HEAD_TYPE, "a head is no envelope of one")  # fmt: skip
        signatures = envelope["signatures"]
        one = isinstance(signatures, list) and len(signatures) == 1 and isinstance(signatures[0], dict)
        require(one and set(signatures[0]) == {"keyid", "sig"}, "a head does not carry one signature")
        self.keyid, self.signature = signatures[0]["keyid"], from_base64(signatures[0]["sig"])
        payload = from_base64(envelope["payload"])
        require(payload is not None and self.signature is not None, "a head is not written in Base64")
        head = parse(payload, "a head's payload")
        numbers = ("order_cursor", "ruleset_version", "sequence")
        require(isinstance(head, dict) and set(head) == {"hash", "stream", "time", *numbers} and
                all(isinstance(head[name], int) for name in numbers) and head["sequence"] > 0 and
                matches(HEX64, head["hash"]) and matches(HEX32, head["stream"]) and is_time(head["time"]),
                "a head does not hold what a gate signs")  # fmt: skip
        self.stream, self.sequence, self.hash = head["stream"], head["sequence"], bytes.fromhex(head["hash"])
        kind = HEAD_TYPE.encode()
        self.message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)

    def is_signed_by(self, keys):
        for key in keys:
            try:
                if key.keyid == self.keyid:
                    key.key.verify(self.signature, self.message)
                    return True
            except InvalidSignature:
                pass
        return False


def heads_of(lines):
    return [Head(json.loads(line, object_pairs_hook=members_of)) for line in lines if line.strip()]


class Verifier:
    """Takes an export line by line. Raises Defect; afterwards its attributes tell what was checked."""

    def __init__(self, schemas, keys=(), heads=None):
        self.schemas, self.given_keys, self.keys, self.outside = schemas, list(keys), list(keys), heads
        self.sha256, self.header, self.ended = hashlib.sha256(), None, False
        self.first = self.last = self.events = self.heads = self.erased = self.signed_to = 0
        self.hash, self.source, self.head_seen, self.unexplained, self.outside_heads = b"", "", False, [], 0

    def line(self, line):
        """One line with its line end."""
        require(not self.ended, "something follows the end of the export")
        require(len(line) <= LONGEST_LINE + 1, "a line is longer than any of an export")
        require(line.endswith(b"\n"), "the last line has no end: the export was cut off")
        value = parse(line[:-1], "the line")
        require(isinstance(value, dict), "the line is none of an export")
        if self.header is None:
            self.begin(value)
        elif set(value) == {"event", "hash"}:
            self.event(value["event"], value["hash"])
        elif set(value) == {"head"}:
            self.head(Head(value["head"]))
        else:
            self.end(value)
        self.sha256.update(line)

    def begin(self, value):
        header = value.get("export") if set(value) == {"export"} else None
        names = {"first", "format", "gate", "head_key", "previous", "stream", "time", "version"}
        require(isinstance(header, dict) and set(header) == names and header["format"] == "portcullis-journal" and
                header["version"] == 1 and isinstance(header["first"], int) and header["first"] > 0 and
                isinstance(header["gate"], str) and matches(HEX32, header["stream"]) and is_time(header["time"]) and
                matches(HEX64, header["previous"]), "line 1 is none of a journal's export")  # fmt: skip
        self.header, self.first, self.last = header, header["first"], header["first"] - 1
        self.hash, named = bytes.fromhex(header["previous"]), header["head_key"]
        key = None if named == "none" else Key(named)
        require(not self.given_keys or key in self.given_keys, "it names another head key than the one given")
        if not self.given_keys and key:
            self.keys.append(key)
        require(self.first > 1 or not any(self.hash), "the first entry of a stream follows nothing")
        if self.outside is not None:
            self.outside = sorted((head for head in self.outside if head.stream == header["stream"]),
                                  key=lambda head: head.sequence)  # fmt: skip
            require(self.outside, "none of the heads that were kept elsewhere is of this stream")

    def event(self, event, claimed):
        sequence = self.last + 1
        if sequence == self.first:
            require(sequence == 1 or self.head_seen, "it is not the first, and no signed head stands before it")
            while self.outside and self.outside[0].sequence < self.last:
                self.outside.pop(0)
            self.meet_outside()
        self.check_form(event)
        require(event["stream"] == self.header["stream"], "it is of another stream")
        require(event["sequence"] == f"{sequence:020d}", f"entry {event['sequence']} stands in its place")
        require(event["previoushash"] == self.hash.hex(), "it does not follow the entry before it")
        record, erased = self.schemas.record_of(event)
        self.hash = hashlib.sha256(b"\0" + self.hash + record).digest()
        require(claimed == self.hash.hex(), "it is not what was hashed")
        self.last, self.events, self.source, self.head_seen = sequence, self.events + 1, event["source"], False
        if erased:
            self.erased += 1
            self.unexplained.append(sequence)
        self.learn(TYPE.match(event["type"]).group(1), event["data"])
        self.meet_outside()

    def check_form(self, event):
        require(isinstance(event, dict) and set(event) | {"salt"} == ATTRIBUTES and
                all(isinstance(value, str) for name, value in event.items() if name != "data"),
                "an attribute is missing, malformed or too many")  # fmt: skip
        require(len(canonical(event).encode()) <= LONGEST_EVENT, "it is too long")
        kind, number = TYPE.match(event["type"]), event["sequence"]
        require(kind and event["dataschema"] == f"urn:portcullis:schema:{kind.group(1)}.v1" and
                event["specversion"] == "1.0" and event["datacontenttype"] == "application/json" and
                re.match(r"[0-9]{20}\Z", number) and event["id"] == f"{event['stream']}-{number}" and
                re.match(r"(0|-?[1-9][0-9]{0,18})\Z", event["monotonicns"]) and is_time(event["time"]) and
                event["clockstate"] in ("synchronised", "holdover", "unsynchronised") and
                matches(HEX32, event["stream"], event["bootid"], event.get("salt", event["stream"])) and
                matches(HEX64, event["previoushash"]), "these are not the bytes that a gate writes")  # fmt: skip

    def learn(self, kind, data):
        if kind == "stream.opened" and not self.given_keys and matches(HEX64, data.get("head_key")):
            if Key(data["head_key"]) not in self.keys:
                self.keys.append(Key(data["head_key"]))
        if kind == "journal.erased":
            first, last = (data.get(name) if isinstance(data.get(name), int) else 0 for name in ("first", "last"))
            del self.unexplained[bisect_left(self.unexplained, first) : bisect_right(self.unexplained, last)]

    def head(self, head):
        require(not self.head_seen, "it has two heads")
        right = head.stream == self.header["stream"] and head.sequence == self.last
        require(right, f"a head of entry {head.sequence} of stream {head.stream} stands behind it")
        require(head.is_signed_by(self.keys), "its head is not signed with the gate's key")
        require(head.hash == self.hash, "it is not what its head has signed")
        self.head_seen, self.heads, self.signed_to = True, self.heads + 1, self.last

    def meet_outside(self):
        while self.outside and self.outside[0].sequence == self.last:
            head = self.outside.pop(0)
            require(head.is_signed_by(self.keys), "the head that was kept elsewhere is not signed with the gate's key")
            require(head.hash == self.hash, "it is not what the head that was kept elsewhere has signed")
            self.outside_heads, self.signed_to = self.outside_heads + 1, max(self.signed_to, self.last)

    def end(self, value):
        expected = {"sequence": self.last, "hash": self.hash.hex(), "events": self.events, "heads": self.heads,
                    "sha256": self.sha256.hexdigest()}  # fmt: skip
        require(value == {"end": expected}, "the export's end is not that of the lines before it")
        require(self.source == self.header["gate"], "the export is said to be of another gate than its last entry")
        self.ended = True

    def finish(self):
        require(self.header is not None, "it is empty")
        require(self.ended, "the export has no end: it was cut off")
        require(self.events > 0, "it holds no entry")
        require(not self.outside, "it is the last one, and a later head was kept elsewhere")


def verify(lines, verifier):
    """None when everything holds, or the first defect."""
    try:
        for line in lines:
            verifier.line(line)
        verifier.finish()
    except Defect as defect:
        return f"entry {verifier.last} or the one after it: {defect}"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("export")
    arguments.add_argument("--heads")
    arguments.add_argument("--key", action="append", default=[])
    arguments.add_argument("--schemas", default=Path(__file__).resolve().parent.parent / "events")
    given = arguments.parse_args()
    try:
        heads = heads_of(open(given.heads, encoding="utf-8")) if given.heads else None
        verifier = Verifier(Schemas(given.schemas), [Key(text) for text in given.key], heads)
        with open(given.export, "rb") as file:
            defect = verify(iter(lambda: file.readline(LONGEST_LINE + 2), b""), verifier)
    except (Defect, OSError, ValueError) as error:
        defect = str(error)
    if defect:
        print(f"{given.export}: {defect}")
        return 1
    print(f"stream {verifier.header['stream']}: entries {verifier.first} to {verifier.last} hold, "
          f"{verifier.erased} erased ({len(verifier.unexplained)} of them unexplained)")  # fmt: skip
    print(f"heads: {verifier.heads} in the file, {verifier.outside_heads} kept elsewhere; "
          f"signed up to entry {verifier.signed_to}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
