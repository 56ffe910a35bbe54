#!/usr/bin/python3
"""A consumer of one gate's stream, for whoever integrates Portcullis: read it, copy it, change where events go.

It stores each event exactly once and in order in SQLite, acknowledges after its own commit, asks `replay` at a hole,
and stops at a fork. Needs python3-paho-mqtt (1.6 or 2). Usage:

    consumer.py --broker broker.example:1883 --prefix portcullis/xmht/g07 --store events.db

The rules are those of README.md beside this file. Everything that decides is in `Stream` and `Consumer`, which know
neither MQTT nor a clock; `Link` brings them messages and the time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field

ACK_EVERY = 100  # events
ACK_WITHIN = 1.0  # seconds
KNOWN_WITHIN = 0.1  # seconds: a replay of a thousand known events needs no thousand acknowledgements
REPLAY_PAUSE = 5.0  # seconds: the gate serves one replay in this time


class Store:
    """Events as they came, byte for byte: `bytes` is what `ack` hashes and what the chain is made of."""

    def __init__(self, path: str):
        self.database = sqlite3.connect(path)
        self.database.executescript(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS event (
                stream TEXT NOT NULL, sequence INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (stream, sequence)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS fork (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL, why TEXT NOT NULL) STRICT;
            """
        )

    def last(self, stream: str) -> int:
        row = self.database.execute("SELECT max(sequence) FROM event WHERE stream = ?", (stream,)).fetchone()
        return row[0] or 0

    def read(self, stream: str, sequence: int) -> bytes | None:
        query = "SELECT bytes FROM event WHERE stream = ? AND sequence = ?"
        row = self.database.execute(query, (stream, sequence)).fetchone()
        return row and row[0]

    def add(self, stream: str, sequence: int, payload: bytes) -> None:
        self.database.execute("INSERT INTO event VALUES (?, ?, ?)", (stream, sequence, payload))

    def forked(self, stream: str) -> bool:
        return self.database.execute("SELECT 1 FROM fork WHERE stream = ?", (stream,)).fetchone() is not None

    def set_fork(self, stream: str, sequence: int, why: str) -> None:
        self.database.execute("INSERT OR IGNORE INTO fork VALUES (?, ?, ?)", (stream, sequence, why))

    def commit(self) -> None:
        self.database.commit()


@dataclass
class Stream:
    """What is known of one stream. A gate begins a new one when its journal begins anew; the old one stays as it is."""

    name: str
    last: int
    forked: bool
    connection: int = 0  # of the newest birth
    known_last: int = 0  # the newest event that is known to exist


@dataclass
class Consumer:
    """The rule. `event` and `status` take a payload and the time; `due` says what to publish, after a commit."""

    store: Store
    warn: object = print
    streams: dict[str, Stream] = field(default_factory=dict)
    newest: Stream | None = None
    unacknowledged: int = 0
    ack_at: float | None = None
    replay_at: float | None = None
    replayed_at: float = float("-inf")

    def event(self, payload: bytes, now: float) -> str:
        """Takes one event; answers `stored`, `known`, `hole`, `fork` or `refused`."""
        try:
            event = json.loads(payload)
            name, sequence = event["stream"], int(event["sequence"])
        except (ValueError, KeyError, TypeError) as error:
            self.warn(f"no event: {error}")
            return "refused"
        stream = self.newest = self.stream(name)
        stream.known_last = max(stream.known_last, sequence)
        if stream.forked:
            return "fork"
        if sequence <= stream.last:
            if self.store.read(name, sequence) != payload:
                return self.fork(stream, sequence, "an event that is stored came with other bytes")
            self.wish_ack(now + KNOWN_WITHIN)
            return "known"
        if sequence > stream.last + 1:
            self.wish_replay(now)
            return "hole"
        self.store.add(name, sequence, payload)
        stream.last = sequence
        self.unacknowledged += 1
        self.wish_ack(now if self.unacknowledged >= ACK_EVERY else now + ACK_WITHIN)
        return "stored"

    def status(self, payload: bytes, now: float) -> None:
        """Takes a birth or a will."""
        try:
            status = json.loads(payload)
            name, state, connection = status["stream"], status["state"], int(status["connection"])
            last = int(status["last"]) if state == "online" else 0
        except (ValueError, KeyError, TypeError) as error:
            self.warn(f"no status: {error}")
            return
        stream = self.stream(name)
        if connection < stream.connection or state != "online":
            return  # the will of an older connection, late; or the gate is away, and nothing is to be said to it
        stream.connection = connection
        self.newest = stream
        # A birth that the broker kept is older than what came since: its `last` may lie below what is stored.
        stream.known_last = max(stream.known_last, last)
        self.wish_ack(now)
        if stream.known_last > stream.last:
            self.wish_replay(now + REPLAY_PAUSE)  # by then what the gate sends by itself has come

    def connected(self, now: float) -> None:
        """Our own connection is new: what the gate sent meanwhile went past us."""
        if self.newest:
            self.wish_ack(now)
            self.wish_replay(now)

    def due(self, now: float) -> list[tuple[str, str]]:
        """Topic and payload of what is to be published now. Everything taken before is committed first."""
        says = []
        stream = self.newest
        if stream is None or stream.forked:
            self.ack_at = self.replay_at = None
            return says
        if self.ack_at is not None and now >= self.ack_at:
            self.store.commit()
            self.ack_at, self.unacknowledged = None, 0
            if stream.last > 0:
                digest = hashlib.sha256(self.store.read(stream.name, stream.last)).hexdigest()
                ack = {"stream": stream.name, "sequence": stream.last, "sha256": digest}
                says.append(("ack", json.dumps(ack)))
        if self.replay_at is not None and now >= self.replay_at:
            self.replay_at = None
            if stream.known_last > stream.last:
                self.replayed_at = now
                says.append(("replay", json.dumps({"stream": stream.name, "from": stream.last + 1})))
                self.wish_replay(now + REPLAY_PAUSE)
        return says

    def deadline(self) -> float | None:
        return min((at for at in (self.ack_at, self.replay_at) if at is not None), default=None)

    def stream(self, name: str) -> Stream:
        if name not in self.streams:
            self.streams[name] = Stream(name, self.store.last(name), self.store.forked(name))
        return self.streams[name]

    def fork(self, stream: Stream, sequence: int, why: str) -> str:
        """Two histories of one stream: no machine can say which is true. Nothing of it is taken any more."""
        stream.forked = True
        self.store.set_fork(stream.name, sequence, why)
        self.store.commit()
        self.warn(f"FORK in stream {stream.name} at {sequence}: {why}")
        return "fork"

    def wish_ack(self, at: float) -> None:
        self.ack_at = at if self.ack_at is None else min(self.ack_at, at)

    def wish_replay(self, at: float) -> None:
        at = max(at, self.replayed_at + REPLAY_PAUSE)
        self.replay_at = at if self.replay_at is None else min(self.replay_at, at)


class Link:
    """MQTT around the rule: one thread, which turns Paho's loop itself."""

    def __init__(self, broker: str, prefix: str, client_id: str, consumer: Consumer):
        import paho.mqtt.client as mqtt

        self.mqtt = mqtt
        self.prefix = prefix
        self.consumer = consumer
        host, _, port = broker.partition(":")
        self.address = (host, int(port or 1883))
        # Version 2 of the library asks which form of callbacks is meant; version 1 knows one.
        form = (mqtt.CallbackAPIVersion.VERSION1,) if hasattr(mqtt, "CallbackAPIVersion") else ()
        self.client = mqtt.Client(*form, client_id=client_id, protocol=mqtt.MQTTv5)
        self.client.on_connect = self.on_connect
        self.client.message_callback_add(f"{prefix}/event", self.on_event)
        self.client.message_callback_add(f"{prefix}/status", self.on_status)

    def run(self, wanted) -> None:
        connected = False
        while wanted():
            try:
                if not connected:
                    self.client.connect(*self.address, keepalive=20, clean_start=True)
                    connected = True
                connected = self.client.loop(timeout=self.pause()) == self.mqtt.MQTT_ERR_SUCCESS
            except OSError as error:
                connected = False
                print(f"no broker at {self.address[0]}:{self.address[1]}: {error}", file=sys.stderr)
            if not connected:
                time.sleep(1)
            for topic, payload in self.consumer.due(time.monotonic()):
                self.client.publish(f"{self.prefix}/{topic}", payload, qos=1)
        self.consumer.store.commit()
        self.client.disconnect()

    def pause(self) -> float:
        deadline = self.consumer.deadline()
        return 0.5 if deadline is None else min(max(deadline - time.monotonic(), 0.001), 0.5)

    def on_connect(self, client, userdata, flags, reason, properties=None) -> None:
        client.subscribe([(f"{self.prefix}/status", 1), (f"{self.prefix}/event", 1)])
        self.consumer.connected(time.monotonic())

    def on_event(self, client, userdata, message) -> None:
        self.consumer.event(message.payload, time.monotonic())

    def on_status(self, client, userdata, message) -> None:
        self.consumer.status(message.payload, time.monotonic())


def main() -> int:
    parser = argparse.ArgumentParser(description="Stores a gate's events exactly once and in order.")
    parser.add_argument("--broker", required=True, metavar="HOST[:PORT]")
    parser.add_argument("--prefix", required=True, help="portcullis/{terminal}/{gate}")
    parser.add_argument("--store", required=True, metavar="FILE", help="an SQLite database; made when it is not there")
    parser.add_argument("--client-id", default="reference-consumer")
    arguments = parser.parse_args()
    ended = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.append(True))
    consumer = Consumer(Store(arguments.store), warn=lambda text: print(text, file=sys.stderr, flush=True))
    Link(arguments.broker, arguments.prefix, arguments.client_id, consumer).run(lambda: not ended)
    return 1 if any(stream.forked for stream in consumer.streams.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
