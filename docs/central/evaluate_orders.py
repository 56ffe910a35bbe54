"""Orders of a passage, as docs/ruleset.md says it: part of evaluate.py."""

from evaluate_predicates import PREDICATES, begins, every, listed, milliseconds, predicate, some

WAY_OF = {"import_laden": "out", "empty_out": "out", "withdrawn_export": "out", "export_laden": "in", "empty_in": "in"}
LADEN = ("import_laden", "export_laden", "withdrawn_export", "domestic", "transhipment")
EMPTY = ("empty_in", "empty_out")
DECLARED = ("hs", "seals", "enterprise", "class", "origin", "origin_region", "last_port", "size_type", "imdg", "gross_kg",
            "fullness", "wood", "ippc", "reefer", "attributes", "dates")
# Beside `kind` in an order's condition, by the form of its arguments.
LIST_FORMS = ("attribute", "plate_elsewhere")
OBJECT_FORMS = ("gross_kg", "boxes_inside", "dwell_hours", "repeat_visits", "time_window", "date")
NEAR = [frozenset(pair) for pair in ("O0", "D0", "Q0", "I1", "B8", "S5", "Z2", "G6", "71")]


def order_key(order):
    return f"order:{order['authority']}:{order['order']}"


def group_of(size_type):
    """Sizes and types that are one group: `22G1`, `22GP` and `2210`."""
    if size_type is None:
        return None
    return size_type[:3]


def one_confusable_away(a, b):
    differing = [(x, y) for x, y in zip(a, b) if x != y]
    return len(a) == len(b) and len(differing) == 1 and frozenset(differing[0]) in NEAR


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


def naming_result(passage, order, match):
    """`enterprise`, `origin` and `hs` of a targeting match over one release order."""
    parts = []
    for name in ("enterprise", "origin"):
        if match.get(name) is not None:
            parts.append(listed(order.get(name), [match[name]]))
    if match.get("hs") is not None:
        codes = order.get("hs")
        parts.append(None if codes is None else some(begins(code, [match["hs"]]) for code in codes))
    return every(parts)


def container_match(passage, wanted, container):
    if container is not None:
        return container == wanted
    return False if passage.no_box_proved else None


def plate_match(passage, wanted):
    if wanted in passage.plates:
        return True
    return None if passage.tractor is None else False


def declared_match(passage, match, container, naming):
    if not any(match.get(name) is not None for name in ("enterprise", "origin", "hs")):
        return True
    orders = naming(container)
    if orders:
        return some(naming_result(passage, order, match) for order in orders)
    return False if passage.no_box_proved else None


def match_parts(passage, match, container, naming):
    parts = {"declared": declared_match(passage, match, container, naming)}
    if match.get("container") is not None:
        parts["container"] = container_match(passage, match["container"], container)
    if match.get("plate") is not None:
        parts["plate"] = plate_match(passage, match["plate"])
    return parts


def near_parts(passage, match, parts, container):
    """The match where a container or plate that is one confusable character away counts as equal; nothing without."""
    near = dict(parts)
    reads = [container] if container is not None else []
    reads += passage.facts.get("invalid_containers") or []
    if match.get("container") is not None and any(one_confusable_away(read, match["container"]) for read in reads):
        near["container"] = True
    plates = [*passage.plates, *(passage.facts.get("invalid_plates") or [])]
    if match.get("plate") is not None and any(one_confusable_away(read, match["plate"]) for read in plates):
        near["plate"] = True
    return None if near == parts else near


def targeting_result(passage, order, naming):
    """Code, result and outcome of the reason that a targeting order gives; nothing where it gives none."""
    if order["action"] == "watch" or order.get("revoked") or not here(order, passage):
        return None
    valid = passage.clock.within(milliseconds(order["valid_from"]), milliseconds(order.get("valid_to")))
    if valid is False:
        return None
    match, results, near = order["match"], [], []
    for container in passage.containers or [None]:
        parts = match_parts(passage, match, container, naming)
        results.append(every(parts.values()))
        closer = near_parts(passage, match, parts, container)
        if closer is not None and every(closer.values()) is not False:
            near.append(every([valid, *closer.values()]))
    result = every([valid, some(results)])
    if result is not True and near:
        return "targeting_near", some(near), "inspect"
    return None if result is False else (f"targeting_{order['action']}", result, order["action"])


class Orders:
    """What was found for the passage."""

    def __init__(self, passage, facts):
        self.passage = passage
        self.all = sorted(facts.get("orders") or [], key=lambda order: (order["authority"], order["order"]))
        self.targeting = [order for order in self.all if order["kind"] == "targeting"]
        self.admitting = [order for order in self.all if order["kind"] != "targeting"]
        self.taken_by_plate = []

    def naming(self, container):
        return [order for order in self.admitting if order["kind"] == "release" and container is not None and order.get("container") == container]

    def places_taken(self, order):
        facts = self.passage.facts
        return [row for row in facts.get("usage") or []
                if (row["authority"], row["order"], row.get("container")) == (order["authority"], order["order"], order.get("container"))
                and row["control_point"] == self.passage.control_point
                and (facts.get("passage") is None or row.get("passage") != facts["passage"])]

    def usage_reasons(self, order):
        taken = self.places_taken(order)
        if len(taken) < (order.get("uses") or 1):
            return []
        return ["order_reserved" if any(row["state"] == "reserved" for row in taken) else "order_used"]

    def plate_reasons(self, order):
        found = []
        own = [plate for plate in (self.passage.tractor, self.passage.home) if plate is not None]
        trailer = [plate for plate in (self.passage.trailer,) if plate is not None]
        for named, read in ((order.get("tractor_plates"), own), (order.get("trailer_plates"), trailer)):
            if named and not read:
                found.append("plate_unread")
            elif named and not any(plate in named for plate in read):
                found.append("plate_not_on_order")
        return found

    def contradicts(self, order, box):
        movement, empty = order.get("movement"), self.passage.fullness == "empty"
        return movement is None or (movement == "no_box" and box.container is not None) or (movement in LADEN and empty)

    def condition_result(self, order, box, row):
        arguments = condition_row(row)
        if row["kind"] not in PREDICATES or arguments is None:
            return None
        declared = {name: order.get(name) for name in DECLARED}
        return predicate(self.passage, box, declared, row["kind"], arguments)

    def condition_reasons(self, order, box):
        """With the kind of the condition, which is its id."""
        found = []
        for row in order.get("conditions") or []:
            if row["kind"] == "zone_result" and box.result_state == "none":
                found.append(("zone_result_missing", row["kind"], True))
                continue
            met = self.condition_result(order, box, row)
            if met is not True:
                found.append(("condition_unknown" if met is None else "condition_unmet", row["kind"], met))
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
            found.append(("empty_unproved", "order", None if self.passage.fullness is None else True))
        if self.contradicts(order, box):
            found.append(("movement_unknown", "order", None))
        if order.get("valid_to") is None:
            found.append(("condition_unknown", "condition", None))
        sized = order["kind"] == "movement" and order.get("container") is None and order.get("size_type") is not None
        if sized and box.size_type is None:
            found.append(("condition_unknown", "condition", None))
        return found + [(code, "condition", met) for code, _, met in self.condition_reasons(order, box)]

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
        used_up = bool(self.usage_reasons(order))
        return not way_fits(order, self.passage.way) and (used_up or "order_expired" in scope_reasons(order, self.passage))

    def by_plate(self, box):
        plates = [plate for plate in (self.passage.tractor, self.passage.home) if plate is not None]
        chosen = {}
        for order in self.admitting:
            sized = order["kind"] == "movement" and order.get("size_type") is not None and box.size_type is not None
            fits_size = not sized or group_of(order["size_type"]) == group_of(box.size_type)
            stands = (order.get("movement") == "no_box") == (box.container is None) and fits_size
            named = order.get("container") is None and any(plate in (order.get("tractor_plates") or []) for plate in plates)
            if not (named and stands and way_fits(order, self.passage.way)) or order in self.taken_by_plate:
                continue
            first = chosen.get(order["authority"])
            if first is None or (not self.grants(first, box) and self.grants(order, box)):
                chosen[order["authority"]] = order
        self.taken_by_plate += chosen.values()
        return list(chosen.values())

    def settle(self, box):
        """The box's orders, those that count, its movement and what grants."""
        named = [order for order in self.admitting if box.container is not None and order.get("container") == box.container]
        left = self.left_of(named)
        if not left:
            named = self.by_plate(box)
            left = self.left_of(named)
        speaking = [order for order in left if speaks(order, self.passage)]
        counted = [order for order in named if order["kind"] == "release" and speaks(order, self.passage) and not order.get("revoked")]
        box.orders, box.counted, box.granted = [], counted, []
        movements = list(dict.fromkeys(order.get("movement") for order in speaking))
        box.movement_differs = len(movements) > 1 or movements == [None]
        box.movement = movements[0] if len(movements) == 1 and movements[0] else self.inferred(box)
        for authority in dict.fromkeys(order["authority"] for order in left):
            own = self.replaced([order for order in left if order["authority"] == authority], box)
            box.orders += own
            if len(own) == 1 and self.grants(own[0], box):
                box.granted.append(own[0])

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
        if passage.no_box_proved:
            return "no_box"
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
            if outcome == "inspect":
                verdict.name(order.get("zone"), None)
        if box.movement_differs:
            verdict.add("movement_unknown", "order", "hold", None)
