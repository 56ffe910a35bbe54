#include "lane/lane_events.hpp"

#include <utility>

#include "core/time_text.hpp"
#include "lane/fields.hpp"

namespace portcullis::lane {

namespace {

std::string_view limits_text(ArmPosition position) {
    switch (position) {
        case ArmPosition::up:
            return "open";
        case ArmPosition::down:
            return "closed";
        case ArmPosition::moving:
        case ArmPosition::contradict:
        case ArmPosition::unknown:
            return text_of(position);
    }
    return "unknown";
}

/// The transit that it claims, `unknown` where it may be one of several.
Value transit_value(const Passage& passage) {
    Value transit = "none";
    for (const auto& [portal, claim] : passage.claims) {
        if (claim.transit) {
            return claim.transit->text();
        }
        transit = claim.by == ClaimBy::uncertain ? Value{"unknown"} : transit;
    }
    return transit;
}

}  // namespace

Value passage_value(const Passage* passage) {
    return passage == nullptr ? Value{"none"} : Value{passage->id.text()};
}

Event LaneEvents::on_lane(std::string_view type, const Value& passage, Object fields) const {
    fields.push_back({"lane", settings_.name.text()});
    fields.push_back({"way", text_of(settings_.way)});
    fields.push_back({"lane_mode", text_of(mode_)});
    fields.push_back({"passage", passage});
    return {std::string{type}, "lane/" + settings_.name.text(), now_, std::move(fields), std::nullopt};
}

Event LaneEvents::on_lane(std::string_view type, const Passage* passage, Object fields) const {
    return on_lane(type, passage_value(passage), std::move(fields));
}

Event LaneEvents::detected(const Passage& passage, std::int64_t position) const {
    Fields fields{8};
    fields.put("by", text_of(passage.by))
        .put("portal_transit", transit_value(passage))
        .put("position_in_lane", position);
    fields.put("origin", text_of(passage.origin));
    return on_lane("passage.detected", &passage, fields.take());
}

Event LaneEvents::capture_requested(const Passage& passage, const std::vector<DeviceName>& devices) const {
    List names;
    for (const auto& device : devices) {
        names.emplace_back(device.text());
    }
    Fields fields{6};
    fields.put("devices", std::move(names)).put("trigger", text_of(passage.by));
    return on_lane("capture.requested", &passage, fields.take());
}

Event LaneEvents::reading_taken(const Passage* passage, const ReadingTaken& reading, Accepted accepted,
                                bool late) const {
    Fields fields{14};
    fields.put("passage", passage == nullptr ? Value{"unassigned"} : Value{passage->id.text()});
    fields.put("reader", reading.device.text()).put("face", text_of(reading.face)).put("kind", text_of(reading.kind));
    fields.put("raw", reading.raw).put("normalised", reading.normalised).put("valid", yes_no(reading.valid()));
    fields.put("defect", reading.defect);
    fields.put("confidence", reading.confidence ? Value{*reading.confidence} : Value{"unknown"});
    fields.put("accepted", text_of(accepted)).put("late", yes_no(late));
    fields.put("device_time", reading.device_time.empty() ? Value{"unknown"} : Value{reading.device_time});
    fields.put("at_wire_ms", mono_ms(reading.at))
        .put("lane", settings_.name.text())
        .put("role", text_of(reading.reader));
    return {"reading.taken", "device/" + reading.device.text(), now_, fields.take(), std::nullopt};
}

Event LaneEvents::seal_read(const Passage& passage, const ReadingTaken& reading) const {
    const auto seal = reading.seal.value_or(SealFacts{});
    const bool one_box = passage.identity && passage.identity->containers.size() == 1;
    Fields fields{9};
    fields.put("passage", passage.id.text());
    fields.put("container", one_box ? passage.identity->containers.front().number.text() : "unknown");
    fields.put("seal_no", reading.normalised).put("kind", seal.kind.empty() ? "unknown" : seal.kind);
    fields.put("state", text_of(seal.state));
    fields.put("battery", seal.battery_permille ? Value{*seal.battery_permille} : Value{"unknown"});
    fields.put("lane", settings_.name.text()).put("role", text_of(reading.reader));
    return {"seal.read", "device/" + reading.device.text(), now_, fields.take(), std::nullopt};
}

Event LaneEvents::weight_taken(const Passage& passage, const Weighing& weighing, const VehicleTare& tare,
                               const DeviceName& device) const {
    const auto known = [](const std::optional<std::int64_t>& kg) { return kg ? Value{*kg} : Value{"unknown"}; };
    const auto& verified = settings_.weigh.verified_until;
    Fields fields{11};
    fields.put("passage", passage.id.text()).put("state", text_of(weighing.state));
    fields.put("gross_vehicle_kg", known(weighing.gross_kg)).put("whole_vehicle", text_of(weighing.whole_vehicle));
    fields.put("vehicle_tare_kg", known(tare.kg)).put("tare_source", text_of(tare.source));
    fields.put("zero_before_kg", known(weighing.zero_before_kg));
    fields.put("device_verified_until", verified.empty() ? Value{"unknown"} : Value{verified});
    fields.put("at_wire_ms", weighing.at == Instant{} ? Value{"none"} : Value{mono_ms(weighing.at)});
    fields.put("lane", settings_.name.text()).put("role", text_of(Role::weighbridge));
    return {"weight.taken", "device/" + device.text(), now_, fields.take(), std::nullopt};
}

Event LaneEvents::reading_missing(const Passage& passage, Role reader, const DeviceName& device,
                                  std::string_view cause) const {
    const auto since = passage.reading_since.value_or(now_.instant);
    Fields fields{6};
    fields.put("passage", passage.id.text()).put("reader", device.text());
    fields.put("waited_ms", whole_ms(now_.instant - since)).put("cause", cause);
    fields.put("lane", settings_.name.text()).put("role", text_of(reader));
    return {"reading.missing", "device/" + device.text(), now_, fields.take(), std::nullopt};
}

Event LaneEvents::reading_repaired(const Passage& passage, const ReadingRepair& repair,
                                   const DeviceName* reader) const {
    const bool taken = repair.cause == RepairCause::taken;
    Fields fields{14};
    fields.put("reader", reader == nullptr ? "unknown" : reader->text()).put("kind", text_of(repair.kind));
    fields.put("read", repair.read).put("taken", taken ? repair.candidate : "none").put("candidate", repair.candidate);
    fields.put("position", static_cast<std::int64_t>(repair.position) + 1).put("table", repair.table);
    fields.put("candidates", repair.candidates).put("order_known", text_of(repair.order_known));
    return on_lane("reading.repaired", &passage, fields.put("cause", text_of(repair.cause)).take());
}

Event LaneEvents::load_judged(const Passage& passage) const {
    Fields fields{9};
    fields.put("load", text_of(passage.load.load));
    fields.put("boxes", passage.load.boxes ? Value{*passage.load.boxes} : Value{"unknown"});
    fields.put("source", text_of(passage.load.source)).put("fullness", text_of(passage.load.fullness));
    fields.put("position", text_of(passage.load.position));
    return on_lane("load.judged", &passage, fields.take());
}

Event LaneEvents::late_fact(const Passage& passage, const LateFact& fact) const {
    Fields fields{8};
    fields.put("kind", fact.kind).put("what", fact.what).put("phase", fact.phase);
    fields.put("contradicts", yes_no(fact.contradicts));
    return on_lane("passage.late_fact", &passage, fields.take());
}

Event LaneEvents::unassigned(std::string_view kind, const DeviceName& device, Role role, const PassageList& candidates,
                             std::int64_t edges) const {
    List ids;
    for (const auto& passage : candidates) {
        ids.emplace_back(passage->id.text());
    }
    Fields fields{8};
    fields.put("kind", kind).put("device", device.text()).put("candidates", std::move(ids)).put("role", text_of(role));
    if (edges > 1) {
        fields.put("edges", edges);
    }
    return on_lane("observation.unassigned", nullptr, fields.take());
}

Event LaneEvents::verdict_superseded(const Passage& passage, const Value& old, std::string_view cause,
                                     VerdictOutcome outcome) const {
    Fields fields{7};
    fields.put("old_sequence", old).put("cause", cause).put("outcome", text_of(outcome));
    return on_lane("verdict.superseded", &passage, fields.take());
}

Event LaneEvents::order_place(std::string_view type, const Passage& passage, const HeldPlace& held,
                              std::string_view evidence) const {
    Fields fields{10};
    put_place(fields, held).put("evidence", evidence);
    return on_lane(type, &passage, fields.take());
}

Event LaneEvents::permission_began(Passage& passage, const WallTime& until) const {
    Fields fields{32};
    fields.put("permission_id", passage.permission->id().text()).put("kind", "single");
    fields.put("basis_sequence", passage.verdict_sequence).put("limit_n", 1).put("until", time_text(until));
    fields.put("until_mono_ms", mono_ms(passage.permission->until()));
    put_basis(fields, *passage.verdict);
    put_automatic_actor(fields);
    passage.permission_basis = fields.peek();
    fields.put("vehicles", 0);
    return on_lane("permission.began", &passage, fields.take());
}

Event LaneEvents::permission_ended(const Passage& passage, std::string_view cause) const {
    Object fields;
    if (const auto* basis = passage.permission_basis.get<Object>()) {
        fields = *basis;
    }
    fields.push_back({"vehicles", passage.vehicles});
    fields.push_back({"cause", cause});
    return on_lane("permission.ended", &passage, std::move(fields));
}

Event LaneEvents::arm_commanded(const ArmPlan& plan, const Passage* passage, const ArmScene& scene,
                                EventToken token) const {
    Fields fields{11};
    fields.put("command", text_of(plan.command()));
    fields.put("permission_id", plan.permission() ? Value{plan.permission()->text()} : Value{"none"});
    fields.put("arm", "arm").put("not_after_mono_ms", mono_ms(plan.not_after()));
    fields.put("presence", text_of(scene.presence)).put("limits", limits_text(scene.position));
    auto event = on_lane("arm.commanded", passage, fields.take());
    event.token = token;
    return event;
}

Event LaneEvents::arm_result(const Value& commanded, const Value& passage, const CommandResult& result) const {
    Fields fields{9};
    fields.put("commanded_sequence", commanded).put("write", text_of(result.write));
    fields.put("readback", text_of(result.readback)).put("ms", static_cast<std::int64_t>(result.took.count()));
    fields.put("cause", result.cause);
    return on_lane("arm.result", passage, fields.take());
}

Event LaneEvents::arm_moved(const ArmMoved& moved, const Passage* passage, Presence presence) const {
    Fields fields{11};
    fields.put("arm", "arm").put("from", text_of(moved.from)).put("to", text_of(moved.to));
    fields.put("cause", text_of(moved.cause));
    fields.put("permission_id", moved.permission ? Value{moved.permission->text()} : Value{"none"});
    fields.put("travel_ms", static_cast<std::int64_t>(moved.travel.count())).put("presence", text_of(presence));
    return on_lane("arm.moved", passage, fields.take());
}

Event LaneEvents::arm_fault(const ArmFaultSeen& fault, const Passage* passage) const {
    Fields fields{7};
    fields.put("arm", "arm").put("kind", text_of(fault.kind));
    fields.put("ms", static_cast<std::int64_t>(fault.after.count()));
    return on_lane("arm.fault", passage, fields.take());
}

Event LaneEvents::arm_obstructed(const Passage* passage, bool withdrawn, std::string_view stopped) const {
    Fields fields{7};
    fields.put("phase", "lowering").put("withdrawn", yes_no(withdrawn)).put("stopped", stopped);
    return on_lane("arm.obstructed", passage, fields.take());
}

Event LaneEvents::condition(std::string_view name, Instant since, std::int64_t value, bool ended) const {
    Fields fields{8};
    fields.put("condition", name).put("since_mono_ms", mono_ms(since)).put("value", value);
    if (ended) {
        fields.put("duration_ms", whole_ms(now_.instant - since));
    }
    return on_lane(ended ? "condition.ended" : "condition.began", nullptr, fields.take());
}

Event LaneEvents::light(const LightSeen& seen, const Passage* passage) const {
    Fields fields{7};
    fields.put("head", text_of(seen.head)).put("colour", text_of(seen.colour)).put("proved", seen.proved);
    return on_lane("lane.light", passage, fields.take());
}

Event LaneEvents::sign(const SignMessage& message, const Passage* passage) const {
    Fields fields{8};
    fields.put("text_id", text_of(message.text)).put("language", settings_.sign_language).put("proved", "unsupervised");
    if (!message.zone.empty()) {
        fields.put("zone", message.zone);
    }
    return on_lane("lane.sign", passage, fields.take());
}

Event LaneEvents::irregular(const Passage& passage, const Irregular& what) const {
    Fields fields{9};
    fields.put("other_passage", passage_value(what.other)).put("permission_id", what.permission);
    fields.put("basis", "sequence").put("certainty", text_of(what.certainty)).put("phase", what.phase);
    return on_lane(what.type, &passage, fields.take());
}

Event LaneEvents::mode_changed(LaneMode from, std::string_view cause) const {
    Fields fields{16};
    fields.put("from", text_of(from)).put("to", text_of(mode_)).put("cause", cause).put("until", "none");
    put_automatic_actor(fields);
    return on_lane("lane.mode", nullptr, fields.take());
}

Event LaneEvents::evidence_bound(const Passage& passage, Role camera, const DeviceName& device, const Picture& picture,
                                 Instant at) const {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now_.instant - at);
    Fields fields{13};
    fields.put("sha256", hex_text(picture.sha256)).put("device", device.text()).put("role", text_of(camera));
    fields.put("kind", picture.kind).put("captured_at", time_text(now_.wall - age));
    fields.put("captured_mono_ms", mono_ms(at)).put("asked_mono_ms", mono_ms(picture.asked)).put("bytes", picture.size);
    return on_lane("evidence.bound", &passage, fields.take());
}

Event LaneEvents::evidence_missing(const Passage& passage, Role camera, const DeviceName& device,
                                   std::string_view cause) const {
    Fields fields{10};
    fields.put("sha256", "none").put("device", device.text()).put("role", text_of(camera)).put("kind", "none");
    fields.put("captured_at", "none").put("cause", cause);
    return on_lane("evidence.missing", &passage, fields.take());
}

Event LaneEvents::ended(const Passage& passage, PassageOutcome outcome) const {
    Fields fields{22};
    fields.put("outcome", text_of(outcome)).put("permission_id", passage.permission_id);
    fields.put("verdict_sequence", passage.verdict_sequence).put("authorisation_sequence", "none");
    const bool judged = passage.verdict && passage.verdict_told;
    fields.put("verdict", judged ? Value{text_of(passage.verdict->outcome)} : Value{"none"});
    fields.put("movement", text_of(judged ? passage.verdict->movement : Movement::unknown));
    fields.put("zone", judged && passage.verdict->zone ? Value{*passage.verdict->zone} : Value{"none"});
    fields.put("boxes", passage.load.boxes ? Value{*passage.load.boxes} : Value{"unknown"});
    fields.put("containers", container_numbers(passage)).put("plates", plate_list(passage));
    List used;
    for (const auto& held : passage.held) {
        if (held.state == UsageState::used) {
            Fields place{5};
            put_place(place, held);
            used.emplace_back(place.take());
        }
    }
    fields.put("orders_used", std::move(used)).put("vehicles_under_permission", passage.vehicles);
    fields.put("times", times_value(passage.times)).put("waited_person_ms", whole_ms(passage.waited));
    fields.put("evidence", List(passage.evidence.begin(), passage.evidence.end()))
        .put("test", "no")
        .put("box_coverage", box_coverage(passage));
    return on_lane("passage.ended", &passage, fields.take());
}

}  // namespace portcullis::lane
