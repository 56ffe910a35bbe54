#!/usr/bin/python3
"""Number the examples of docs/events anew, in the order of their sequences, and chain them.

Run it after an example was changed; a new example takes the sequence after which it should stand.
"""

import re

from published import EVENTS, event_examples, event_hash, event_schemas


def main():
    schemas = event_schemas()
    previous = "0" * 64
    for number, (name, event) in enumerate(event_examples().items(), 1):
        sequence = f"{number:020d}"
        chained = {"id": f"{event['stream']}-{sequence}", "sequence": sequence, "previoushash": previous}
        path = EVENTS / "examples" / f"{name}.json"
        text = path.read_text(encoding="utf-8")
        if name == "coverage.hour":  # it counts what stands before it
            event["data"]["last"] = number - 1
            text = re.sub(r'^(    "last": )\d+', rf"\g<1>{number - 1}", text, count=1, flags=re.MULTILINE)
        for member, value in chained.items():
            text = re.sub(rf'^(  "{member}": )"[^"]*"', rf'\1"{value}"', text, count=1, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")
        previous = event_hash(event | chained, schemas[name])


if __name__ == "__main__":
    main()
