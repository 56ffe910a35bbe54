"""Vehicles whose two boxes go on one appointment that names none: random passages have hardly any."""

from datetime import timedelta

from random_passages import CONTAINERS, NOW, TRACTORS, stamp

TWIN = {"containers": list(CONTAINERS[:2]), "boxes": 2, "load": "two_20", "load_source": "profile_beams",
        "fullness": "empty", "way": "out", "plate": TRACTORS[0], "about": [], "size_types": None}
SHARED = {"authority": "terminal", "order": "S", "officer": "A1", "decided": stamp(NOW - timedelta(hours=1)),
          "kind": "movement", "movement": "empty_out", "tractor_plates": [TRACTORS[0]],
          "valid_from": stamp(NOW - timedelta(days=1)), "valid_to": stamp(NOW + timedelta(days=1))}


def with_twins(source, pair):
    """The pair, with a few of its passages made such vehicles; the appointment has places for one, two or three."""
    for facts in pair["facts"]:
        if source.chance(0.03):
            facts.update(TWIN)
            facts["orders"] = (facts["orders"] or []) + [{**SHARED, "uses": source.one((1, 2, 2, 3))}]
    return pair
