#!/usr/bin/python3
"""Draw every box of a gate again from its exported events, with keys that are revealed (docs/sampling.md).

Written from docs/sampling.md alone, beside `portcullis-sign audit-sampling`: two programs that agree are hard to bribe.
Usage: audit_sampling.py --ruleset RULESET.json --key KEY.json [--key KEY.json ...] EVENTS.jsonl [EVENTS.jsonl ...]
Prints one line of JSON; exit code 0 when nothing differs and nothing was left out, else 1.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys

RANGE = 1_000_000
BIASED_FROM = (2**64 - 1) // RANGE * RANGE


def ticket(key, purpose, terminal, declaration, container=""):
    block = 0
    while True:
        message = f"portcullis-draw-1\n{purpose}\n{terminal}\n{declaration}\n{container}\n{block}\n"
        value = hmac.new(key, message.encode(), hashlib.sha256).digest()
        for at in range(0, 32, 8):
            number = int.from_bytes(value[at : at + 8], "big")
            if number < BIASED_FROM:
                return number % RANGE
        block += 1


def box_ticket(key, terminal, declaration, container, boxes_ppm):
    taken = boxes_ppm >= RANGE or ticket(key, "box", terminal, declaration, container) < boxes_ppm
    return ticket(key, "sampling", terminal, declaration) if taken else RANGE


def rate_of(sampling, data):
    for row in sampling.get("rates") or []:
        wanted = {"class": row.get("class"), "goods_group": row.get("goods"), "movement": row.get("movement")}
        if all(value is None or data[name] == value for name, value in wanted.items()):
            return row["rate_ppm"]
    return 0


def key_problem(key, row, event):
    """Why the key is not the one that the ruleset commits to for this gate and time; empty when it is."""
    terminal, gate = event["source"].split("/")[-2:]
    if row is None or hashlib.sha256(bytes.fromhex(key["key"])).hexdigest() != row["commitment"]:
        return "not committed"
    if (row["gate"], key["terminal"]) != (gate, terminal):
        return "of another gate"
    return "" if row["from"] <= event["time"] < row["to"] else "not in force"


def judge(event, ruleset, keys):
    """`recomputed`, `mismatches`, `unchecked`, or how a box came to have no draw."""
    data, sampling = event["data"], ruleset.get("sampling") or {}
    without = {"central_drawn": "by_central", "central_not": "by_central", "not_eligible": "not_eligible", "unknown": "unkeyed"}
    if data["draw"] in without:
        return without[data["draw"]]
    if data["draw"] == "satisfied" and data["key_id"] == "none":
        return "unkeyed"
    if data["ruleset_version"] != ruleset["version"]:
        return "unchecked"
    boxes_ppm = RANGE if sampling.get("boxes_ppm") is None else sampling["boxes_ppm"]
    if (data["rate_ppm"], data["draw"], rate_of(sampling, data)) == (0, "gate_not", 0):
        return "recomputed"  # nobody needs a key to draw nothing
    if data["rate_ppm"] != rate_of(sampling, data) or data["boxes_ppm"] != boxes_ppm:
        return "mismatches"
    key = keys.get(data["key_id"])
    if data["algorithm"] != "hmac-sha256-1" or key is None:
        return "unchecked"
    row = next((row for row in sampling.get("keys") or [] if row["key"] == data["key_id"]), None)
    if key_problem(key, row, event) or not data["declarations"]:
        return "mismatches"
    secret = bytes.fromhex(key["key"])
    tickets = [
        (box_ticket(secret, key["terminal"], one, data["container"], boxes_ppm), place, one)
        for place, one in enumerate(data["declarations"])
    ]
    smallest, _, decides = min(tickets)
    drawn = "gate_drawn" if smallest < data["rate_ppm"] else "gate_not"
    return "recomputed" if data["draw"] in (drawn, "satisfied") and data["declaration"] == decides else "mismatches"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ruleset", required=True)
    parser.add_argument("--key", action="append", required=True)
    parser.add_argument("events", nargs="+")
    options = parser.parse_args()
    with open(options.ruleset, encoding="utf-8") as file:
        ruleset = json.load(file)
    if "payload" in ruleset:
        ruleset = json.loads(base64.b64decode(ruleset["payload"]))
    keys = {}
    for path in options.key:
        with open(path, encoding="utf-8") as file:
            key = json.load(file)
        keys[key["key_id"]] = key
    counts = dict.fromkeys(
        ["events", "judged", "recomputed", "by_central", "not_eligible", "unkeyed", "mismatches", "missing", "unchecked"], 0
    )
    untold, last = {}, None
    for path in options.events:
        with open(path, encoding="utf-8") as file:
            for line in filter(str.strip, file):
                event = json.loads(line)
                sequence, data = int(event["sequence"]), event["data"]
                counts["events"] += 1
                counts["missing"] += last is not None and sequence != last + 1
                last = sequence
                if event["type"] == "portcullis.verdict.issued.v1" and data["ruleset_version"] > 0:
                    untold[sequence] = set(data["containers"])
                elif event["type"] == "portcullis.sampling.judged.v1":
                    counts["judged"] += 1
                    untold.get(data["verdict_sequence"], set()).discard(data["container"])
                    counts[judge(event, ruleset, keys)] += 1
    counts["missing"] += sum(map(len, untold.values()))
    print(json.dumps(counts))
    return 1 if counts["mismatches"] or counts["missing"] or counts["unchecked"] else 0


if __name__ == "__main__":
    sys.exit(main())
