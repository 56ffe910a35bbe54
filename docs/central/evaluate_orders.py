"""Orders of a passage, as docs/ruleset.md says it: part of evaluate.py."""

from copy import copy

from evaluate_predicates import PREDICATES, every, milliseconds, predicate

WAY_OF = {"import_laden": "out", "empty_out": "out", "withdrawn_export": "out", "export_laden": "in", "empty_in": "in"}
LADEN = ("import_laden", "export_laden", "withdrawn_export")
EMPTY = ("empty_in", "empty_out")
DECLARED = ("hs", "seals", "enterprise", "class", "origin", "origin_region", "last_port", "size_type", "imdg", "gross_kg",
            "fullness", "wood", "ippc", "reefer", "attributes", "dates")
# Beside `kind` in an order's condition, by the form of its arguments.
LIST_FORMS = ("attribute", "plate_elsewhere")
OBJECT_FORMS = ("gross_kg", "boxes_inside", "dwell_hours", "repeat_visits", "time_window", "date")
OLD_SIZES = {"2210": ["22G"], "2213": ["22V"], "2232": ["22R"], "2240": ["22H"], "2250": ["22U"], "2260": ["22P"],
             "2270": ["22T"], "2280": ["22B"], "2510": ["25G"], "4310": ["42G"], "4332": ["42R"], "4350": ["42U"],
             "4363": ["42P"], "4510": ["45G"], "4532": ["45R"], "9510": ["L5G", "LEG"]}



def order_key(order):
    return f"order:{order['authority']}:{order['order']}"


def groups_of(size_type):
    """Sizes and types that are one group: `22G1`, `22GP` and `2210`."""
    groups = list(OLD_SIZES.get(size_type, []))
    if size_type[2].isalpha():
        groups.append(size_type[:2] + ("T" if size_type[2] == "K" else size_type[2]))
    return groups


def same_size(one, other):
    return one == other or bool(set(groups_of(one)) & set(groups_of(other)))


def declarations_of(counted):
    return [{name: order.get(name) for name in DECLARED} for order in counted] or [dict.fromkeys(DECLARED)]


def filled(declarations):
    """Each with what it leaves unknown from the first other that knows it."""
    whole = []
    for declared in declarations:
        others = [other for other in declarations if other is not declared]
        row = {}
        for name in DECLARED:
            if name in ("attributes", "dates"):
                row[name] = {}
                for other in [*reversed(others), declared]:
                    row[name].update({key: value for key, value in (other[name] or {}).items() if value is not None})
            else:
                row[name] = next((each[name] for each in [declared, *others] if each[name] is not None), None)
        whole.append(row)
    return whole


def class_of(ruleset, declared, now):
    classes = ruleset.get("classes") or {}
    row = (classes.get("enterprises") or {}).get(declared.get("enterprise"))
    if row is not None and (row.get("since") is None or milliseconds(row["since"]) <= now):
        return row["class"]
    names = classes.get("names") or []
    if declared.get("class") is not None and (not names or declared["class"] in names):
        return declared["class"]
    return classes.get("unknown") or None


def way_fits(order, way):
    return way is None or WAY_OF.get(order.get("movement"), way) == way


def here(order, passage):
    gates, points = order.get("gates") or [], order.get("control_points") or []
    return (not gates or "*" in gates or passage.gate in gates) and (not points or passage.control_point in points)


def scope_reasons(order, passage):
    found = [] if way_fits(order, passage.way) else ["order_other_way"]
    if not here(order, passage):
        found.append("order_other_gate")
    if passage.clock.at_or_after(milliseconds(order["valid_from"])) is False:
        found.append("order_not_yet_valid")
    if passage.clock.at_or_before(milliseconds(order.get("valid_to"))) is False:
        found.append("order_expired")
    return found


def speaks(order, passage):
    return not scope_reasons(order, passage)


def status_of(order):
    if order.get("revoked"):
        return "order_revoked", "hold"
    status = order.get("status", "released")
    return f"order_{status}", {"released": "release", "inspect": "inspect", "treat": "inspect"}.get(status, "hold")


def condition_row(condition):
    """The arguments of an order's condition as a rule has them."""
    given = {name: value for name, value in condition.items() if name != "kind"}
    if condition["kind"] in LIST_FORMS + OBJECT_FORMS:
        return given
    return given["is"] if list(given) == ["is"] else None


class Orders:
    """What was found for the passage."""

    def __init__(self, passage, found):
        self.passage = passage
        self.all = sorted(found, key=lambda order: (order["authority"], order["order"]))
        self.targeting = [order for order in self.all if order["kind"] == "targeting"]
        self.admitting = [order for order in self.all if order["kind"] != "targeting"]
        self.boxes_on = {}

    def naming(self, container):
        releases = [order for order in self.admitting if order["kind"] == "release"]
        return [order for order in releases if container is not None and order.get("container") == container]

    def counting(self, container):
        """The release orders that name this box and count for it."""
        return [order for order in self.naming(container) if speaks(order, self.passage) and not order.get("revoked")]

    def places_taken(self, order):
        facts = self.passage.facts
        own = facts.get("passage")
        return [row for row in facts.get("usage") or []
                if (row["authority"], row["order"]) == (order["authority"], order["order"])
                and row["state"] != "free" and row.get("passage") != own
                and (row.get("control_point") or self.passage.control_point) == self.passage.control_point]

    def usage_reasons(self, order):
        taken = self.places_taken(order)
        if len(taken) < (order.get("uses") or 1):
            return []
        return ["order_reserved" if any(row["state"] == "reserved" for row in taken) else "order_used"]

    def tractor_named(self, order):
        """Whether it names the tractor's plate, or beside that one the plate of its home; nothing where none was read."""
        named, tractor, home = order.get("tractor_plates") or [], self.passage.tractor, self.passage.home
        return None if tractor is None else tractor in named or (home is not None and home in named)

    def plate_reasons(self, order):
        found, trailer = [], self.passage.trailer
        if order.get("tractor_plates"):
            found.append(self.tractor_named(order))
        if order.get("trailer_plates"):
            found.append(None if trailer is None else trailer in order["trailer_plates"])
        named = every(found)
        return [] if named else ["plate_unread" if named is None else "plate_not_on_order"]

    def contradicts(self, order, box):
        movement, empty = order.get("movement"), self.passage.fullness == "empty"
        return (movement == "no_box" and box.container is not None) or (movement in LADEN and empty)

    def condition_result(self, order, box, row):
        arguments = condition_row(row)
        if row["kind"] not in PREDICATES or not arguments:
            return None
        declared = {name: order.get(name) for name in DECLARED}
        about = copy(box)
        about.movement, about.sampling = order.get("movement"), None
        return predicate(self.passage, about, declared, row["kind"], arguments)

    def condition_reasons(self, order, box):
        found = []
        for row in order.get("conditions") or []:
            met = self.condition_result(order, box, row)
            if met is None:
                found.append(("condition_unknown", "condition", None))
            elif met is False and row["kind"] == "zone_result" and box.result_state == "none":
                found.append(("zone_result_missing", "zone", True))
            elif met is False:
                found.append(("condition_unmet", "condition", True))
        return found

    def fit_reasons(self, order, box):
        """(code, kind, result)"""
        clock = self.passage.clock
        found = []
        if clock.within(milliseconds(order["valid_from"]), milliseconds(order.get("valid_to"))) is None:
            found.append(("clock_band", "clock", None))
        found += [(code, "order", True) for code in self.usage_reasons(order)]
        found += [(code, "order", None if code == "plate_unread" else True) for code in self.plate_reasons(order)]
        if order.get("movement") in EMPTY and self.passage.fullness != "empty":
            found.append(("empty_unproved", "order", None))
        if self.contradicts(order, box):
            found.append(("movement_unknown", "order", True))
        elif order.get("movement") is None:
            found.append(("movement_unknown", "order", None))
        if order.get("valid_to") is None:
            found.append(("condition_unknown", "order", None))
        sized = order["kind"] == "movement" and order.get("container") is None and order.get("size_type") is not None
        if sized and box.container is not None and box.size_type is None:
            found.append(("condition_unknown", "condition", None))
        return found + self.condition_reasons(order, box)

    def grants(self, order, box):
        return speaks(order, self.passage) and not self.fit_reasons(order, box) and status_of(order)[1] == "release"

    def left_of(self, orders):
        """Of each authority, what is about this passage."""
        left = []
        for authority in dict.fromkeys(order["authority"] for order in orders):
            own = [order for order in orders if order["authority"] == authority and not self.history(order)]
            if any(speaks(order, self.passage) or order.get("revoked") for order in own):
                own = [order for order in own if speaks(order, self.passage) or order.get("revoked")]
            left += own
        return left

    def history(self, order):
        used_up = "order_used" in self.usage_reasons(order)
        return not way_fits(order, self.passage.way) and (used_up or "order_expired" in scope_reasons(order, self.passage))

    def fits_unnamed(self, order, box):
        """Whether an order without a container is for what stands there."""
        if order.get("container") is not None or not order.get("tractor_plates") or not self.tractor_named(order):
            return False
        if WAY_OF.get(order.get("movement"), self.passage.way) != self.passage.way:
            return False
        if (order.get("movement") == "no_box") != (box.container is None):
            return False
        sized = order["kind"] == "movement" and order.get("size_type") is not None and box.size_type is not None
        return not sized or same_size(order["size_type"], box.size_type)

    def given_out(self, order):
        """Whether other boxes of this vehicle have every place that other vehicles left of it."""
        own = self.boxes_on.get(id(order), 0)
        return own > 0 and own + len(self.places_taken(order)) >= (order.get("uses") or 1)

    def by_plate(self, box):
        chosen = {}
        for order in self.admitting:
            if self.given_out(order) or not self.fits_unnamed(order, box):
                continue
            first = chosen.get(order["authority"])
            if first is None or (not self.grants(first, box) and self.grants(order, box)):
                chosen[order["authority"]] = order
        for order in chosen.values():
            self.boxes_on[id(order)] = self.boxes_on.get(id(order), 0) + 1
        return list(chosen.values())

    def settle(self, box):
        """The box's orders, those that count, its movement and what grants."""
        named = [order for order in self.admitting if box.container is not None and order.get("container") == box.container]
        left = self.left_of(named) or self.left_of(self.by_plate(box))
        box.orders, box.granted = [], []
        for authority in dict.fromkeys(order["authority"] for order in left):
            own = self.replaced([order for order in left if order["authority"] == authority], box)
            box.orders += own
            if len(own) == 1 and self.grants(own[0], box):
                box.granted.append(own[0])
        unnamed = [order for order in box.orders if order["kind"] == "release" and order.get("container") is None]
        box.counted = self.counting(box.container) or [
            order for order in unnamed if speaks(order, self.passage) and not order.get("revoked")]
        movements = list(dict.fromkeys(order.get("movement") for order in box.orders if speaks(order, self.passage)))
        box.movement_differs = len(movements) > 1
        box.movement = movements[0] if len(movements) == 1 else self.inferred(box)

    def replaced(self, own, box):
        granting = [order for order in own if self.grants(order, box)]
        if not granting:
            return own
        newest = max(granting, key=lambda order: milliseconds(order["decided"]))
        return [order for order in own if order is newest or not (
            status_of(order)[0] == "order_released"
            or (order.get("revoked") and milliseconds(order["decided"]) < milliseconds(newest["decided"])))]

    def inferred(self, box):
        passage = self.passage
        if passage.way is None or passage.load is None:
            return None
        if passage.load == "none":
            return "no_box" if passage.no_box_proved else None
        if passage.fullness == "empty":
            return "empty_" + passage.way
        return "export_laden" if passage.way == "in" else "import_laden"

    def judge(self, box, verdict):
        for order in box.orders:
            name = (order["authority"], order["order"])
            for code in scope_reasons(order, self.passage):
                verdict.add(code, "order", "hold", True, *name)
            for code, kind, result in self.fit_reasons(order, box):
                verdict.add(code, kind, "hold", result, *name)
            code, outcome = status_of(order)
            verdict.add(code, "order", outcome, True, *name)
            if outcome != "release" and order["kind"] == "release":
                verdict.name(order.get("zone"), None)
