"""The published schemas and examples, and the record and hash of an event, made from docs/ alone.

Shares no code with the daemon: what it computes is what an integrator would compute.
"""

import hashlib
import hmac
import json
import pathlib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVENTS = ROOT / "docs" / "events"
CENTRAL = ROOT / "docs" / "central"
URN = "urn:portcullis:schema:"


def load(path):
    """A JSON file; a duplicate member is an error, which Python's reader alone would hide."""

    def members(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise ValueError(f"{path}: duplicate member in {names}")
        return dict(pairs)

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=members)


def event_schemas():
    """Type without prefix and version -> schema."""
    return {path.name.removesuffix(".v1.json"): load(path) for path in sorted(EVENTS.glob("*.*.v1.json"))}


def event_examples():
    """Type -> example, in the order of the stream."""
    found = {path.stem: load(path) for path in (EVENTS / "examples").glob("*.json")}
    return dict(sorted(found.items(), key=lambda item: item[1]["sequence"]))


COMMON = load(EVENTS / "common.v1.json")


def resolve(node, document):
    """The node that `node` refers to, and the document in which its own references are to be read."""
    while isinstance(node, dict) and "$ref" in node:
        urn, _, pointer = node["$ref"].partition("#")
        if urn:
            assert urn == COMMON["$id"], node
            document = COMMON
        node = document
        for step in pointer.strip("/").split("/") if pointer else []:
            node = node[step]
    return node, document


def validator(schema):
    """A validator that finds the common definitions by their URN and asks no network."""
    store = {COMMON["$id"]: COMMON, schema["$id"]: schema}
    return jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store))


def parts(node, document):
    """A schema node and all that `allOf` and `$ref` add to it, each with its document."""
    node, document = resolve(node, document)
    yield node, document
    for part in node.get("allOf", []):
        yield from parts(part, document)


def member_schemas(node, document):
    """Member name -> its schema nodes, of an object's schema."""
    found = {}
    for part, home in parts(node, document):
        for name, member in part.get("properties", {}).items():
            found.setdefault(name, []).append((member, home))
    return found


def is_personal(schemas, owner):
    """Whether the member of `owner` that these nodes describe is a personal value."""
    for schema, document in schemas:
        for part, _ in parts(schema, document):
            if part.get("x-personal"):
                return True
            condition = part.get("x-personal-if")
            if condition and all(owner.get(name) in words for name, words in condition.items()):
                return True
    return False


def with_digests(value, schemas, salt, pointer=""):
    """`value` with its personal values replaced by their digests."""
    if isinstance(value, list):
        items = [(part["items"], home) for node, doc in schemas for part, home in parts(node, doc) if "items" in part]
        return [with_digests(item, items, salt, f"{pointer}/{i}") for i, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    declared = {}
    for node, document in schemas:
        for name, nodes in member_schemas(node, document).items():
            declared.setdefault(name, []).extend(nodes)
    out = {}
    for name, member in value.items():
        place = f"{pointer}/{name}"
        nodes = declared.get(name, [])
        if is_personal(nodes, value):
            out[name] = member if member in ("unknown", "none") else digest(salt, place, member)
        else:
            out[name] = with_digests(member, nodes, salt, place)
    return out


def canonical(value):
    """RFC 8785 for what events hold: whole numbers, text, ASCII member names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(salt, pointer, value):
    message = pointer.encode() + b"\0" + canonical(value)
    return "sha256:" + hmac.new(bytes.fromhex(salt), message, hashlib.sha256).hexdigest()


def event_hash(event, schema):
    """h(n) of a published event, from itself and its schema."""
    bare = {name: value for name, value in event.items() if name not in ("salt", "previoushash")}
    record = canonical(with_digests(bare, [(schema, schema)], event["salt"]))
    return hashlib.sha256(b"\0" + bytes.fromhex(event["previoushash"]) + record).hexdigest()


def without_each_mandatory_member(value, schemas, pointer=""):
    """Every way to take one mandatory member out of `value`: (pointer of the member, what is left)."""
    if isinstance(value, list):
        items = [(part["items"], home) for node, doc in schemas for part, home in parts(node, doc) if "items" in part]
        for index, item in enumerate(value):
            for place, rest in without_each_mandatory_member(item, items, f"{pointer}/{index}"):
                yield place, value[:index] + [rest] + value[index + 1 :]
    elif isinstance(value, dict):
        declared, required = {}, set()
        for node, document in schemas:
            for part, _ in parts(node, document):
                required.update(part.get("required", []))
            for name, nodes in member_schemas(node, document).items():
                declared.setdefault(name, []).extend(nodes)
        for name in sorted(required):
            yield f"{pointer}/{name}", {key: member for key, member in value.items() if key != name}
        for name, nodes in declared.items():
            if name in value:
                for place, rest in without_each_mandatory_member(value[name], nodes, f"{pointer}/{name}"):
                    yield place, value | {name: rest}


def undeclared(value, schemas, pointer=""):
    """Pointers of members that no schema node declares."""
    if isinstance(value, list):
        items = [(part["items"], home) for node, doc in schemas for part, home in parts(node, doc) if "items" in part]
        for index, item in enumerate(value):
            yield from undeclared(item, items, f"{pointer}/{index}")
    elif isinstance(value, dict):
        declared = {}
        for node, document in schemas:
            for name, nodes in member_schemas(node, document).items():
                declared.setdefault(name, []).extend(nodes)
        for name, member in value.items():
            if name not in declared:
                yield f"{pointer}/{name}"
            yield from undeclared(member, declared.get(name, []), f"{pointer}/{name}")
