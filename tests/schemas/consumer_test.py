#!/usr/bin/python3
"""docs/central/consumer.py: the rule, fed with what gates, brokers and faults send."""

import hashlib
import hmac
import json
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "central"))
sys.dont_write_bytecode = True
import consumer  # noqa: E402

STREAM = "5b0e7a3c91d24f6680c4d2e19a7f3b58"
OTHER = "00000000000000000000000000000001"


def event(sequence: int, what: str = "", stream: str = STREAM) -> bytes:
    shell = {"stream": stream, "sequence": f"{sequence:020}", "previoushash": "0" * 64, "what": what}
    return json.dumps(shell).encode()


def redacted(sequence: int) -> bytes:
    return json.dumps({"stream": STREAM, "sequence": f"{sequence:020}"}).encode()


def birth(last: int, connection: int = 1, stream: str = STREAM, first: int = 1) -> bytes:
    status = {"state": "online", "stream": stream, "connection": connection, "first": first, "last": last}
    return json.dumps(status).encode()


def will(connection: int) -> bytes:
    return json.dumps({"state": "offline", "stream": STREAM, "connection": connection}).encode()


class Rule(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name) / "events.db")
        self.warnings = []
        self.start()

    def start(self, filtered: bool = False):
        """Also again: what a consumer that was killed finds."""
        self.consumer = consumer.Consumer(consumer.Store(self.path), self.warnings.append, filtered)

    def take(self, *payloads: bytes, now: float = 0.0) -> list[str]:
        return [self.consumer.event(payload, now) for payload in payloads]

    def stored(self, stream: str = STREAM) -> list[bytes]:
        with sqlite3.connect(self.path) as database:
            rows = database.execute("SELECT bytes FROM event WHERE stream = ? ORDER BY sequence", (stream,))
            return [row[0] for row in rows]

    def says(self, now: float) -> list[tuple[str, dict]]:
        return [(topic, json.loads(payload)) for topic, payload in self.consumer.due(now)]

    def test_events_are_stored_once_and_in_order(self):
        self.assertEqual(self.take(event(1), event(2), event(2), event(1), event(3)),
                         ["stored", "stored", "known", "known", "stored"])  # fmt: skip
        self.says(2)
        self.assertEqual(self.stored(), [event(1), event(2), event(3)])

    def test_an_acknowledgement_comes_within_a_second_and_after_the_commit(self):
        self.take(event(1), event(2))
        self.assertEqual(self.says(0.5), [])
        self.assertEqual(self.stored(), [])
        digest = hashlib.sha256(event(2)).hexdigest()
        self.assertEqual(self.says(1.0), [("ack", {"stream": STREAM, "sequence": 2, "sha256": digest})])
        self.assertEqual(self.stored(), [event(1), event(2)])
        self.assertEqual(self.says(60), [])

    def test_a_hundred_events_are_acknowledged_at_once(self):
        self.take(*[event(number) for number in range(1, 101)])
        self.assertEqual([said["sequence"] for _, said in self.says(0)], [100])

    def test_a_hole_is_asked_for_once_in_five_seconds_until_it_is_closed(self):
        self.assertEqual(self.take(event(1), event(4), event(5)), ["stored", "hole", "hole"])
        self.assertEqual([said for topic, said in self.says(0) if topic == "replay"], [{"stream": STREAM, "from": 2}])
        self.take(event(6), now=1)
        self.assertNotIn("replay", dict(self.says(4.9)))
        self.assertIn("replay", dict(self.says(5)))
        self.take(event(2), event(3), event(4), event(5), event(6), now=6)
        self.assertNotIn("replay", dict(self.says(60)))
        self.assertEqual(len(self.stored()), 6)

    def test_a_birth_is_answered_with_an_acknowledgement_and_later_with_a_replay_when_something_lacks(self):
        self.take(event(1))
        self.says(1)
        self.consumer.status(birth(last=3), 10)
        self.assertEqual([topic for topic, _ in self.says(10)], ["ack"])
        self.assertEqual([topic for topic, _ in self.says(15)], ["replay"])

    def test_a_long_backlog_that_flows_is_not_asked_for_again_until_it_stands(self):
        self.consumer.status(birth(1000), 0)
        for second in range(1, 21):
            self.take(event(second), now=second)
            self.assertNotIn("replay", dict(self.says(second)))
        self.assertEqual(dict(self.says(30))["replay"], {"stream": STREAM, "from": 21})

    def test_a_hole_in_a_long_backlog_is_asked_for_at_once(self):
        self.consumer.status(birth(1000), 0)
        self.take(event(1), event(3), now=6)
        self.assertEqual(dict(self.says(6))["replay"], {"stream": STREAM, "from": 2})

    def test_what_the_broker_kept_of_a_birth_is_no_fork(self):
        self.take(*[event(number) for number in range(1, 8)])
        self.says(1)
        self.start()
        self.consumer.status(birth(last=2), 10)
        self.assertEqual(dict(self.says(10))["ack"]["sequence"], 7)
        self.assertEqual(self.warnings, [])

    def test_the_late_will_of_an_older_connection_says_nothing(self):
        self.consumer.status(birth(last=0, connection=2), 0)
        self.consumer.status(will(1), 0)
        self.assertEqual(self.consumer.newest.connection, 2)

    def test_who_was_away_asks_for_what_went_past(self):
        self.take(event(1), event(3))
        self.says(0)
        self.consumer.connected(20)
        self.assertEqual(sorted(topic for topic, _ in self.says(20)), ["ack", "replay"])

    def test_a_kill_before_the_commit_loses_nothing(self):
        self.take(event(1), event(2))
        self.says(1)
        self.take(event(3), now=2)
        self.consumer.store.database.rollback()  # as a kill does
        self.start()
        self.assertEqual(self.take(event(3)), ["stored"])

    def test_the_same_number_with_other_bytes_is_a_fork_and_stays_one(self):
        self.take(event(1), event(2, "one truck"))
        self.says(1)
        self.assertEqual(self.take(event(2, "another truck"), event(3)), ["fork", "fork"])
        self.assertEqual(self.says(60), [])
        self.start()
        self.assertEqual(self.take(event(3)), ["fork"])
        self.assertEqual(len(self.stored()), 2)
        self.assertIn("FORK", self.warnings[0])

    def test_a_new_stream_begins_at_its_first_event_and_the_old_one_stays(self):
        self.take(event(1), event(2), event(1, stream=OTHER))
        self.assertEqual(dict(self.says(1))["ack"]["stream"], OTHER)
        self.assertEqual(len(self.stored()), 2)
        self.assertEqual(len(self.stored(OTHER)), 1)

    def test_who_is_behind_the_gates_oldest_event_notes_the_hole_and_goes_on(self):
        self.take(event(1), event(2))
        self.assertEqual(self.take(event(7)), ["hole"])
        self.consumer.status(birth(last=9, first=7), 10)
        self.assertEqual(self.take(event(8), event(7), event(8), now=11), ["hole", "stored", "stored"])
        self.says(12)
        self.assertEqual(len(self.stored()), 4)
        with sqlite3.connect(self.path) as database:
            self.assertEqual(database.execute("SELECT * FROM hole").fetchall(), [(STREAM, 2, 7)])
        self.assertIn("HOLE", self.warnings[0])

    def filtered(self, *arrivals: tuple[int, int], now: float = 0.0) -> list[str]:
        """Takes redacted events, each with its `previous`."""
        return [self.consumer.event(redacted(sequence), now, previous) for sequence, previous in arrivals]

    def test_a_filtered_stream_goes_by_what_was_sent_before(self):
        self.start(filtered=True)
        self.assertEqual(self.filtered((4, 0), (9, 4), (9, 4), (30, 9)), ["stored", "stored", "known", "stored"])
        self.assertEqual(self.filtered((50, 41), (52, 50)), ["hole", "hole"])
        said = dict(self.says(1))
        self.assertEqual(said["replay"], {"stream": STREAM, "from": 31})
        self.assertEqual(said["ack"], {"stream": STREAM, "sequence": 30})  # redacted: without a hash
        self.assertEqual(self.filtered((41, 30), (50, 41), (52, 50), now=2), ["stored"] * 3)
        self.assertNotIn("replay", dict(self.says(60)))

    def test_a_filtered_stream_whose_events_are_gone_notes_the_hole(self):
        self.start(filtered=True)
        self.filtered((4, 0))
        self.assertEqual(self.filtered((30, 19)), ["hole"])
        self.consumer.status(birth(last=90, first=20), 1)
        self.assertEqual(self.filtered((30, 19), (44, 30), now=2), ["stored", "stored"])
        self.says(3)
        with sqlite3.connect(self.path) as database:
            self.assertEqual(database.execute("SELECT * FROM hole").fetchall(), [(STREAM, 4, 30)])

    def test_a_filtered_consumer_asks_once_when_it_comes_back_and_not_for_what_the_filter_keeps(self):
        self.start(filtered=True)
        self.filtered((4, 0))
        self.consumer.status(birth(last=90), 0)
        self.assertNotIn("replay", dict(self.says(60)))
        self.consumer.connected(100)
        self.assertEqual(dict(self.says(100))["replay"], {"stream": STREAM, "from": 5})
        self.assertNotIn("replay", dict(self.says(200)))

    def test_an_erased_form_of_a_stored_event_is_no_fork_and_what_is_stored_stays(self):
        salt, plate, boxes = "00112233445566778899aabbccddeeff", "粤B12345", [{"tag": "E2"}, "x"]
        whole = {"stream": STREAM, "sequence": f"{1:020}", "previoushash": "0" * 64, "salt": salt,
                 "data": {"plate/a": plate, "boxes": boxes, "kg": 3}}  # fmt: skip

        def digest(pointer: str, value: object) -> str:
            text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            message = pointer.encode() + b"\0" + text.encode()
            return "sha256:" + hmac.new(bytes.fromhex(salt), message, hashlib.sha256).hexdigest()

        data = {"plate/a": digest("/data/plate~1a", plate), "boxes": digest("/data/boxes", boxes), "kg": 3}
        erased = {name: value for name, value in whole.items() if name != "salt"} | {"data": data}
        stored, came = json.dumps(whole).encode(), json.dumps(erased).encode()
        self.assertEqual(self.take(stored, came), ["stored", "known"])
        self.assertEqual(dict(self.says(1))["ack"]["sha256"], hashlib.sha256(came).hexdigest())
        self.assertEqual(self.stored(), [stored])
        self.start()
        self.assertEqual(self.take(came), ["known"])
        for forged in (
            erased | {"data": data | {"kg": 4}},
            erased | {"data": data | {"plate/a": digest("/data/plate", plate)}},
            erased | {"data": data | {"boxes": digest("/data/boxes", [])}},
            erased | {"previoushash": "1" * 64},
            erased | {"salt": salt},
            {name: value for name, value in erased.items() if name != "previoushash"},
        ):
            with self.subTest(forged=forged):
                self.consumer.stream(STREAM).forked = False
                self.assertEqual(self.take(json.dumps(forged).encode()), ["fork"])

    def test_what_is_no_event_and_no_status_changes_nothing(self):
        for payload in (b"", b"\xff", b"[]", b"{}", b'{"stream":"x"}', b'{"stream":"x","sequence":"one"}', b"[" * 100_000):
            self.assertEqual(self.take(payload), ["refused"])
            self.consumer.status(payload, 0)
        self.assertEqual(self.says(60), [])
        self.assertEqual(self.stored(), [])


if __name__ == "__main__":
    unittest.main()
