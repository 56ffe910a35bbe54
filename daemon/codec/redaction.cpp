#include "codec/redaction.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "supervision/targeting.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits event_limits{std::size_t{1024} * 1024, 32};
constexpr const char* redacted = "redacted";

bool holds(const std::vector<Redaction>& what, Redaction one) {
    return std::find(what.begin(), what.end(), one) != what.end();
}

void remove_member(Value& from, std::string_view name) {
    if (auto* object = from.get<Object>()) {
        std::erase_if(*object, [name](const Member& member) { return member.name == name; });
    }
}

void replace(Value& in, std::string_view name, Value value) {
    if (auto* member = in.find(name)) {
        *member = std::move(value);
    }
}

/// Takes the entries out of a list that a targeting order, a draw or what answers them has made.
void remove_targeting(Value& from, std::string_view name) {
    auto* member = from.find(name);
    auto* list = member == nullptr ? nullptr : member->get<List>();
    if (list == nullptr) {
        return;
    }
    std::erase_if(*list, [](const Value& entry) {
        const auto* kind = entry.find("kind");
        const auto* word = kind == nullptr ? nullptr : kind->get<std::string>();
        return word != nullptr && (*word == "targeting" || *word == "sampling" || *word == "zone");
    });
}

bool is_inner_authority(const Value& place) {
    const auto* authority = place.find("authority");
    const auto* word = authority == nullptr ? nullptr : authority->get<std::string>();
    return word != nullptr && (*word == supervision::targeting_authority || *word == supervision::result_authority);
}

/// Places that no order of an authority gives: they tell what stood in a vehicle's way.
void hide_inner_place(Value& data) {
    if (is_inner_authority(data)) {
        for (const auto* member : {"authority", "order_id", "container"}) {
            replace(data, member, member == std::string_view{"container"} ? "none" : redacted);
        }
    }
}

void remove_inner_places(Value& from) {
    auto* member = from.find("orders_used");
    if (auto* list = member == nullptr ? nullptr : member->get<List>()) {
        std::erase_if(*list, is_inner_authority);
    }
}

/// That some order changed stays, and the batch that changed it.
void hide_changed_targeting(Value& data) {
    const auto* kind = data.find("kind");
    const auto* word = kind == nullptr ? nullptr : kind->get<std::string>();
    if (word == nullptr || *word != "targeting") {
        return;
    }
    for (const auto member : {"authority", "order_id", "key", "officer", "old_status", "new_status"}) {
        replace(data, member, redacted);
    }
    for (const auto member : {"kind", "key_kind", "issued_at"}) {
        replace(data, member, "unknown");
    }
}

/// Outcome, route and zone stay: the vehicle must be led there. Everything that differs between a vehicle that was
/// picked and one that was not, and is not needed for that, is the same for all of them.
void hide_targeting(Value& event) {
    const auto* type = event.find("type");
    const auto* name = type == nullptr ? nullptr : type->get<std::string>();
    auto* data = event.find("data");
    if (name == nullptr || data == nullptr) {
        return;
    }
    if (*name == "portcullis.verdict.issued.v1") {
        remove_targeting(*data, "orders");
        remove_targeting(*data, "reasons");
        remove_member(*data, "facts");
        replace(*data, "method", List{redacted});
        replace(*data, "sampling", "unknown");
        replace(*data, "shadow_outcome", "unknown");
        remove_member(*data, "shadow_reasons");
        replace(*data, "evaluation_us", "unknown");
    } else if (*name == "portcullis.sampling.judged.v1") {
        // Comes for every box: that it is there says nothing.
        for (const auto member : {"eligible", "why", "draw", "rate_ppm", "class", "goods_group", "boxes_ppm"}) {
            replace(*data, member, "unknown");
        }
        for (const auto member : {"key_id", "result_id"}) {
            replace(*data, member, "none");
        }
    } else if (*name == "portcullis.zone.directed.v1") {
        replace(*data, "methods", List{redacted});
    } else if (*name == "portcullis.zone.result.v1") {
        for (const auto* member : {"methods", "answers"}) {
            replace(*data, member, List{redacted});
        }
        replace(*data, "measurements", List{});
    } else if (*name == "portcullis.passage.ended.v1") {
        remove_inner_places(*data);
    } else if (*name == "portcullis.order.changed.v1") {
        hide_changed_targeting(*data);
    } else if (name->starts_with("portcullis.order.")) {
        hide_inner_place(*data);
    } else if (*name == "portcullis.verdict.superseded.v1") {
        replace(*data, "cause", redacted);
    } else if (*name == "portcullis.document.refused.v1") {
        replace(*data, "detail", redacted);  // may quote the order that was refused
    }
}

}  // namespace

Result<std::string, Refusal> redact(std::string_view published, const EventWriter& writer,
                                    const std::vector<Redaction>& what) {
    auto stored = writer.read(published);
    if (!stored) {
        return Failure{stored.error()};
    }
    if (holds(what, Redaction::personal) && !holds(what, Redaction::targeting)) {
        return std::move(stored->record);  // is just that
    }
    auto event =
        parse_value(holds(what, Redaction::personal) ? std::string_view{stored->record} : published, event_limits);
    if (!event) {
        return Failure{event.error()};
    }
    remove_member(*event, "salt");
    remove_member(*event, "previoushash");
    if (holds(what, Redaction::targeting)) {
        hide_targeting(*event);
    }
    return canonical_text(*event);
}

Object redact_state(Object state, const std::vector<Redaction>& what) {
    Value whole{std::move(state)};
    if (holds(what, Redaction::targeting)) {
        replace(whole, "why", redacted);
    }
    if (auto* passages = whole.find("passages"); passages != nullptr && holds(what, Redaction::personal)) {
        if (auto* list = passages->get<List>()) {
            for (auto& passage : *list) {
                replace(passage, "identity", redacted);
            }
        }
    }
    return std::move(*whole.get<Object>());
}

}  // namespace portcullis::codec
