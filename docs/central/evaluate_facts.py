"""What is known of a passage and of its boxes, as docs/ruleset.md says it: part of evaluate.py."""

from evaluate_predicates import Clock, begins, milliseconds, minute_of

PROVED = ("profile_beams", "line_scanner", "two_readers", "person")
BOXES_OF = {"none": 0, "one_20": 1, "one_40": 1, "two_20": 2}


class Passage:
    """The facts of one passage, as predicates ask for them."""

    def __init__(self, facts):
        self.facts = facts
        self.gate, self.lane = facts["gate"], facts["lane"]
        self.control_point = facts.get("control_point") or self.gate
        self.way, self.load, self.fullness = facts.get("way"), facts.get("load"), facts.get("fullness")
        source = facts.get("load_source") or ("none" if self.load is None else "profile_beams")
        self.no_box_proved = self.load == "none" and source in PROVED
        self.containers = facts.get("containers") or []
        self.tractor, self.trailer, self.home = (facts.get(name) for name in ("plate", "trailer", "home_plate"))
        others = facts.get("other_plates") or []
        self.plates = [plate for plate in (self.tractor, self.trailer, *others) if plate is not None]
        self.clock = Clock(milliseconds(facts["at"]), facts.get("clock_band_ms") or 0)
        self.radiation = facts.get("radiation") or "not_monitored"
        self.minute = minute_of(facts["time_of_day"]) if facts.get("time_of_day") else None
        visits = facts.get("visits")
        self.visits = None if visits is None else [(milliseconds(visit["at"]), visit["lane"]) for visit in visits]
        self.boxes_inside = facts.get("boxes_inside")
        self.about = {about["container"]: about for about in facts.get("about") or []}
        self.link_up = facts.get("link_up") is not False
        self.beyond_tolerance = None


class Box:
    """One box, or a vehicle that is proved to carry none."""

    def __init__(self, passage, container):
        self.container = container
        self.known = passage.about.get(container)
        self.about = self.known or {}
        said = self.about.get("zone_result")
        self.result = None if said == "none" else said
        self.result_state = "none" if said == "none" else said and said["result"]
        self.came_in = milliseconds(self.about.get("came_in"))
        sizes = passage.facts.get("size_types") or {}
        self.size_type = self.about.get("size_type") or sizes.get(container)
        self.tickets = self.about.get("tickets") or {}
        self.movement = self.sampling = None
        self.declarations, self.answered = [{}], []

    def names(self, key):
        """Whether a `pass` names this key and has not answered it before."""
        if self.result_state != "pass" or key not in (self.result.get("answers") or []):
            return False
        return key not in (self.about.get("answered_before") or [])

    def seals(self):
        """Whether the box carries the seals of its result: unknown where none was read."""
        renewed, read = self.result.get("new_seals") or [], self.about.get("seals_read") or []
        if not renewed:
            return True
        return all(number in renewed for number in read) if read else None

    def answers(self, key):
        return self.names(key) and self.seals() is True


def weigh(ruleset, passage, boxes, naming_counted):
    """Whether the vehicle is beyond the tolerance of what was declared."""
    masses, gross, tare = {}, passage.facts.get("gross_vehicle_kg"), passage.facts.get("vehicle_tare_kg")
    bases, box_tares = set(), 0
    for box in boxes:
        counted = naming_counted(box.container)
        if box.container is None:
            return None
        declaring = next((order for order in counted if order.get("gross_kg") is not None), None)
        if declaring is None or declaring.get("mass_basis") is None:
            return None
        bases.add(declaring["mass_basis"])
        numbers = tuple(declaring.get("declarations") or [])
        masses.setdefault(numbers or box.container, declaring["gross_kg"])
        tares = [order["box_tare_kg"] for order in counted if order.get("box_tare_kg") is not None]
        box_tares = None if box_tares is None or not tares else box_tares + tares[0]
    if len(bases) != 1:
        return None
    less = {"vehicle": [0], "box": [tare], "goods": [tare, box_tares]}[bases.pop()]
    if gross is None or None in less:
        return None
    declared = sum(masses.values())
    delta = abs(gross - sum(less) - declared)
    tolerance = ruleset.get("weight") or {"permille": 50, "kg": 1000, "choice": "larger"}
    beyond = [delta * 1000 > declared * tolerance["permille"], delta > tolerance["kg"]]
    return all(beyond) if tolerance["choice"] == "larger" else any(beyond)


def goods_groups(groups, codes):
    if codes is None:
        return [group["goods"] for group in groups] + ["none"]
    found = []
    for code in codes or [None]:
        sure = False
        for group in groups:
            hit = False if code is None else begins(code, group["hs"])
            if hit is not False and group["goods"] not in found:
                found.append(group["goods"])
            sure = hit is True
            if sure:
                break
        if not sure and "none" not in found:
            found.append("none")
    return found


def rate_of(ruleset, box):
    """The highest rate of the box's declarations, and the class that gave it."""
    sampling, best = ruleset.get("sampling") or {}, None
    for declared in box.declarations:
        for group in goods_groups(sampling.get("goods_groups") or [], declared.get("hs")):
            facts = {"class": declared.get("class"), "goods": group, "movement": box.movement}
            rows = (row for row in sampling.get("rates") or [] if all(row.get(name) in (None, fact) for name, fact in facts.items()))
            rate = next((row["rate_ppm"] for row in rows), 0)
            if best is None or rate > best[0]:
                best = (rate, declared.get("class"))
    return best


def draw(ruleset, box, counted):
    numbers = [order.get("declarations") for order in counted]
    if not any(numbers) and None not in numbers:
        return "not_eligible"
    said = [order.get("draw") for order in counted]
    if "drawn" in said or "not_drawn" in said:
        return "central_drawn" if "drawn" in said else "central_not"
    rate, ticket = rate_of(ruleset, box)[0], box.tickets.get("sampling")
    if rate == 0:
        return "gate_not"
    return "unknown" if ticket is None else ("gate_drawn" if ticket < rate else "gate_not")
