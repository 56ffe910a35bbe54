"""Random rulesets and passages: few words, so that they meet; everything may be unknown."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=timezone.utc)
CONTAINERS = ("CSQU3054383", "TCNU6417851", "MSKU0028235", "BICU1234565", "CSQU3054384")[:4]
INVALID = ("CSQU3O54383", "CSQU30543B3", "TCNU641785I", "MSKUO028235", "8ICU1234565", "CSQU305438", "XXXX")
TRACTORS = ("闽D12345", "闽DB2345", "闽D82345", "粤B23456", "粤BZ3456", "临闽D1234", "WJ闽1234D")
TRAILERS = ("闽D1234挂", "粤B5678挂")
OTHERS = ("粤B66666", "粤Z1234港", "闽DB2345")
INVALID_PLATES = ("闽DI2345", "闽D8Z345", "D12345", "粤B2345")
WAYS, LOADS = ("in", "out"), ("none", "one_20", "one_40", "two_20")
SOURCES = ("profile_beams", "line_scanner", "two_readers", "person", "trust_readers", "none")
MOVEMENTS = ("import_laden", "export_laden", "empty_in", "empty_out", "domestic", "transhipment", "withdrawn_export", "no_box")
HS = ("0303140000", "030314", "1604", "4407", "72", "440710")
HS_PREFIXES = ("03", "0303", "1604", "44", "4407", "440710", "7204", "03031400")
COUNTRIES, REGIONS = ("JP", "US", "CN"), ("JP-07", "JP-09", "US-CA")
PORTS, PORT_PREFIXES = ("JPTYO", "USLAX", "CNXMN"), ("JP", "US", "JPTYO", "CNXMN")
ENTERPRISES, CLASSES = ("3502960123", "3502969999", "E3"), ("AA", "A", "B", "D")
SIZES, SIZE_PREFIXES = ("22G1", "22GP", "2210", "45R1", "42G1", "25K1"), ("2", "22", "22G", "22G1", "45R1", "221", "25K")
IMDG, IMDG_PREFIXES = ("1.4", "3", "9", "none", "2.1A", "1"), ("1", "3", "2.1", "1.4", "9", "2.1A")
SEALS, SEAL_STATES = ("CN1", "CN2", "CN3"), ("intact", "tampered", "open", "absent", "differs")
GATES, LANES, POINTS = ("g07", "g08"), ("out-1", "out-2", "in-1"), ("g07", "inner", "outer")
AUTHORITIES, METHODS, ZONES = ("ciq", "customs", "terminal"), ("open", "radiation", "weigh"), ("Z1", "Z2")
STATES = ("fresh", "ageing", "stale", "expired", "unknown")
ATTRIBUTES, DATES = ("radiation_cert", "consignee"), ("shipped", "produced")
SAMPLED = ("central_drawn", "central_not", "gate_drawn", "gate_not", "satisfied", "not_eligible")
LISTS = {
    "way": WAYS, "movement": MOVEMENTS, "load": LOADS, "hs": HS_PREFIXES, "origin": COUNTRIES, "origin_region": REGIONS,
    "last_port": PORT_PREFIXES, "enterprise": ENTERPRISES, "enterprise_class": CLASSES,
    "container_prefix": ("C", "CSQ", "CSQU", "TCNU", "MS"), "size_type": SIZE_PREFIXES, "fullness": ("full", "empty"),
    "reefer": ("yes", "no"), "wood": ("yes", "no"), "ippc": ("yes", "no"), "imdg": IMDG_PREFIXES,
    "plate": TRACTORS[:4] + TRAILERS, "plate_province": ("闽", "粤", "京"), "seal": SEAL_STATES, "weight_delta": ("yes", "no"),
    "radiation": ("clean", "suspect", "high", "not_monitored"), "gate": GATES, "lane": LANES, "left_already": ("yes", "no"),
    "sampling": SAMPLED, "zone_result": ("pass", "treat", "fail", "none"),
}
OTHER_KINDS = ("gross_kg", "boxes_inside", "dwell_hours", "repeat_visits", "plate_elsewhere", "time_window", "attribute", "date")
KINDS = tuple(LISTS) + OTHER_KINDS


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Source:
    """Draws everything from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def one(self, words):
        return self.random.choice(words)

    def some(self, words, least=1, most=3):
        return self.random.sample(words, min(len(words), self.random.randint(least, most)))

    def maybe(self, row, name, make, share=0.7):
        """Puts the member in, or leaves it out, or says that it is not known."""
        if self.chance(share):
            row[name] = make()
        elif self.chance(0.2):
            row[name] = None

    def moment(self, spread_s=7200):
        """Around now, and at times just at the edge of a band."""
        seconds = self.one((0, 30, -30, 60, -60)) if self.chance(0.3) else self.random.randint(-spread_s, spread_s)
        return stamp(NOW + timedelta(seconds=seconds))

    def past_or_edge(self, row, first, last):
        """A validity that mostly holds."""
        edge = self.chance(0.25)
        row[first] = self.moment() if edge else stamp(NOW - timedelta(days=self.random.randint(1, 9)))
        if self.chance(0.9):
            row[last] = self.moment() if edge and self.chance(0.5) else stamp(NOW + timedelta(days=self.random.randint(1, 9)))
            row[last] = max(row[last], row[first])

    def bounds(self, values):
        ends = sorted(self.some(values, 2, 2))
        return {"at_least": ends[0], "at_most": ends[1]} if self.chance(0.4) else {self.one(("at_least", "at_most")): self.one(ends)}

    # -- conditions

    def arguments(self, kind):
        if kind in LISTS:
            return self.some(LISTS[kind], 1, max(1, len(LISTS[kind]) - 1))
        if kind == "gross_kg":
            return self.bounds((0, 9_000, 20_000, 28_410, 30_000))
        if kind in ("boxes_inside", "dwell_hours"):
            return self.bounds((0, 1, 2, 5, 24))
        if kind == "repeat_visits":
            return {**self.bounds((0, 1, 2, 3)), "within_h": self.one((1, 24, 72))}
        if kind == "plate_elsewhere":
            return {"is": [self.one(("yes", "no"))], "within_h": self.one((1, 24))}
        if kind == "time_window":
            first, last = self.some(("00:00", "06:00", "12:00", "22:00", "23:59"), 2, 2)
            return {"from": first, "to": last}
        if kind == "attribute":
            return {"name": self.one(ATTRIBUTES), "is": self.some(("yes", "no", "X"), 1, 2)}
        ends = sorted((self.moment(), self.moment()))
        row = {"name": self.one((*DATES, "passage"))}
        return {**row, "from": ends[0], "to": ends[1]} if self.chance(0.5) else {**row, self.one(("from", "to")): ends[0]}

    def condition(self, depth=0):
        kind = self.one(("all", "any", "not")) if depth < 3 and self.chance(0.5) else None
        if kind == "not":
            return {"not": self.condition(depth + 1)}
        if kind:
            return {kind: [self.condition(depth + 1) for _ in range(self.random.randint(1, 3))]}
        name = self.one(KINDS)
        return {name: self.arguments(name)}

    # -- the ruleset

    def rule(self, number):
        row = {"rule": f"R{number}", "title": "t", "basis": "b", "when": self.condition(), "outcome": self.one(("inspect", "hold")),
               "unknown": self.one(("note", "inspect", "hold"))}
        self.maybe(row, "movements", lambda: self.some(MOVEMENTS, 0, 4), 0.4)
        if row["outcome"] == "inspect":
            self.maybe(row, "rate_ppm", lambda: self.one((1, 500_000, 1_000_000)), 0.5)
        if "inspect" in (row["outcome"], row["unknown"]):
            self.maybe(row, "zone", lambda: self.one(ZONES), 0.4)
            self.maybe(row, "methods", lambda: self.some(METHODS, 0, 2), 0.4)
        if self.chance(0.4):
            self.past_or_edge(row, "valid_from", "valid_to")
        self.maybe(row, "answered_by_result", lambda: self.chance(0.7), 0.5)
        return row

    def policy_row(self):
        row = {"without_order": self.one(("release", "hold"))}
        self.maybe(row, "way", lambda: self.one((*WAYS, "unknown")), 0.3)
        self.maybe(row, "load", lambda: self.one((*LOADS, "unknown")), 0.2)
        self.maybe(row, "movement", lambda: self.one((*MOVEMENTS, "unknown")), 0.4)
        self.maybe(row, "consents", lambda: self.some(AUTHORITIES, 0, 2), 0.6)
        return row

    def sampling(self):
        groups = [{"goods": name, "hs": self.some(HS_PREFIXES)} for name in self.some(("food", "wood", "waste"), 0, 3)]
        rates = []
        for _ in range(self.random.randint(0, 4)):
            row = {"rate_ppm": self.one((0, 20_000, 500_000, 1_000_000))}
            self.maybe(row, "class", lambda: self.one(CLASSES), 0.4)
            if groups:
                self.maybe(row, "goods", lambda: self.one(groups)["goods"], 0.4)
            self.maybe(row, "movement", lambda: self.one(MOVEMENTS), 0.3)
            rates.append(row)
        return {"rates": rates, "goods_groups": groups, "zone": self.one(ZONES), "methods": self.some(METHODS, 0, 2)}

    def classes(self):
        enterprises = {}
        for number in self.some(ENTERPRISES, 0, 3):
            enterprises[number] = {"class": self.one(CLASSES)}
            self.maybe(enterprises[number], "since", self.moment, 0.4)
        return {"names": list(CLASSES), "unknown": self.one(CLASSES), "enterprises": enterprises}

    def ladder_row(self):
        row = {"allows": self.one(("release", "inspect", "hold"))}
        self.maybe(row, "document", lambda: self.one(("ruleset", "orders")), 0.5)
        self.maybe(row, "state", lambda: self.one(STATES), 0.6)
        self.maybe(row, "movement", lambda: self.one((*MOVEMENTS, "unknown")), 0.3)
        self.maybe(row, "class", lambda: self.one(CLASSES), 0.3)
        return row

    def staleness(self):
        row = {"ladder": [self.ladder_row() for _ in range(self.random.randint(0, 4))]}
        for document in ("ruleset", "orders"):
            self.maybe(row, document, lambda: dict(zip(("fresh_s", "ageing_s", "stale_s"), sorted(self.some((60, 600, 3600, 9000), 3, 3)))), 0.5)
        self.maybe(row, "shared_orders_without_link", lambda: self.chance(0.5), 0.5)
        return row

    def ruleset(self):
        row = {"kind": "ruleset", "version": self.random.randint(1, 99), "terminal": "xmht", "gates": ["*"],
               "issued": "2026-11-23T01:02:03.000Z", "expires": "2027-02-23T01:02:03.000Z",
               "zones": [{"zone": zone, "title": zone} for zone in ZONES],
               "policy": [self.policy_row() for _ in range(self.random.randint(0, 6))],
               "rules": [self.rule(number) for number in range(self.random.randint(0, 6))]}
        self.maybe(row, "classes", self.classes, 0.8)
        if "classes" not in row or row["classes"] is None:
            row["classes"] = {"names": list(CLASSES), "unknown": "D"}
        self.maybe(row, "sampling", self.sampling, 0.8)
        self.maybe(row, "staleness", self.staleness, 0.8)
        if self.chance(0.4):  # one that lets most of them through
            row.update({"policy": [{"without_order": self.one(("release", "hold"))}], "rules": row["rules"][:1], "staleness": None})
        self.maybe(row, "weight", lambda: {"permille": self.one((0, 50, 1000)), "kg": self.one((0, 1000)), "choice": self.one(("larger", "smaller"))}, 0.5)
        return row

    # -- orders

    def order_condition(self):
        if self.chance(0.15):
            return self.one(({"kind": "fumigated"}, {"kind": "seal"}, {"kind": "hs", "is": []}))
        kind = self.one(KINDS)
        row = self.arguments(kind)
        return {"kind": kind, **(row if isinstance(row, dict) else {"is": row})}

    def order_head(self, number):
        row = {"authority": self.one(AUTHORITIES), "order": f"O{number}", "officer": "A1",
               "decided": stamp(NOW - timedelta(minutes=self.one((1, 10, 10, 60))))}
        self.past_or_edge(row, "valid_from", "valid_to")
        self.maybe(row, "gates", lambda: self.one(([], ["g07"], ["g08"], ["g07", "g08"])), 0.3)
        self.maybe(row, "control_points", lambda: self.some(POINTS, 0, 2), 0.2)
        self.maybe(row, "revoked", lambda: "withdrawn", 0.12)
        return row

    def admitting(self, row, containers):
        self.maybe(row, "container", lambda: self.one(containers) if containers and self.chance(0.9) else self.one(CONTAINERS), 0.8)
        self.maybe(row, "movement", lambda: self.one(MOVEMENTS), 0.85)
        self.maybe(row, "tractor_plates", lambda: self.some(TRACTORS[:4] + OTHERS[:2], 0, 2), 0.5)
        self.maybe(row, "trailer_plates", lambda: self.some(TRAILERS, 0, 2), 0.2)
        self.maybe(row, "uses", lambda: self.one((1, 2)), 0.3)
        self.maybe(row, "size_type", lambda: self.one(SIZES), 0.5)

    def release(self, number, containers):
        row = {**self.order_head(number), "kind": "release", "status": self.one(("released",) * 6 + ("held", "inspect", "treat", "return"))}
        self.admitting(row, containers)
        self.maybe(row, "declarations", lambda: self.some(("D1", "D2"), 0, 2))
        self.maybe(row, "enterprise", lambda: self.one(ENTERPRISES))
        self.maybe(row, "class", lambda: self.one((*CLASSES, "Z")), 0.5)
        self.maybe(row, "hs", lambda: self.some(HS, 0, 2))
        self.maybe(row, "origin", lambda: self.one(COUNTRIES))
        self.maybe(row, "origin_region", lambda: self.one(REGIONS), 0.5)
        self.maybe(row, "last_port", lambda: self.one(PORTS))
        self.maybe(row, "fullness", lambda: self.one(("full", "empty")), 0.4)
        self.maybe(row, "gross_kg", lambda: self.one((9_000, 20_000, 28_410)))
        self.maybe(row, "mass_basis", lambda: self.one(("goods", "box", "vehicle")))
        self.maybe(row, "box_tare_kg", lambda: self.one((2_000, 4_000)), 0.6)
        for name in ("wood", "ippc", "reefer"):
            self.maybe(row, name, lambda: self.chance(0.5))
        self.maybe(row, "imdg", lambda: self.one(IMDG), 0.6)
        self.maybe(row, "seals", lambda: self.some(SEALS, 0, 2))
        self.maybe(row, "draw", lambda: self.one(("at_gate", "drawn", "not_drawn")), 0.4)
        self.maybe(row, "zone", lambda: self.one(ZONES), 0.3)
        self.maybe(row, "conditions", lambda: [self.order_condition() for _ in range(self.random.randint(0, 2))], 0.3)
        self.maybe(row, "attributes", lambda: {name: self.one(("yes", "no", "X")) for name in self.some(ATTRIBUTES, 0, 2)}, 0.5)
        self.maybe(row, "dates", lambda: {name: self.moment() for name in self.some(DATES, 0, 2)}, 0.5)
        return row

    def targeting(self, number, containers):
        row = {**self.order_head(number), "kind": "targeting", "action": self.one(("hold", "inspect", "watch")), "match": {}}
        match = row["match"]
        self.maybe(match, "container", lambda: self.one((*containers, *CONTAINERS)), 0.5)
        self.maybe(match, "plate", lambda: self.one(TRACTORS + TRAILERS), 0.4)
        self.maybe(match, "enterprise", lambda: self.one(ENTERPRISES), 0.2)
        self.maybe(match, "origin", lambda: self.one(COUNTRIES), 0.2)
        self.maybe(match, "hs", lambda: self.one(HS_PREFIXES), 0.2)
        if not any(value is not None for value in match.values()):
            match["origin"] = self.one(COUNTRIES)
        self.maybe(row, "once", lambda: self.chance(0.5), 0.4)
        self.maybe(row, "lifted_by", lambda: self.one(("result", "central")), 0.6)
        self.maybe(row, "zone", lambda: self.one(ZONES), 0.4)
        self.maybe(row, "method", lambda: self.some(METHODS, 0, 2), 0.4)
        return row

    def order(self, number, containers):
        kind = self.one(("release",) * 6 + ("movement", "targeting", "targeting"))
        if kind == "release":
            return self.release(number, containers)
        if kind == "targeting":
            return self.targeting(number, containers)
        row = {**self.order_head(number), "kind": "movement"}
        self.admitting(row, containers)
        return row

    # -- facts

    def zone_result(self, orders):
        keys = ["sampling"] + [f"rule:R{number}" for number in range(6)]
        keys += [f"order:{order['authority']}:{order['order']}" for order in orders if order["kind"] == "targeting"]
        row = {"id": f"Z{self.random.randint(1, 3)}", "zone": self.one(ZONES), "result": self.one(("pass", "pass", "pass", "treat", "fail")),
               "started": stamp(NOW - timedelta(hours=2)), "ended": stamp(NOW - timedelta(hours=1))}
        self.maybe(row, "answers", lambda: self.some(keys, 0, len(keys)), 0.9)
        self.maybe(row, "new_seals", lambda: self.some(SEALS, 0, 2), 0.6)
        return row, keys

    def about(self, container, orders):
        row = {"container": container}
        self.maybe(row, "size_type", lambda: self.one(SIZES))
        self.maybe(row, "seal", lambda: self.one(SEAL_STATES), 0.4)
        self.maybe(row, "seals_read", lambda: self.some(SEALS, 0, 2), 0.6)
        tickets = {}
        for purpose in ["sampling"] + [f"rule:R{number}" for number in range(6)]:
            self.maybe(tickets, purpose, lambda: self.one((0, 19_999, 20_000, 499_999, 500_000, 999_999, 1_000_000)), 0.6)
        row["tickets"] = tickets
        if self.chance(0.5):
            row["zone_result"], keys = self.zone_result(orders)
            self.maybe(row, "answered_before", lambda: self.some(keys, 0, 2), 0.4)
        else:
            self.maybe(row, "zone_result", lambda: "none")
        self.maybe(row, "left_already", lambda: self.chance(0.5))
        self.maybe(row, "came_in", lambda: stamp(NOW - timedelta(hours=self.one((-1, 0, 1, 5, 23, 24, 30)))))
        return row

    def identity(self, row):
        row["containers"] = self.some(CONTAINERS, 0, 2)
        self.maybe(row, "invalid_containers", lambda: self.some(INVALID, 0, 2), 0.25)
        self.maybe(row, "plate", lambda: self.one(TRACTORS[:5] * 3 + TRACTORS), 0.85)
        self.maybe(row, "trailer", lambda: self.one(TRAILERS), 0.6)
        if self.chance(0.2):
            row["other_plates"] = self.some(OTHERS, 1, 2)
            if row.get("plate") and self.chance(0.5):
                row["home_plate"] = row["other_plates"][0]
        self.maybe(row, "invalid_plates", lambda: self.some(INVALID_PLATES, 0, 2), 0.2)
        self.maybe(row, "readers_disagree", lambda: self.some(("container", "plate", "seal"), 0, 2), 0.1)
        self.maybe(row, "requires", lambda: self.some(("plate", "container", "radiation"), 0, 3), 0.6)

    def load(self, row):
        boxes = len(row["containers"])
        fitting = {0: "none", 1: self.one(("one_20", "one_40")), 2: "two_20"}[boxes]
        self.maybe(row, "load", lambda: fitting if self.chance(0.9) else self.one(LOADS), 0.9)
        self.maybe(row, "load_source", lambda: self.one(SOURCES), 0.5)
        self.maybe(row, "boxes", lambda: boxes if self.chance(0.9) else self.random.randint(0, 2), 0.7)
        self.maybe(row, "fullness", lambda: self.one(("full", "empty")), 0.6)

    def documents(self, row, orders):
        for document in ("ruleset", "orders"):
            self.maybe(row, f"{document}_state", lambda: "fresh" if self.chance(0.6) else self.one(STATES), 0.7)
            self.maybe(row, f"{document}_age_s", lambda: self.one((0, 60, 61, 600, 3600, 3601, 9000, 9001, 10_000_000)), 0.7)
        self.maybe(row, "link_up", lambda: self.chance(0.7))
        for name, share in (("lookup_failed", 0.03), ("orders_empty", 0.03), ("orders_behind", 0.05)):
            self.maybe(row, name, lambda: True, share)
        self.maybe(row, "authorities_behind", lambda: self.some(AUTHORITIES, 0, 2), 0.1)
        usage = [{"authority": order["authority"], "order": order["order"], "state": self.one(("free", "reserved", "used")),
                  "passage": self.one(("0" * 31 + "1", "0" * 31 + "2")), "control_point": self.one((row.get("control_point") or "g07", "inner"))}
                 for order in orders if self.chance(0.3) for _ in range(self.random.randint(1, 2))]
        if usage:
            row["usage"] = usage

    def a_pass(self, number, row):
        one = {"pass": f"P-{number}", "kind": "standing", "plate": (row.get("plate") or self.one(TRACTORS[:4])) if self.chance(0.9) else self.one(TRACTORS[:4])}
        one["valid_from"] = stamp(NOW - timedelta(seconds=self.one((0, 30, 60, 86_400, 86_400, 86_400))))
        one["valid_to"] = stamp(NOW + timedelta(seconds=self.one((1, 30, 60, 86_400, 86_400, 86_400))))
        self.maybe(one, "lanes", lambda: self.some(LANES, 0, 2), 0.4)
        self.maybe(one, "hours", lambda: dict(zip(("from", "to"), self.some(("00:00", "06:00", "12:00", "22:00", "24:00"), 2, 2))), 0.3)
        self.maybe(one, "count", lambda: self.one((1, 2)), 0.5)
        if self.chance(0.4):
            one["taken"] = self.one((0, 1, 2))
        if one.get("count") and self.chance(0.5):
            one["kind"] = "visitor"
        return one

    def passes(self, row):
        return {"version": self.random.randint(1, 9), "expires": stamp(NOW + timedelta(seconds=self.one((1, 60, 86_400, 86_400, 86_400)))),
                "passes": [self.a_pass(number, row) for number in range(self.random.randint(0, 3))]}

    def unread(self, row):  # but for its plate, in a lane that leads in
        row.update({"containers": [], "invalid_containers": [], "load": None, "load_source": None, "boxes": None, "way": "in", "size_types": None})

    def calm(self, row):
        """A vehicle of the many of which nothing is wrong: one order that names its box, and all is read."""
        box = row["containers"][:1] or [self.one(CONTAINERS)]
        row.update({"containers": box, "load": "one_40", "load_source": "profile_beams", "boxes": 1, "fullness": "full", "way": "out",
                    "plate": "闽D12345", "radiation": "clean", "clock_band_ms": 0, "lookup_failed": False, "orders_empty": False,
                    "orders_behind": False, "authorities_behind": [], "readers_disagree": [], "invalid_containers": []})
        order = self.release(9, box)
        order.update({"authority": "ciq", "status": "released", "movement": "import_laden", "container": box[0], "gates": [],
                      "control_points": [], "tractor_plates": [], "trailer_plates": [], "conditions": [], "revoked": None,
                      "valid_from": stamp(NOW - timedelta(days=1)), "valid_to": stamp(NOW + timedelta(days=1))})
        row["orders"] = [order] + [one for one in row["orders"] if self.chance(0.3)]
        return row

    def facts(self):
        row = {"at": stamp(NOW), "gate": "g07", "lane": self.one(LANES), "passage": "0" * 31 + "1"}
        self.maybe(row, "clock_band_ms", lambda: self.one((0, 30_000, 60_000, 3_600_000)), 0.5)
        self.maybe(row, "way", lambda: self.one(WAYS), 0.9)
        self.maybe(row, "control_point", lambda: self.one(POINTS), 0.3)
        self.identity(row)
        self.load(row)
        calm = self.chance(0.4)
        if not calm and self.chance(0.2):
            self.unread(row)
        orders = [self.order(number, row["containers"]) for number in range(self.random.randint(0, 5))]
        row["orders"] = orders
        if calm:
            orders = self.calm(row)["orders"]
        self.maybe(row, "radiation", lambda: self.one(("clean", "clean", "suspect", "high", "not_monitored", "unknown")))
        self.maybe(row, "gross_vehicle_kg", lambda: self.one((15_000, 30_000, 45_000, 47_410)))
        self.maybe(row, "vehicle_tare_kg", lambda: self.one((15_000, 16_000)))
        self.maybe(row, "visits", lambda: [{"at": stamp(NOW - timedelta(minutes=self.one((1, 59, 60, 61, 1440, 5000)))), "lane": self.one(LANES)}
                                           for _ in range(self.random.randint(0, 3))])
        self.maybe(row, "boxes_inside", lambda: {number: self.one((0, 1, 2, 5)) for number in self.some(ENTERPRISES, 0, 2)})
        self.maybe(row, "time_of_day", lambda: self.one(("00:00", "05:59", "06:00", "12:00", "21:59", "22:00", "23:59")))
        row["about"] = [self.about(container, orders) for container in row["containers"] if self.chance(0.85)]
        told = [about["container"] for about in row["about"]]
        sizes = {container: self.one(SIZES) for container in row["containers"] if container not in told and self.chance(0.5)}
        if sizes:
            row["size_types"] = sizes
        self.documents(row, orders)
        self.maybe(row, "passes", lambda: self.passes(row), 0.4)
        if calm:
            row.update({"lookup_failed": None, "orders_empty": None, "orders_behind": None, "authorities_behind": None, "radiation": "clean",
                        "ruleset_state": "fresh", "ruleset_age_s": 0, "orders_state": "fresh", "orders_age_s": 0})
        return row

    def pair(self, passages):
        return {"ruleset": self.ruleset(), "facts": [self.facts() for _ in range(passages)]}
