#include "lane/memory.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lane/fields.hpp"

namespace portcullis::lane {

namespace {

constexpr std::string_view passage_prefix = "passage/";
constexpr std::string_view command_prefix = "command/";

std::string text_at(const Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

std::int64_t number_at(const Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto* number = member == nullptr ? nullptr : member->get<std::int64_t>();
    return number == nullptr ? 0 : *number;
}

const List& list_at(const Value& value, std::string_view name) {
    static const List none;
    const auto* member = value.find(name);
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    return list == nullptr ? none : *list;
}

template <class Enum>
Enum word_at(const Value& value, std::string_view name, Enum otherwise) {
    return enum_from<Enum>(text_at(value, name)).value_or(otherwise);
}

std::optional<ContainerNumber> container_in(std::string_view text) {
    const auto parsed = ContainerNumber::parse(text);
    return parsed ? std::optional{*parsed} : std::nullopt;
}

void recall_identity(const Value& body, Passage& passage) {
    PassageIdentity identity;
    for (const auto& one : list_at(body, "containers")) {
        const auto* text = one.get<std::string>();
        if (const auto number = text == nullptr ? std::nullopt : container_in(*text)) {
            identity.containers.push_back({*number, LoadPosition::not_applicable, "", 1, {}});
        }
    }
    for (const auto& one : list_at(body, "plates")) {
        const auto* text = one.get<std::string>();
        if (text != nullptr) {
            if (const auto plate = PlateNumber::parse(*text)) {
                identity.other_plates.push_back(*plate);
            }
        }
    }
    if (!identity.containers.empty() || !identity.other_plates.empty()) {
        passage.identity = std::move(identity);
    }
    if (const auto* boxes = body.find("boxes"); boxes != nullptr && boxes->get<std::int64_t>() != nullptr) {
        passage.load.boxes = static_cast<int>(*boxes->get<std::int64_t>());
    }
}

void recall_evidence(const Value& body, Passage& passage) {
    for (const auto& one : list_at(body, "evidence")) {
        if (const auto* hash = one.get<std::string>()) {
            passage.evidence.push_back(*hash);
        }
    }
}

void recall_places(const Value& body, Passage& passage) {
    for (const auto& one : list_at(body, "held")) {
        HeldPlace held;
        held.key.authority = Authority{text_at(one, "authority")};
        held.key.order = OrderId{text_at(one, "order_id")};
        held.key.container = container_in(text_at(one, "container"));
        held.key.control_point = ControlPoint{text_at(one, "control_point")};
        held.state = word_at(one, "state", UsageState::reserved);
        // An older note knows of one place only.
        held.place = static_cast<int>(std::max<std::int64_t>(1, number_at(one, "place")));
        passage.held.push_back(std::move(held));
    }
}

/// Of another boot: which steps were reached, not when. An older note says neither.
void recall_times(const Value& body, const BootId& boot, PassageTimes& times) {
    const bool same_boot = text_at(body, "boot") == boot.text();
    const auto* noted = body.find("times");
    const auto recall = [&](std::string_view step) {
        const auto* at = noted == nullptr ? nullptr : noted->find(step);
        if (at != nullptr && text_at(*noted, step) == "none") {
            return StepTime{};
        }
        const auto* ms = at == nullptr || !same_boot ? nullptr : at->get<std::int64_t>();
        auto time = StepTime::unknown();
        if (ms != nullptr) {
            time = Instant{std::chrono::milliseconds{*ms}};
        }
        return time;
    };
    times = {recall("detected"), recall("stopped"),  recall("identified"),
             recall("verdict"),  recall("arm_open"), recall("cleared")};
}

}  // namespace

std::string passage_key(const PassageId& id) {
    return std::string{passage_prefix} + id.text();
}

std::string command_key(const CommandId& id) {
    return std::string{command_prefix} + std::to_string(id.number);
}

Value note_of(const Passage& passage, const BootId& boot) {
    Fields fields{22};
    fields.put("rank", passage.rank)
        .put("state", text_of(passage.state()))
        .put("origin", text_of(passage.origin))
        .put("by", text_of(passage.by));
    fields.put("arm_seen", yes_no(passage.place.arm_seen)).put("exit_seen", yes_no(passage.place.exit_seen));
    fields.put("verdict_sequence", passage.verdict_sequence);
    const bool judged = passage.verdict && passage.verdict_told;
    fields.put("verdict", judged ? Value{text_of(passage.verdict->outcome)} : Value{"none"});
    fields.put("movement", text_of(judged ? passage.verdict->movement : Movement::unknown));
    fields.put("zone", judged && passage.verdict->zone ? Value{*passage.verdict->zone} : Value{"none"});
    fields.put("boot", boot.text()).put("times", times_value(passage.times));
    fields.put("permission_id", passage.permission_id).put("permission", passage.permission_basis);
    fields.put("radiation", text_of(joined(passage.radiation.state(), passage.radiation.told)));
    fields.put("vehicles", passage.vehicles).put("containers", container_numbers(passage));
    fields.put("plates", plate_list(passage));
    fields.put("boxes", passage.load.boxes ? Value{*passage.load.boxes} : Value{"unknown"});
    fields.put("waited_ms", whole_ms(passage.waited));
    List places;
    for (const auto& held : passage.held) {
        Fields place{6};
        put_place(place, held).put("state", text_of(held.state));
        places.emplace_back(place.take());
    }
    fields.put("evidence", List(passage.evidence.begin(), passage.evidence.end()));
    fields.put("held", std::move(places)).put("box_coverage", passage.coverage);
    return fields.take();
}

std::unique_ptr<Passage> passage_of(const Memory& note, const BootId& boot, Instant now) {
    if (!note.key.starts_with(passage_prefix)) {
        return nullptr;
    }
    const auto id = PassageId::parse(std::string_view{note.key}.substr(passage_prefix.size()));
    if (!id) {
        return nullptr;
    }
    const auto& body = note.body;
    auto passage = std::make_unique<Passage>(*id, word_at(body, "origin", Origin::restart),
                                             word_at(body, "by", Role::arrival_loop), now);
    // Older notes say only when it was detected.
    recall_times(body, boot, passage->times);
    passage->rank = number_at(body, body.find("rank") == nullptr ? "detected_ns" : "rank");
    passage->place.arm_seen = text_at(body, "arm_seen") == "yes";
    passage->place.exit_seen = text_at(body, "exit_seen") == "yes";
    if (const auto* sequence = body.find("verdict_sequence")) {
        passage->verdict_sequence = *sequence;
    }
    if (const auto outcome = enum_from<VerdictOutcome>(text_at(body, "verdict"))) {
        passage->verdict.emplace();
        passage->verdict->outcome = *outcome;
        passage->verdict->movement = word_at(body, "movement", Movement::unknown);
        const auto zone = body.find("zone") == nullptr ? "unknown" : text_at(body, "zone");
        passage->verdict->zone = zone == "none" ? std::nullopt : std::optional{zone};
        passage->verdict_told = true;
    }
    // An occupancy that was open then was not seen to end; what comes now is another's.
    passage->radiation.own = word_at(body, "radiation", RadiationState::not_monitored);
    passage->radiation.told = is_alarm(passage->radiation.own) ? passage->radiation.own : passage->radiation.told;
    passage->radiation.seen = true;
    passage->permission_id = text_at(body, "permission_id");
    if (const auto* permission = body.find("permission")) {
        passage->permission_basis = *permission;
    }
    passage->vehicles = number_at(body, "vehicles");
    passage->waited = std::chrono::milliseconds{number_at(body, "waited_ms")};
    passage->coverage = list_at(body, "box_coverage");
    recall_evidence(body, *passage);
    recall_identity(body, *passage);
    recall_places(body, *passage);
    passage->blind = true;
    return passage;
}

Value command_note(EventToken commanded, const Value& passage) {
    Fields fields{2};
    fields.put("sequence", commanded).put("passage", passage);
    return fields.take();
}

Value latch_note(RadiationLevel level, bool unowned) {
    Fields fields{2};
    fields.put("level", text_of(level)).put("unowned", yes_no(unowned));
    return fields.take();
}

std::optional<NotedLatch> latch_of(const Memory& note) {
    if (note.key != radiation_key) {
        return std::nullopt;
    }
    return NotedLatch{word_at(note.body, "level", RadiationLevel::high), text_at(note.body, "unowned") == "yes"};
}

bool is_command(const Memory& note) {
    return note.key.starts_with(command_prefix);
}

}  // namespace portcullis::lane
