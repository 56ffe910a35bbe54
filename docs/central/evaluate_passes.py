"""The pass of a vehicle, as docs/ruleset.md says it: part of evaluate.py."""

from evaluate_predicates import in_window, milliseconds


def known_before(passage, moment):
    """Whether it is surely earlier than this now."""
    return passage.clock.now + passage.clock.band < moment


def begun(passage, moment):
    """Whether it is surely not earlier than this now."""
    return passage.clock.now - passage.clock.band >= moment


def state_of(passage, expires, one):
    plates = [plate for plate in (passage.tractor, passage.home) if plate is not None]
    if passage.tractor is None or one["plate"] not in plates:
        return "none"
    if not known_before(passage, milliseconds(expires)):
        return "list_expired"
    if not begun(passage, milliseconds(one["valid_from"])) or not known_before(passage, milliseconds(one["valid_to"])):
        return "not_in_force"
    if one.get("lanes") and passage.lane not in one["lanes"]:
        return "other_lane"
    if one.get("hours") and not in_window(passage.minute, one["hours"]):
        return "other_hours"
    if one.get("count") is not None and (one.get("taken") or 0) >= one["count"]:
        return "spent"
    if passage.way != "in" and not passage.no_box_proved:
        return "loaded"
    return "admits"


class Admission:
    """The pass that admits the vehicle, if any, and whether it stood in for anything."""

    def __init__(self, ruleset, passage):
        listed = passage.facts.get("passes") if ruleset.get("version") else None
        passes = (listed or {}).get("passes") or []
        self.chosen = next((one for one in passes if state_of(passage, listed["expires"], one) == "admits"), None)
        self.stood_in = False
        load_known = passage.load is not None and (passage.load != "none" or passage.no_box_proved)
        seen = passage.containers or passage.facts.get("invalid_containers") or passage.facts.get("boxes")
        self.without_box = bool(self.chosen and passage.way == "in" and not load_known and not seen)

    def stands_in(self, for_this):
        stands = bool(for_this and self.chosen)
        self.stood_in = self.stood_in or stands
        return stands

    def conclude(self, passage, verdict):
        if not self.stood_in:
            return
        verdict.add("pass_admitted", "pass", "release", True, None, self.chosen["pass"])
        if self.chosen.get("count") is not None:
            verdict.claim(passage, "passes", self.chosen["pass"], None, self.chosen["count"])
