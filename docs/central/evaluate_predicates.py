"""What a rule may look at, as docs/ruleset.md says it: part of evaluate.py. True, False, or None for unknown."""

from datetime import datetime, timezone

HOUR_MS = 3_600_000
SEAL_STATES = frozenset({"intact", "tampered", "open", "absent", "differs"})
WHOLE_PPM = 1_000_000


def every(values):
    """Kleene's `and`."""
    result = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def some(values):
    """Kleene's `or`."""
    result = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negated(value):
    return None if value is None else not value


def milliseconds(text):
    """RFC 3339 in UTC, as milliseconds since 1970; nothing of nothing."""
    if text is None:
        return None
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def listed(fact, texts):
    return None if fact is None else fact in texts


def begins(fact, prefixes):
    """Whether the fact begins with one of them; it may be known to too few characters."""
    if fact is None:
        return None
    if any(fact.startswith(prefix) for prefix in prefixes):
        return True
    return None if any(prefix.startswith(fact) for prefix in prefixes) else False


def in_range(number, row):
    if number is None:
        return None
    least, most = row.get("at_least"), row.get("at_most")
    return (least is None or number >= least) and (most is None or number <= most)


def word(flag):
    """A yes or no as rules list it."""
    return None if flag is None else ("yes" if flag else "no")


class Clock:
    """The gate's wall clock, known to ± band."""

    def __init__(self, now, band):
        self.now, self.band = now, band

    def at_or_after(self, moment):
        if moment is None or self.now - self.band >= moment:
            return True
        return False if self.now + self.band < moment else None

    def at_or_before(self, moment):
        if moment is None or self.now + self.band <= moment:
            return True
        return False if self.now - self.band > moment else None

    def within(self, first, last):
        return every([self.at_or_after(first), self.at_or_before(last)])


def minute_of(text):
    return int(text[:2]) * 60 + int(text[3:])


def in_window(minute, row):
    if minute is None:
        return None
    first, last = minute_of(row["from"]), minute_of(row["to"])
    return minute >= first or minute < last if first > last else first <= minute < last


def seal_states(about, declared):
    """The states that the seal may be in."""
    said = about.get("seal")
    if said in ("tampered", "open", "absent", "differs"):
        return {said}
    result = about.get("zone_result")
    passed = isinstance(result, dict) and result.get("result") == "pass"
    renewed = result.get("new_seals") if passed else None
    expected = renewed or declared.get("seals")
    read = about.get("seals_read") or []
    if expected is not None and any(number not in expected for number in read):
        return {"differs"}
    if said == "intact":
        return {"intact"}
    if not read:
        return SEAL_STATES
    return {"intact", "tampered", "open"} if expected is not None else {"intact", "tampered", "open", "differs"}


def seal_is(states, texts):
    met = sum(state in texts for state in states)
    return True if met == len(states) else (None if met else False)


def recent(passage, within_h):
    """Visits of the plates at or after now − within."""
    if passage.visits is None:
        return None
    oldest = None if within_h is None else passage.clock.now - within_h * HOUR_MS
    return [visit for visit in passage.visits if oldest is None or visit[0] >= oldest]


def plate_listed(passage, texts):
    if any(plate in texts for plate in passage.plates):
        return True
    return None if passage.tractor is None else False


def radiation_is(state, texts):
    if state in texts:
        return True
    return None if state in ("not_monitored", "unknown") else False


def elsewhere(passage, row):
    visits = recent(passage, row["within_h"])
    return None if visits is None else word(any(lane != passage.lane for _, lane in visits))


def repeated(passage, row):
    visits = recent(passage, row.get("within_h"))
    return in_range(None if visits is None else len(visits), row)


def inside(passage, declared, row):
    enterprise, counts = declared.get("enterprise"), passage.boxes_inside
    return in_range(None if enterprise is None or counts is None else counts.get(enterprise, 0), row)


def dwelt(passage, box):
    came_in = box.came_in
    if came_in is None or came_in > passage.clock.now:
        return None
    return (passage.clock.now - came_in) // HOUR_MS


def date_is(passage, declared, row):
    first, last = milliseconds(row.get("from")), milliseconds(row.get("to"))
    if row["name"] == "passage":
        return passage.clock.within(first, last)
    date = milliseconds((declared.get("dates") or {}).get(row["name"]))
    return None if date is None else (first is None or date >= first) and (last is None or date <= last)


# Each is asked with the passage, the box, what is declared of it, and the arguments.
ABOUT_PASSAGE = {
    "way": lambda p, b, d, row: listed(p.way, row),
    "movement": lambda p, b, d, row: listed(b.movement, row),
    "load": lambda p, b, d, row: listed(p.load, row),
    "plate": lambda p, b, d, row: plate_listed(p, row),
    "plate_province": lambda p, b, d, row: listed(p.tractor and p.tractor[0], row),
    "radiation": lambda p, b, d, row: radiation_is(p.radiation, row),
    "time_window": lambda p, b, d, row: in_window(p.minute, row),
    "gate": lambda p, b, d, row: p.gate in row,
    "lane": lambda p, b, d, row: p.lane in row,
    "repeat_visits": lambda p, b, d, row: repeated(p, row),
    "plate_elsewhere": lambda p, b, d, row: listed(elsewhere(p, row), row["is"]),
}
ABOUT_BOX = {
    "hs": lambda p, b, d, row: None if d.get("hs") is None else some(begins(code, row) for code in d["hs"]),
    "origin": lambda p, b, d, row: listed(d.get("origin"), row),
    "origin_region": lambda p, b, d, row: listed(d.get("origin_region"), row),
    "last_port": lambda p, b, d, row: begins(d.get("last_port"), row),
    "enterprise": lambda p, b, d, row: listed(d.get("enterprise"), row),
    "enterprise_class": lambda p, b, d, row: listed(d.get("class"), row),
    "container_prefix": lambda p, b, d, row: begins(b.container, row),
    "size_type": lambda p, b, d, row: begins(b.size_type or d.get("size_type"), row),
    "fullness": lambda p, b, d, row: listed(p.fullness or d.get("fullness"), row),
    "reefer": lambda p, b, d, row: listed(word(d.get("reefer")), row),
    "wood": lambda p, b, d, row: listed(word(d.get("wood")), row),
    "ippc": lambda p, b, d, row: listed(word(d.get("ippc")), row),
    "imdg": lambda p, b, d, row: begins(d.get("imdg"), row),
    "seal": lambda p, b, d, row: seal_is(seal_states(b.about, d), row),
    "gross_kg": lambda p, b, d, row: in_range(d.get("gross_kg"), row),
    "weight_delta": lambda p, b, d, row: listed(word(p.beyond_tolerance), row),
    "boxes_inside": lambda p, b, d, row: inside(p, d, row),
    "dwell_hours": lambda p, b, d, row: in_range(dwelt(p, b), row),
    "left_already": lambda p, b, d, row: listed(word(b.about.get("left_already")), row),
    "sampling": lambda p, b, d, row: listed(b.sampling, row),
    "zone_result": lambda p, b, d, row: listed(b.result_state, row),
    "attribute": lambda p, b, d, row: listed((d.get("attributes") or {}).get(row["name"]), row["is"]),
    "date": lambda p, b, d, row: date_is(p, d, row),
}
PREDICATES = {**ABOUT_PASSAGE, **ABOUT_BOX}


def predicate(passage, box, declared, kind, row):
    about_box = kind in ABOUT_BOX and not (kind == "date" and row["name"] == "passage")
    if about_box and box.container is None:
        return False
    return PREDICATES[kind](passage, box, declared, row)


def condition(passage, box, declared, node):
    """A condition of a rule: one member, a join or a predicate."""
    ((kind, row),) = node.items()
    if kind == "all":
        return every(condition(passage, box, declared, part) for part in row)
    if kind == "any":
        return some(condition(passage, box, declared, part) for part in row)
    if kind == "not":
        return negated(condition(passage, box, declared, row))
    return predicate(passage, box, declared, kind, row)
