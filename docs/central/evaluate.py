#!/usr/bin/python3
"""Decide a passage again: a ruleset and the facts of a passage give a verdict. Written from docs/ruleset.md alone.

Usage: evaluate.py --ruleset PAYLOAD.json FACTS.json     prints the verdict as one line of JSON
       evaluate.py --pairs < PAIRS.jsonl                 the same for lines {"ruleset": …, "facts": …}
Facts are as docs/central/facts.schema.json says. Beside it: evaluate_facts.py, _orders, _passes, _predicates, _targeting.
"""

import argparse
import json
import sys

from evaluate_facts import BOXES_OF, Box, Passage, draw, rate_of, weigh
from evaluate_orders import Orders, class_of, declarations_of, filled, order_key
from evaluate_passes import Admission
from evaluate_predicates import WHOLE_PPM, condition, every, milliseconds, some
from evaluate_targeting import acts_once, is_spent, targeting_result

STATES = ("fresh", "ageing", "stale", "expired", "unknown")
STRICTNESS = ("hold", "inspect", "release")
DAY_S = 86_400
AGES = {
    "ruleset": {"fresh_s": DAY_S, "ageing_s": 7 * DAY_S, "stale_s": 30 * DAY_S},
    "orders": {"fresh_s": 3600, "ageing_s": 4 * 3600, "stale_s": DAY_S},
}


class Verdict:
    def __init__(self):
        self.reasons, self.zone, self.methods, self.notes, self.claims = [], None, [], [], []

    def add(self, code, kind, outcome="hold", result=True, authority=None, identity=None):
        reason = {"code": code, "kind": kind, "authority": authority or "none", "id": identity or "none",
                  "result": "unknown" if result is None else ("true" if result else "false"), "outcome": outcome}
        if reason not in self.reasons:
            self.reasons.append(reason)

    def name(self, zone, methods):
        self.zone = self.zone or zone
        self.methods += [method for method in methods or [] if method not in self.methods]

    def claim(self, passage, authority, order, container=None, uses=1):
        """A place that a release takes."""
        self.claims.append({"authority": authority, "order": order, "container": container or "none",
                            "control_point": passage.control_point, "uses": uses})

    def answered(self, box, key):
        if key not in box.answered:
            box.answered.append(key)
        self.add("zone_answered", "zone", "release", False, None, key)

    def stands(self, box, key):
        """Whether a reason that would stand does, after the zone result of its box."""
        if box.answers(key):
            self.answered(box, key)
            return False
        if box.names(key):
            self.add("zone_seal_differs", "zone", "inspect", None if box.seals() is None else True, None, box.result["id"])
        return True


def staler(said, age, limits):
    by_age = next((state for state in STATES[:3] if age <= limits[f"{state}_s"]), "expired")
    return max(said, by_age, key=STATES.index)


def judge_vehicle(passage, admission, verdict):
    facts, identity = passage.facts, "identity"
    bare = passage.no_box_proved and not passage.containers
    required = facts.get("requires") or []
    invalid, read = facts.get("invalid_containers") or [], len(passage.containers)
    boxes, counted = BOXES_OF.get(passage.load), facts.get("boxes")
    lacking = read < boxes if boxes is not None else read == 0 and "container" in required
    if facts.get("lookup_failed"):
        verdict.add("lookup_failed", "storage", result=None)
    elif facts.get("orders_empty") and not bare:
        verdict.add("orders_empty", "storage", result=None)
    if facts.get("orders_behind"):
        verdict.add("orders_behind", "storage", result=None)
    unknown_load = passage.load is None or (passage.load == "none" and not passage.no_box_proved)
    if unknown_load and not admission.stands_in(admission.without_box):
        verdict.add("load_unknown", identity, result=None)
    if passage.way is None:
        verdict.add("movement_unknown", identity, result=None)
    if lacking and read == 0 and not invalid and not admission.stands_in(admission.without_box):
        verdict.add("container_unread", identity, result=None)
    if (lacking or boxes is None) and invalid:
        verdict.add("container_invalid", identity, result=None)
    if boxes is not None and ((read != 0 and read != boxes) or (counted is not None and counted != boxes)):
        verdict.add("boxes_differ", identity)
    if any(kind in ("container", "plate") for kind in facts.get("readers_disagree") or []):
        verdict.add("readers_disagree", identity)
    if "plate" in required and passage.tractor is None:
        verdict.add("plate_unread", identity, result=None)
    if (passage.tractor or "").startswith("临"):
        verdict.add("plate_temporary", identity)
    if passage.radiation == "high":
        verdict.add("radiation_high", "radiation")
    if passage.radiation == "suspect":
        verdict.add("radiation_suspect", "radiation", "inspect")
    if "radiation" in required and passage.radiation in (None, "not_monitored", "unknown"):
        verdict.add("radiation_unknown", "radiation", result=None)


def judge_targeting(passage, boxes, orders, verdict):
    for order in orders.targeting:
        found = targeting_result(passage, order, orders.naming)
        if found is None or is_spent(passage, order):
            continue
        code, result, outcome = found
        key = order_key(order)
        asked = boxes if order.get("lifted_by") == "result" else []
        if not all([verdict.stands(box, key) for box in asked]):
            if acts_once(order):
                verdict.claim(passage, "targeting", f"{order['authority']}:{order['order']}")
            continue
        verdict.add(code, "targeting", outcome, result, order["authority"], order["order"])
        verdict.name(order.get("zone"), order.get("method"))


def policy_row(ruleset, passage, box):
    for row in ruleset.get("policy") or []:
        wanted = (("way", passage.way), ("load", passage.load), ("movement", box.movement))
        if all(row.get(name) in (None, fact or "unknown") for name, fact in wanted):
            return row
    return None


def judge_policy(ruleset, passage, box, admission, verdict):
    row, boxed, policy = policy_row(ruleset, passage, box), box.container is not None, "policy"
    holds = row is None or row["without_order"] == "hold"
    if not box.orders and holds:
        if not admission.stands_in(True):
            verdict.add("order_missing" if boxed else "policy_hold", policy)
    elif not box.orders:
        code = "unmatched" if box.movement == "export_laden" else "policy_admit"
        verdict.add(code if boxed else "no_box_proved", policy, "release")
    elif row is None:
        verdict.add("policy_hold", policy)
    stands_in = admission.stands_in(not box.orders and box.movement is None)
    if not stands_in and (box.movement_differs or box.movement is None):
        verdict.add("movement_unknown", "identity", "hold", None)
    consents = (row or {}).get("consents") or []
    present = [order["authority"] for order in box.orders]
    if box.orders or not holds:
        for authority in consents:
            if authority not in present:
                verdict.add("consent_missing", "consent", "hold", True, authority)
    for authority in passage.facts.get("authorities_behind") or []:
        if authority in present or authority in consents:
            verdict.add("orders_behind", "storage", "hold", None, authority)


def rule_result(passage, box, rule, in_force, for_movement):
    parts = [in_force, for_movement, some(condition(passage, box, declared, rule["when"]) for declared in box.declarations)]
    rate = rule.get("rate_ppm")
    if rule["outcome"] == "inspect" and rate is not None and rate < WHOLE_PPM:
        ticket = box.tickets.get(f"rule:{rule['rule']}")
        parts.append(None if ticket is None else ticket < rate)
    return every(parts)


def for_movement(rule, box):
    movements = rule.get("movements") or []
    return True if not movements else (None if box.movement is None else box.movement in movements)


def judge_rule(passage, boxes, rule, verdict):
    in_force = passage.clock.within(milliseconds(rule.get("valid_from")), milliseconds(rule.get("valid_to")))
    if in_force is False:
        if any(for_movement(rule, box) is not False for box in boxes):
            verdict.notes.append({"rule": rule["rule"], "why": "not_in_force"})
        return
    key, results = f"rule:{rule['rule']}", []
    for box in boxes:
        result = rule_result(passage, box, rule, in_force, for_movement(rule, box))
        if result is False:
            continue
        if rule.get("answered_by_result") is False or verdict.stands(box, key):
            results.append(result)
    unknown = rule["unknown"] if None in results else None
    if True in results:
        verdict.add("rule_" + rule["outcome"], "rule", rule["outcome"], True, None, rule["rule"])
    if unknown == "note":
        verdict.notes.append({"rule": rule["rule"], "why": "unknown"})
    elif unknown:
        verdict.add("rule_unknown", "rule", unknown, None, None, rule["rule"])
    if True in results or unknown in ("inspect", "hold"):
        verdict.name(rule.get("zone"), rule.get("methods"))


def settle_draw(box, verdict):
    if box.drawn in ("central_drawn", "gate_drawn", "unknown") and not verdict.stands(box, "sampling"):
        box.drawn = "satisfied"
    box.sampling = None if box.drawn == "unknown" else box.drawn


def judge_draw(ruleset, box, verdict):
    sampling = ruleset.get("sampling") or {}
    if box.drawn in ("central_drawn", "gate_drawn", "unknown"):
        known = box.drawn != "unknown"
        verdict.add("sampling_drawn" if known else "sampling_unknown", "sampling", "inspect", True if known else None, None, box.container)
        verdict.name(sampling.get("zone"), sampling.get("methods"))


def ladder(staleness, document, state, box):
    facts = {"document": document, "state": state, "movement": box.movement or "unknown", "class": box.rated_class}
    for row in staleness.get("ladder") or []:
        if all(row.get(name) in (None, fact) for name, fact in facts.items()):
            return row["allows"]
    return "release" if state in ("fresh", "ageing") else "hold"


def judge_age(ruleset, box, document, state, verdict):
    allows = ladder(ruleset.get("staleness") or {}, document, state, box)
    if allows != "release":
        code = f"{document}_{'ageing' if state == 'fresh' else state}"
        verdict.add(code, "staleness", allows, None if state == "unknown" else True)


def tied(order, gate):
    gates, points = order.get("gates") or [], order.get("control_points") or []
    return (len(gates) == 1 and gates != ["*"]) or points == [gate]


def judge_ages(ruleset, passage, box, states, verdict):
    staleness = ruleset.get("staleness") or {}
    if ruleset.get("version"):
        judge_age(ruleset, box, "ruleset", states["ruleset"], verdict)
        if box.container is not None or box.orders:
            judge_age(ruleset, box, "orders", states["orders"], verdict)
        if not passage.link_up and not staleness.get("shared_orders_without_link"):
            for order in box.granted:
                if not tied(order, passage.gate):
                    verdict.add("order_shared", "staleness", "hold", None, order["authority"], order["order"])


def entries(passage, admission):
    facts = passage.facts
    bare = (passage.no_box_proved or admission.without_box) and not passage.containers
    if facts.get("lookup_failed") or (facts.get("orders_empty") and not bare):
        return []
    return [None] if bare else passage.containers


def evaluate(ruleset, facts):
    passage, verdict = Passage(facts), Verdict()
    staleness = ruleset.get("staleness") or {}
    states = {document: staler(facts.get(f"{document}_state") or "fresh", facts.get(f"{document}_age_s") or 0,
                               staleness.get(document) or AGES[document]) for document in ("ruleset", "orders")}
    orders = Orders(passage, [] if facts.get("lookup_failed") or facts.get("orders_empty") else facts.get("orders") or [])
    admission = Admission(ruleset, passage)
    boxes = [Box(passage, container) for container in entries(passage, admission)]
    passage.beyond_tolerance = weigh(ruleset, passage, boxes, orders.counting)
    for box in boxes:
        orders.settle(box)
        box.declarations = filled(declarations_of(box.counted))
        for declared in box.declarations:
            declared["class"] = class_of(ruleset, declared, passage.clock.now)
    for box in boxes:
        box.drawn = draw(ruleset, box, box.counted) if box.container else "not_eligible"
        box.rated_class = rate_of(ruleset, box)[1] if box.container else None

    judge_vehicle(passage, admission, verdict)
    judge_targeting(passage, boxes, orders, verdict)
    for box in boxes:
        orders.judge(box, verdict)
        for order in box.granted:
            verdict.claim(passage, order["authority"], order["order"], order.get("container"), order.get("uses") or 1)
        judge_policy(ruleset, passage, box, admission, verdict)
    admission.conclude(passage, verdict)
    for box in boxes:
        if box.result_state in ("treat", "fail"):
            verdict.add(f"zone_result_{box.result_state}", "zone", "hold", True, None, box.result["id"])
    for box in boxes:
        settle_draw(box, verdict)
    for rule in ruleset.get("rules") or []:
        judge_rule(passage, boxes, rule, verdict)
    for box in boxes:
        judge_draw(ruleset, box, verdict)
    for box in boxes:
        judge_ages(ruleset, passage, box, states, verdict)
    return concluded(verdict, boxes, states, passage)


def concluded(verdict, boxes, states, passage):
    if all(reason["code"] == "zone_answered" for reason in verdict.reasons):
        verdict.add("policy_hold", "policy")
    verdict.reasons.sort(key=lambda reason: STRICTNESS.index(reason["outcome"]))
    outcome = verdict.reasons[0]["outcome"]
    for box in boxes:
        if box.container and box.result and box.answered:
            verdict.claim(passage, "zone_result", box.result["id"], box.container)
    return {
        "outcome": outcome,
        "zone": verdict.zone or "none",
        "methods": verdict.methods,
        "reasons": verdict.reasons,
        "notes": verdict.notes,
        "ruleset_state": states["ruleset"],
        "orders_state": states["orders"],
        "boxes": [{"container": box.container or "none", "movement": box.movement or "unknown", "class": box.rated_class or "none",
                   "sampling": box.sampling or "unknown", "answered": sorted(box.answered)} for box in boxes],
        "claims": verdict.claims if outcome == "release" else [],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--ruleset", help="the payload of a ruleset document")
    parser.add_argument("--pairs", action="store_true", help="read lines of rulesets and facts")
    parser.add_argument("facts", nargs="?")
    given = parser.parse_args()
    if given.pairs:
        for line in sys.stdin:
            pair = json.loads(line)
            print(json.dumps(evaluate(pair["ruleset"], pair["facts"]), ensure_ascii=False))
        return 0
    if not (given.ruleset and given.facts):
        parser.error("a ruleset and facts are needed")
    with open(given.ruleset, encoding="utf-8") as ruleset, open(given.facts, encoding="utf-8") as facts:
        print(json.dumps(evaluate(json.load(ruleset), json.load(facts)), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
