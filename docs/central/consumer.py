#!/usr/bin/python3
"""A consumer of one gate's stream, for whoever integrates Portcullis: read it, copy it, change where events go.

It stores each event exactly once and in order in SQLite, acknowledges after its own commit, asks `replay` at a hole,
and stops at a fork. Needs python3-paho-mqtt (1.6 or 2). Usage:

    consumer.py --broker broker.example:1883 --prefix portcullis/xmht/g07 --store events.db
    consumer.py --broker broker.example --ca ca.pem --certificate our.pem --key our.key --user central \
        --password-file secret --prefix portcullis/xmht/g07 --store events.db

With `--ca` it speaks TLS 1.2 or later, and only to a broker whose certificate that authority signed for this host name.
`--filtered` is for a destination that gets only some events, or gets them redacted.

The rules are those of README.md beside this file. Everything that decides is in `Stream` and `Consumer`, which know
neither MQTT nor a clock; `Link` brings them messages and the time.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import signal
import sqlite3
import ssl
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
            CREATE TABLE IF NOT EXISTS hole (
                stream TEXT NOT NULL, after INTEGER NOT NULL, before INTEGER NOT NULL, PRIMARY KEY (stream, after)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS erased (
                stream TEXT NOT NULL, sequence INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (stream, sequence)
            ) STRICT;
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

    def set_hole(self, stream: str, after: int, before: int) -> None:
        self.database.execute("INSERT OR IGNORE INTO hole VALUES (?, ?, ?)", (stream, after, before))

    def set_erased(self, stream: str, sequence: int, payload: bytes) -> None:
        """What is stored stays: whether central erases it too is central's own matter. Only `ack` names the new bytes."""
        digest = hashlib.sha256(payload).hexdigest()
        self.database.execute("INSERT OR REPLACE INTO erased VALUES (?, ?, ?)", (stream, sequence, digest))

    def digest(self, stream: str, sequence: int) -> str:
        """Of the bytes in which the gate sent this event last."""
        query = "SELECT sha256 FROM erased WHERE stream = ? AND sequence = ?"
        row = self.database.execute(query, (stream, sequence)).fetchone()
        return row[0] if row else hashlib.sha256(self.read(stream, sequence)).hexdigest()

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
    known_last: int = 0  # the newest event that is known to be meant for us
    first: int = 1  # the oldest that the gate still has
    hole: bool = False  # something came that does not continue what is stored


def is_erased_form(stored: bytes, came: bytes) -> bool:
    """Whether `came` is what is left of `stored` after an erasure: no salt, and where a value differs its digest."""
    old, new = json.loads(stored), json.loads(came)
    salt = old.pop("salt", None)
    return salt is not None and "salt" not in new and erased_alike(old, new, "", bytes.fromhex(salt))


def erased_alike(old: object, new: object, pointer: str, salt: bytes) -> bool:
    if old == new:
        return True
    if isinstance(new, str):
        text = json.dumps(old, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hmac.new(salt, pointer.encode() + b"\0" + text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(new.encode(), b"sha256:" + digest.encode())
    if isinstance(old, dict) and isinstance(new, dict):
        steps = {name: name.replace("~", "~0").replace("/", "~1") for name in old}
        return old.keys() == new.keys() and all(
            erased_alike(old[name], new[name], f"{pointer}/{step}", salt) for name, step in steps.items()
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            erased_alike(*pair, f"{pointer}/{index}", salt) for index, pair in enumerate(zip(old, new))
        )
    return False


@dataclass
class Consumer:
    """The rule. `event` and `status` take a payload and the time; `due` says what to publish, after a commit."""

    store: Store
    warn: object = print
    filtered: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)
    newest: Stream | None = None
    unacknowledged: int = 0
    ack_at: float | None = None
    replay_at: float | None = None
    replayed_at: float = float("-inf")
    stored_at: float = float("-inf")
    ask_once: bool = False  # for a replay, although nothing is known to lack

    def event(self, payload: bytes, now: float, previous: int | None = None) -> str:
        """Takes one event and its user property `previous`; answers `stored`, `known`, `hole`, `fork` or `refused`."""
        try:
            event = json.loads(payload)
            name, sequence = event["stream"], int(event["sequence"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self.warn(f"no event: {error}")
            return "refused"
        stream = self.newest = self.stream(name)
        stream.known_last = max(stream.known_last, sequence)
        if stream.forked:
            return "fork"
        if sequence <= stream.last:
            stored = self.store.read(name, sequence)
            if stored is not None and stored != payload:
                if not is_erased_form(stored, payload):
                    return self.fork(stream, sequence, "an event that is stored came with other bytes")
                self.store.set_erased(name, sequence, payload)
            self.wish_ack(now + KNOWN_WITHIN)
            return "known"
        before = sequence - 1 if previous is None or not self.filtered else previous
        if before != stream.last:
            if not stream.last < before < stream.first:
                stream.hole = True
                self.wish_replay(now)
                return "hole"
            # The gate has not kept what lies between, so that no replay closes this hole: it is noted, and we go on.
            self.store.set_hole(name, stream.last, sequence)
            self.warn(f"HOLE in stream {name} between {stream.last} and {sequence}: the gate has not kept it")
        self.store.add(name, sequence, payload)
        stream.last = sequence
        self.stored_at, stream.hole = now, False
        self.unacknowledged += 1
        self.wish_ack(now if self.unacknowledged >= ACK_EVERY else now + ACK_WITHIN)
        return "stored"

    def status(self, payload: bytes, now: float) -> None:
        """Takes a birth or a will."""
        try:
            status = json.loads(payload)
            name, state, connection = status["stream"], status["state"], int(status["connection"])
            last, first = (int(status["last"]), int(status["first"])) if state == "online" else (0, 1)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self.warn(f"no status: {error}")
            return
        stream = self.stream(name)
        if connection < stream.connection or state != "online":
            return  # the will of an older connection, late; or the gate is away, and nothing is to be said to it
        stream.connection = connection
        self.newest = stream
        stream.first = max(stream.first, first)
        # A birth that the broker kept is older than what came since: its `last` may lie below what is stored. And who
        # gets only some events cannot know whether the last is one of them.
        if not self.filtered:
            stream.known_last = max(stream.known_last, last)
        self.wish_ack(now)
        if stream.known_last > stream.last:
            self.wish_replay(now + REPLAY_PAUSE)  # by then what the gate sends by itself has come

    def connected(self, now: float) -> None:
        """Our own connection is new: what the gate sent meanwhile went past us."""
        if self.newest:
            self.ask_once = self.filtered
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
                ack = {"stream": stream.name, "sequence": stream.last}
                if "previoushash" in json.loads(self.store.read(stream.name, stream.last)):  # not in a redacted one
                    ack["sha256"] = self.store.digest(stream.name, stream.last)
                says.append(("ack", json.dumps(ack)))
        if self.replay_at is not None and now >= self.replay_at:
            self.replay_at = None
            lacks = stream.known_last > stream.last
            if self.ask_once or (lacks and not self.flows(stream, now)):
                self.ask_once = False
                self.replayed_at = now
                says.append(("replay", json.dumps({"stream": stream.name, "from": stream.last + 1})))
            if lacks:
                self.wish_replay(now + REPLAY_PAUSE)
        return says

    def flows(self, stream: Stream, now: float) -> bool:
        """A long backlog that comes in order lacks nothing: asked for again, it would come twice."""
        return now < self.stored_at + REPLAY_PAUSE and not stream.hole

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


@dataclass
class Access:
    """What a broker asks for before it lets a client in. Each may be left out."""

    ca: str | None = None  # a file of authorities: TLS, and nobody whom none of them signed
    certificate: str | None = None  # our own, and its key
    key: str | None = None
    user: str | None = None
    password: str | None = None

    def tls(self) -> ssl.SSLContext | None:
        if self.ca is None:
            return None
        context = ssl.create_default_context(cafile=self.ca)  # verifies, also the host name
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        return context


class Link:
    """MQTT around the rule: one thread, which turns Paho's loop itself."""

    def __init__(self, broker: str, prefix: str, client_id: str, consumer: Consumer, access: Access):
        import paho.mqtt.client as mqtt

        self.mqtt = mqtt
        self.prefix = prefix
        self.consumer = consumer
        tls = access.tls()
        host, _, port = broker.partition(":")
        self.address = (host, int(port or (8883 if tls else 1883)))
        # Version 2 of the library asks which form of callbacks is meant; version 1 knows one.
        form = (mqtt.CallbackAPIVersion.VERSION1,) if hasattr(mqtt, "CallbackAPIVersion") else ()
        self.client = mqtt.Client(*form, client_id=client_id, protocol=mqtt.MQTTv5)
        if tls:
            self.client.tls_set_context(tls)
        if access.user is not None:
            self.client.username_pw_set(access.user, access.password)
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
                result = self.client.loop(timeout=self.pause())
                connected = result == self.mqtt.MQTT_ERR_SUCCESS
                if not connected:
                    print(f"the connection ended: {self.mqtt.error_string(result)}", file=sys.stderr, flush=True)
            except OSError as error:
                connected = False
                print(f"no broker at {self.address[0]}:{self.address[1]}: {error}", file=sys.stderr, flush=True)
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
        if reason.value >= 0x80:
            print(f"the broker refuses us: {reason}", file=sys.stderr, flush=True)
            return
        client.subscribe([(f"{self.prefix}/status", 1), (f"{self.prefix}/event", 1)])
        self.consumer.connected(time.monotonic())

    def on_event(self, client, userdata, message) -> None:
        properties = dict(getattr(message.properties, "UserProperty", []))
        previous = properties.get("previous", "")
        self.consumer.event(message.payload, time.monotonic(), int(previous) if previous.isdecimal() else None)

    def on_status(self, client, userdata, message) -> None:
        self.consumer.status(message.payload, time.monotonic())


def main() -> int:
    parser = argparse.ArgumentParser(description="Stores a gate's events exactly once and in order.")
    parser.add_argument("--broker", required=True, metavar="HOST[:PORT]", help="port: 1883, with --ca 8883")
    parser.add_argument("--ca", metavar="FILE", help="authorities of the broker's certificate: speak TLS")
    parser.add_argument("--certificate", metavar="FILE", help="our own, for a broker that asks for one; needs --key")
    parser.add_argument("--key", metavar="FILE", help="of --certificate")
    parser.add_argument("--user")
    parser.add_argument("--password-file", metavar="FILE", help="its first line; on a command line everyone could read it")
    parser.add_argument("--prefix", required=True, help="portcullis/{terminal}/{gate}")
    parser.add_argument("--store", required=True, metavar="FILE", help="an SQLite database; made when it is not there")
    parser.add_argument("--filtered", action="store_true", help="this destination gets some events only, or redacted ones")
    parser.add_argument("--client-id", default="reference-consumer")
    arguments = parser.parse_args()
    if bool(arguments.certificate) != bool(arguments.key) or (arguments.certificate and not arguments.ca):
        parser.error("--certificate and --key go together, and with --ca")
    if arguments.password_file and not arguments.user:
        parser.error("--password-file needs --user")
    password = None
    if arguments.password_file:
        with open(arguments.password_file, encoding="utf-8") as file:
            password = file.readline().rstrip("\n")
    access = Access(arguments.ca, arguments.certificate, arguments.key, arguments.user, password)
    ended = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.append(True))
    store = Store(arguments.store)
    consumer = Consumer(store, lambda text: print(text, file=sys.stderr, flush=True), arguments.filtered)
    Link(arguments.broker, arguments.prefix, arguments.client_id, consumer, access).run(lambda: not ended)
    return 1 if any(stream.forked for stream in consumer.streams.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
