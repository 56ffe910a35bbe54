#!/usr/bin/python3
"""What other gates must hear of the orders that were used: events in, operations of a batch out (orders.md, usage).

Usage: used_places.py --authority ciq [--gate g01] EVENTS.jsonl [...]
Prints one line of JSON for each place that the events say was used; `portcullis-sign orders` makes a batch of them.
`--gate` leaves out what that gate said itself. Python's standard library is all it needs.
"""

import argparse
import json


def used_place(event):
    """An `order.used` event as the operation that tells other gates."""
    data = event["data"]
    used = {"op": "used", "order": data["order_id"], "control_point": data["control_point"],
            "gate": event["source"].rsplit("/", 1)[1], "passage": data["passage"], "at": event["time"]}
    if data["container"] != "none":
        used["container"] = data["container"]
    if data.get("place", 1) != 1:
        used["place"] = data["place"]
    return used


def used_places(events, authority, gate=None):
    """Each place once, in the order of the events."""
    said = {}
    for event in events:
        if event["type"] == "portcullis.order.used.v1" and event["data"]["authority"] == authority:
            used = used_place(event)
            if used["gate"] != gate:
                place = (used["order"], used.get("container"), used["control_point"], used["passage"], used.get("place"))
                said.setdefault(place, used)
    return list(said.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authority", required=True)
    parser.add_argument("--gate")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    events = []
    for name in options.files:
        with open(name, encoding="utf-8") as file:
            events += [json.loads(line) for line in file if line.strip()]
    for used in used_places(events, options.authority, options.gate):
        print(json.dumps(used, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
