#!/usr/bin/python3
"""Takes one gate's pictures, for whoever integrates Portcullis: puts the pieces together and believes only the hash.

Needs python3-paho-mqtt (1.6 or 2). Usage:

    pictures.py --broker broker.example:1883 --prefix portcullis/xmht/g07 --store pictures/

Each picture becomes `<sha256>.jpg` in the folder, once its bytes have the SHA-256 that its topic names, with the user
properties beside it as `<sha256>.json`. The same rules in words: README.md, pictures. What decides is in `Pictures`,
which does not know MQTT.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path

MOST_OPEN = 64  # pictures of which pieces are missing: the oldest is forgotten, and comes again or not
MOST_BYTES = 8 * 1024 * 1024
TOPIC = re.compile(r"evidence/([0-9a-f]{64})/(0|[1-9][0-9]{0,8})")


class Pictures:
    def __init__(self, folder: Path):
        self.folder = folder
        self.open: dict[str, dict[int, bytes]] = {}

    def take(self, topic: str, properties: dict[str, str], payload: bytes) -> str:
        """One piece; `topic` without the prefix. Says `stored`, `waits`, or what is wrong."""
        match = TOPIC.fullmatch(topic)
        if not match:
            return "another topic"
        sha256, chunk = match.group(1), int(match.group(2))
        try:
            size, chunks = int(properties["bytes"]), int(properties["chunks"])
        except (KeyError, ValueError):
            return "its properties do not say how large it is"
        if not (0 < size <= MOST_BYTES and chunk < chunks <= size):
            return "impossible sizes"
        pieces = self.open.pop(sha256, {})  # put back at the end: the newest is forgotten last
        pieces[chunk] = payload
        if sum(map(len, pieces.values())) > size:
            return "more bytes than it has"
        if len(pieces) < chunks:
            self.open[sha256] = pieces
            while len(self.open) > MOST_OPEN:
                self.open.pop(next(iter(self.open)))
            return "waits"
        whole = b"".join(pieces[number] for number in sorted(pieces))
        if hashlib.sha256(whole).hexdigest() != sha256:
            return "its bytes are not what its name says"
        self.write(sha256 + ".json", json.dumps(properties, ensure_ascii=False).encode())
        self.write(sha256 + ".jpg", whole)
        return "stored"

    def write(self, name: str, data: bytes) -> None:
        """All of it, or nothing."""
        with open(self.folder / (name + ".new"), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.folder / (name + ".new"), self.folder / name)


def run(options: argparse.Namespace) -> int:
    import paho.mqtt.client as mqtt
    from paho.mqtt.properties import Properties  # noqa: F401 (MQTT 5 is there)

    pictures = Pictures(Path(options.store))
    pictures.folder.mkdir(parents=True, exist_ok=True)
    newer = hasattr(mqtt, "CallbackAPIVersion")
    arguments = (mqtt.CallbackAPIVersion.VERSION2,) if newer else ()
    client = mqtt.Client(*arguments, client_id=options.client, protocol=mqtt.MQTTv5)

    def connected(client, _userdata, _flags, _reason, _properties=None):
        client.subscribe(options.prefix + "/evidence/#", qos=1)

    def arrived(_client, _userdata, message):
        properties = dict(getattr(message.properties, "UserProperty", []))
        said = pictures.take(message.topic.removeprefix(options.prefix + "/"), properties, message.payload)
        if said != "waits":
            print(message.topic, said, flush=True)

    client.on_connect = connected
    client.on_message = arrived
    host, _, port = options.broker.partition(":")
    client.connect(host, int(port or 1883))
    client.loop_forever()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--broker", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--client", default="pictures")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
