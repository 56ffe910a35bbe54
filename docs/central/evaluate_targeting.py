"""Whether a targeting order finds a passage, as docs/ruleset.md says it: part of evaluate.py."""

from evaluate_orders import here
from evaluate_predicates import begins, every, listed, milliseconds, some

# What readers take for each other: in container numbers a letter for a digit, in plates either.
IN_CONTAINERS = ("O0", "D0", "Q0", "I1", "L1", "Z2", "A4", "S5", "G6", "T7", "B8")
IN_PLATES = ("D0", "B8", "Z2", "S5", "G6", "17", "Q0")
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def acts_once(order):
    """A targeting order that is spent when a release ends it; whose names are too long to be kept acts every time."""
    return bool(order.get("once")) and len(f"{order['authority']}:{order['order']}".encode()) <= 128


def is_spent(passage, order):
    """A `once` order whose place at this control point is used."""
    rows = passage.facts.get("usage") or []
    used = [row for row in rows if (row["authority"], row["order"], row["state"]) == (order["authority"], order["order"], "used")]
    return acts_once(order) and any((row.get("control_point") or passage.control_point) == passage.control_point for row in used)


def one_character(read, wanted, first=0):
    """The place of the one character at which they differ; nothing where there are none or several."""
    differing = [at for at, (x, y) in enumerate(zip(read, wanted)) if x != y]
    return differing[0] if len(read) == len(wanted) and len(differing) == 1 and differing[0] >= first else None


def near_container(read, wanted):
    """Whether an invalid reading is a number but for one letter that stands for a digit, or the reverse."""
    at = one_character(read, wanted)
    if at is None:
        return False
    return (wanted[at] + read[at] if at < 4 else read[at] + wanted[at]) in IN_CONTAINERS


def serial_begins(plate):
    """Behind the province and the letter after it."""
    if plate[:1] and plate[0] in PROVINCES:
        return 2
    for mark in ("临", "WJ"):
        if plate.startswith(mark) and plate[len(mark) : len(mark) + 1] and plate[len(mark)] in PROVINCES:
            return 3
    return None


def near_plate(read, wanted):
    """The same of a plate with a province, in its serial; and of every I and O in it together."""
    first = serial_begins(read)
    if first is None or len(read) <= first or read == wanted:
        return False
    forced = read[:first] + read[first:].replace("I", "1").replace("O", "0")
    at = one_character(read, wanted, first)
    confused = at is not None and (read[at] + wanted[at] in IN_PLATES or wanted[at] + read[at] in IN_PLATES)
    return forced == wanted or confused


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
    return False if container is None and passage.no_box_proved else None


def match_parts(passage, match, container, naming):
    parts = {"declared": declared_match(passage, match, container, naming)}
    if match.get("container") is not None:
        parts["container"] = container_match(passage, match["container"], container)
    if match.get("plate") is not None:
        parts["plate"] = plate_match(passage, match["plate"])
    return parts


def near_parts(passage, match):
    """Which of `container` and `plate` is one confusable character away from what was read, and not read."""
    facts, near = passage.facts, []
    reads = facts.get("invalid_containers") or []
    wanted = match.get("container")
    if wanted is not None and wanted not in passage.containers and any(near_container(read, wanted) for read in reads):
        near.append("container")
    plates, wanted = [*passage.plates, *(facts.get("invalid_plates") or [])], match.get("plate")
    if wanted is not None and wanted not in passage.plates and any(near_plate(read, wanted) for read in plates):
        near.append("plate")
    return near


def targeting_result(passage, order, naming):
    """Code, result and outcome of the reason that a targeting order gives; nothing where it gives none."""
    if order["action"] == "watch" or order.get("revoked") or not here(order, passage):
        return None
    valid = passage.clock.within(milliseconds(order["valid_from"]), milliseconds(order.get("valid_to")))
    if valid is False:
        return None
    match, rows = order["match"], []
    for container in passage.containers or [None]:
        rows.append(match_parts(passage, match, container, naming))
    result = every([valid, some(every(parts.values()) for parts in rows)])
    near = some(every({**parts, name: True}.values()) for name in near_parts(passage, match) for parts in rows)
    if result is not True and near is not False:
        return "targeting_near", every([valid, near]), "inspect"
    return None if result is False else (f"targeting_{order['action']}", result, order["action"])
