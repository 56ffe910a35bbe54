#!/usr/bin/python3
"""docs/central/pictures.py puts pictures together, and believes only their hashes."""

import hashlib
import json
import sys
import tempfile
import unittest
from pathlib import Path

from published import CENTRAL, load

sys.path.insert(0, str(CENTRAL))
from pictures import MOST_OPEN, Pictures  # noqa: E402


def picture(seed, size=70_000, piece=32 * 1024):
    whole = bytes((seed + number * 7) % 256 for number in range(size))
    pieces = [whole[at : at + piece] for at in range(0, size, piece)]
    properties = load(CENTRAL / "examples" / "picture.json") | {"bytes": str(size), "chunks": str(len(pieces))}
    return hashlib.sha256(whole).hexdigest(), whole, pieces, properties


class TakingPictures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.pictures = Pictures(self.folder)

    def give(self, sha256, chunk, properties, payload):
        return self.pictures.take(f"evidence/{sha256}/{chunk}", properties, payload)

    def test_pieces_make_a_picture_whatever_their_order_and_however_often(self):
        sha256, whole, pieces, properties = picture(1)
        self.assertEqual(self.give(sha256, 2, properties, pieces[2]), "waits")
        self.assertEqual(self.give(sha256, 0, properties, pieces[0]), "waits")
        self.assertEqual(self.give(sha256, 0, properties, pieces[0]), "waits")
        self.assertEqual(self.give(sha256, 1, properties, pieces[1]), "stored")
        self.assertEqual((self.folder / f"{sha256}.jpg").read_bytes(), whole)
        self.assertEqual(json.loads((self.folder / f"{sha256}.json").read_text()), properties)
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_other_bytes_than_the_name_says_are_not_stored(self):
        sha256, _, pieces, properties = picture(1)
        self.give(sha256, 0, properties, pieces[0])
        self.give(sha256, 1, properties, pieces[1])
        self.assertIn("not what its name says", self.give(sha256, 2, properties, pieces[2][::-1]))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_nonsense_is_refused(self):
        sha256, _, pieces, properties = picture(1)
        self.assertEqual(self.pictures.take("evidence/../../etc/passwd/0", properties, b"x"), "another topic")
        self.assertEqual(self.pictures.take(f"evidence/{sha256}/-1", properties, b"x"), "another topic")
        self.assertIn("properties", self.give(sha256, 0, {}, pieces[0]))
        self.assertIn("sizes", self.give(sha256, 9, properties, pieces[0]))
        self.assertIn("sizes", self.give(sha256, 0, properties | {"bytes": str(2**40)}, pieces[0]))
        self.assertIn("more bytes", self.give(sha256, 0, properties | {"bytes": "10", "chunks": "2"}, pieces[0]))
        self.assertEqual(self.pictures.open, {})

    def test_pictures_that_stay_open_are_bounded(self):
        for seed in range(MOST_OPEN + 10):
            sha256, _, pieces, properties = picture(seed, size=40_000)
            self.give(sha256, 0, properties, pieces[0])
        self.assertEqual(len(self.pictures.open), MOST_OPEN)


if __name__ == "__main__":
    unittest.main()
