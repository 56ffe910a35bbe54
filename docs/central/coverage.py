#!/usr/bin/python3
"""Count again what a gate says it saw, from its exported events; list what central has to close (README.md, coverage).

Usage: coverage.py recount EVENTS.jsonl [...]
       coverage.py lists [--orders BATCH.json ...] [--time-zone +08:00] EVENTS.jsonl [...]
`recount` prints one line of JSON; exit code 0 when every sheet agrees, adds up, and no entry is missing, else 1.
`lists` prints one line of JSON an item and day; exit code 0. Python's standard library is all it needs.
"""

import argparse
import base64
import collections
import datetime
import json
import sys

OUTCOMES = ["cleared", "turned_away", "backed_out", "diverted", "abandoned", "interrupted", "merged", "void"]
PHANTOMS = {"merged", "void"}
WAY_OF = {"import_laden": "out", "empty_out": "out", "withdrawn_export": "out", "export_laden": "in", "empty_in": "in"}


def kind_of(event):
    return event["type"].removeprefix("portcullis.").removesuffix(".v1")


def read_events(paths):
    """The events of all files, by stream and sequence, each once."""
    events = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in filter(str.strip, file):
                event = json.loads(line)
                if "sequence" in event:
                    events[event["stream"], int(event["sequence"])] = event
    return [events[key] for key in sorted(events)]


def boxes_of(ended):
    """What is known of each box of a passage: those that were read, and those that nobody could read."""
    read = [(box["container"], box["order"]) for box in ended.get("box_coverage", [])]
    boxes = ended["boxes"] if isinstance(ended["boxes"], int) else 0
    return read + [("unread", "unmatched")] * (boxes - len(read))


class Sheet:
    """The entries between two sheets, counted."""

    def __init__(self, first, opened):
        self.first, self.open, self.open_before = first, set(opened), len(opened)
        self.detected = self.unopened = self.tests = self.unassigned = self.outage_detections = 0
        self.outcomes = dict.fromkeys(OUTCOMES, 0)
        self.orders = dict.fromkeys(["matched", "unmatched", "no_order_needed"], 0)
        self.by = collections.defaultdict(lambda: [0, 0])

    def count(self, kind, data):
        if kind == "passage.detected":
            self.detected += 1
            self.open.add(data["passage"])
        elif kind == "passage.ended":
            self.end(data)
        elif kind == "observation.unassigned":
            self.unassigned += 1
        elif kind == "journal.outage":
            self.outage_detections += data["detections"]

    def end(self, data):
        self.unopened += data["passage"] not in self.open
        self.open.discard(data["passage"])
        self.outcomes[data["outcome"]] += 1
        self.tests += data["test"] == "yes"
        if data["test"] == "yes" or data["outcome"] in PHANTOMS:
            return
        boxes = boxes_of(data)
        for _, order in boxes:
            self.orders[order] += 1
        traffic = self.by[data["way"], data["movement"]]
        traffic[0] += 1
        traffic[1] += len(boxes)

    def data(self, last):
        vehicles = sum(vehicles for vehicles, _ in self.by.values())
        return {
            "first": self.first, "last": last, "open_before": self.open_before, "detected": self.detected,
            "open": sorted(self.open), "unopened": self.unopened, "vehicles": vehicles, "passages": self.outcomes,
            "phantoms": sum(self.outcomes.values()) - vehicles - self.tests, "tests": self.tests,
            "boxes": sum(self.orders.values()), **self.orders, "unassigned": self.unassigned,
            "outage_detections": self.outage_detections,
            "by": {(way, movement): tuple(counts) for (way, movement), counts in self.by.items()},
        }


def adds_up(sheet):
    """Vehicles = passages = outcomes; boxes = matched + unmatched + no order needed; on the gate's own sheet."""
    ended = sum(sheet["passages"].values())
    return (
        sheet["open_before"] + sheet["detected"] == ended + len(sheet["open"])
        and sheet["vehicles"] + sheet["phantoms"] + sheet["tests"] == ended
        and sheet["boxes"] == sheet["matched"] + sheet["unmatched"] + sheet["no_order_needed"]
        and sheet["vehicles"] == sum(row["vehicles"] for row in sheet["by"])
        and sheet["boxes"] == sum(row["boxes"] for row in sheet["by"])
        and sheet["unopened"] == 0
    )


def contradicts(ended, verdict):
    """A box is said to be matched where the verdict saw no order, or to need none where no policy said so."""
    seen = any(order["kind"] != "targeting" for order in verdict["orders"])
    admitted = any(reason["code"] == "policy_admit" for reason in verdict["reasons"])
    words = {box["order"] for box in ended.get("box_coverage", [])}
    return ("matched" in words and not seen) or ("no_order_needed" in words and not admitted)


def recount(events):
    counts = dict.fromkeys(
        ["events", "missing", "sheets", "agree", "differ", "do_not_add_up", "contradictions", "left_undeclared",
         "targeting_hits", "near_hits"], 0
    )
    differences = []
    sheet, stream, last, verdicts = None, None, 0, {}
    hit, near = set(), set()
    for event in events:
        sequence, kind, data = int(event["sequence"]), kind_of(event), event["data"]
        if event["stream"] != stream:  # its first sheet can be counted only where its first entry is here
            stream, last, verdicts = event["stream"], sequence - 1, {}
            sheet = Sheet(1, []) if sequence == 1 else None
        counts["events"] += 1
        counts["missing"] += sequence - last - 1
        last = sequence
        if kind == "coverage.hour":
            counts["sheets"] += 1
            counts["do_not_add_up"] += not adds_up(data)
            if sheet is not None:
                told = {name: data[name] for name in sheet.data(0)}
                told["open"] = sorted(told["open"])
                told["by"] = {(row["way"], row["movement"]): (row["vehicles"], row["boxes"]) for row in data["by"]}
                counted = sheet.data(sequence - 1)
                wrong = sorted(name for name in counted if counted[name] != told[name])
                counts["differ" if wrong else "agree"] += 1
                differences += [{"sequence": sequence, "differ": wrong}] if wrong else []
            sheet = Sheet(sequence + 1, data["open"])
        elif sheet is not None:
            sheet.count(kind, data)
        if kind == "verdict.issued":
            verdicts[sequence] = data
            codes = {reason["code"] for reason in data["reasons"]}
            if any(code.startswith("targeting_") for code in codes):
                hit.add((stream, data["passage"]))
            if "targeting_near" in codes:
                near.add((stream, data["passage"]))
        elif kind == "passage.ended":
            verdict = verdicts.pop(data["verdict_sequence"], None)
            counts["contradictions"] += verdict is not None and contradicts(data, verdict)
            left = data["way"] == "out" and data["outcome"] == "cleared"
            counts["left_undeclared"] += left * sum(order == "unmatched" for _, order in boxes_of(data))
    counts["targeting_hits"], counts["near_hits"] = len(hit), len(near)
    return counts, differences


def read_orders(paths):
    """Every order of these batches, envelopes or payloads, as it stands at last; a revoked one is none."""
    batches = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            batch = json.load(file)
        batches.append(json.loads(base64.b64decode(batch["payload"])) if "payload" in batch else batch)
    orders = {}
    for batch in sorted(batches, key=lambda one: (one["authority"], one["number"])):
        for order in batch["orders"]:
            if order["op"] != "used":
                orders[batch["authority"], order["order"]] = order if order["op"] == "put" else None
    return [(authority, order) for (authority, _), order in sorted(orders.items()) if order]


def day_of(time, zone):
    return datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone(zone).date().isoformat()


def lists(events, orders, zone):
    """What was seen and not declared, and what was declared and not seen while it was valid, each with its day."""
    named = collections.defaultdict(list)
    for authority, order in orders:
        if order["kind"] != "targeting" and order.get("container"):
            named[order["container"]].append((authority, order))
    items, cleared = [], collections.defaultdict(list)
    until = max((event["time"] for event in events), default="")
    for event in events:
        data = event["data"]
        if kind_of(event) != "passage.ended" or data["test"] == "yes" or data["outcome"] in PHANTOMS:
            continue
        for container, order in boxes_of(data):
            if data["outcome"] == "cleared":
                cleared[container, data["way"]].append(event["time"])
            if order == "unmatched":
                closed = [
                    f"{authority}/{one['order']}" for authority, one in named[container]
                    if (one.get("valid_to") or "9") > event["time"] and WAY_OF.get(one.get("movement"), data["way"]) == data["way"]
                ]
                items.append({
                    "list": "seen_undeclared", "day": day_of(event["time"], zone), "container": container,
                    "way": data["way"], "movement": data["movement"], "outcome": data["outcome"], "lane": data["lane"],
                    "passage": data["passage"], "closed_by": closed,
                })
    for authority, order in orders:
        container, ends = order.get("container"), order.get("valid_to")
        if order["kind"] == "targeting" or not container or not ends or ends > until:
            continue
        ways = [WAY_OF[order["movement"]]] if order.get("movement") in WAY_OF else ["in", "out"]
        begins = order.get("valid_from") or ""
        if not any(begins <= time <= ends for way in ways for time in cleared[container, way]):
            items.append({
                "list": "declared_unseen", "day": day_of(ends, zone), "container": container, "authority": authority,
                "order": order["order"], "movement": order.get("movement") or "unknown",
            })
    return sorted(items, key=lambda item: (item["day"], item["list"], item["container"]))


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    recounting = commands.add_parser("recount")
    listing = commands.add_parser("lists")
    listing.add_argument("--orders", nargs="+", action="extend", default=[])
    listing.add_argument("--time-zone", default="+00:00")
    for command in (recounting, listing):
        command.add_argument("events", nargs="+")
    options = parser.parse_args()
    events = read_events(options.events)
    if options.command == "lists":
        zone = datetime.datetime.strptime(options.time_zone, "%z").tzinfo
        for item in lists(events, read_orders(options.orders), zone):
            print(json.dumps(item, ensure_ascii=False))
        return 0
    counts, differences = recount(events)
    for difference in differences:
        print(json.dumps(difference), file=sys.stderr)
    print(json.dumps(counts))
    return 1 if counts["missing"] or counts["differ"] or counts["do_not_add_up"] or counts["contradictions"] else 0


if __name__ == "__main__":
    sys.exit(main())
