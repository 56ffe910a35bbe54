// The two events that tell most: who it was, and what was decided about it.
#include <utility>

#include "core/time_text.hpp"
#include "lane/fields.hpp"
#include "lane/lane_events.hpp"

namespace portcullis::lane {

namespace {

Value text_or(const std::string& text, std::string_view otherwise) {
    return text.empty() ? Value{otherwise} : Value{text};
}

Value plate_or_unknown(const std::optional<PlateNumber>& plate) {
    return plate ? Value{plate->text()} : Value{"unknown"};
}

Object container_seen(const IdentifiedContainer& box) {
    List readers;
    for (const auto& reader : box.readers) {
        readers.emplace_back(reader.text());
    }
    Fields fields{5};
    fields.put("number", box.number.text()).put("position", text_of(box.position));
    fields.put("size_type", text_or(box.size_type, "unknown")).put("votes", box.votes);
    fields.put("readers", std::move(readers));
    return fields.take();
}

List disagreements(const PassageIdentity& identity) {
    List all;
    for (const auto& one : identity.disagreements) {
        List texts;
        for (const auto& text : one.texts) {
            texts.emplace_back(text);
        }
        Fields fields{2};
        fields.put("kind", text_of(one.kind)).put("texts", std::move(texts));
        all.emplace_back(fields.take());
    }
    return all;
}

List texts_of_kind(const Passage& passage, ReadingKind kind) {
    List texts;
    for (const auto& reading : passage.readings.readings()) {
        if (reading.kind == kind && reading.valid()) {
            texts.emplace_back(reading.normalised);
        }
    }
    return texts;
}

std::string_view status_of(const Order& order) {
    if (order.revoked) {
        return "revoked";
    }
    if (const auto* release = order.release()) {
        return text_of(release->status);
    }
    if (const auto* targeting = order.targeting()) {
        return text_of(targeting->action);
    }
    return "active";
}

std::string_view kind_of_order(const Order& order) {
    if (order.release() != nullptr) {
        return "release";
    }
    return order.targeting() != nullptr ? "targeting" : "movement";
}

std::string_view usage_of(const FoundOrder& found) {
    auto state = UsageState::free;
    for (const auto& place : found.usage) {
        state = std::max(state, place.state);
    }
    return text_of(state);
}

List orders_seen(const Verdict& verdict) {
    List orders;
    for (const auto& found : verdict.orders) {
        const auto& order = found.order;
        Fields fields{11};
        fields.put("authority", order.authority.text()).put("order_id", order.id.text());
        fields.put("kind", kind_of_order(order)).put("status", status_of(order));
        fields.put("officer", text_or(order.officer, "unknown"));
        const std::string_view no_end = order.targeting() != nullptr ? "none" : "unknown";
        fields.put("valid_to", order.valid_to ? Value{time_text(*order.valid_to)} : Value{no_end});
        fields.put("first_seen", time_text(found.first_seen)).put("changed_at", time_text(found.changed_at));
        fields.put("previous_status", text_or(found.previous_status, "none"));
        fields.put("changes_24h", found.changes_24h).put("usage", usage_of(found));
        orders.emplace_back(fields.take());
    }
    return orders;
}

List reasons_of(const Verdict& verdict) {
    List reasons;
    for (const auto& reason : verdict.reasons) {
        Fields fields{6};
        fields.put("code", text_of(reason.code)).put("kind", text_of(reason.kind));
        fields.put("authority", reason.authority ? Value{reason.authority->text()} : Value{"none"});
        fields.put("id", reason.id ? Value{*reason.id} : Value{"none"});
        fields.put("result", text_of(reason.result)).put("outcome", text_of(reason.outcome));
        reasons.emplace_back(fields.take());
    }
    return reasons;
}

/// What the release orders declare; the first that says something.
void put_declared(Fields& fields, const Verdict& verdict) {
    Value enterprise = "unknown";
    Value enterprise_class = "unknown";
    Value kilograms = "unknown";
    Value mass_basis = "unknown";
    List declarations;
    for (const auto& found : verdict.orders) {
        const auto* release = found.order.release();
        if (release == nullptr) {
            continue;
        }
        enterprise = release->enterprise ? Value{*release->enterprise} : enterprise;
        enterprise_class = release->enterprise_class ? Value{*release->enterprise_class} : enterprise_class;
        kilograms = release->gross_kg ? Value{*release->gross_kg} : kilograms;
        mass_basis = release->mass_basis ? Value{text_of(*release->mass_basis)} : mass_basis;
        for (const auto& declaration : release->declarations.value_or(std::vector<std::string>{})) {
            declarations.emplace_back(declaration);
        }
    }
    fields.put("enterprise", std::move(enterprise)).put("class", std::move(enterprise_class));
    fields.put("class_since", "unknown").put("declarations", std::move(declarations));
    fields.put("declared_kg", std::move(kilograms)).put("mass_basis", std::move(mass_basis));
}

}  // namespace

Event LaneEvents::identified(const Passage& passage) const {
    const auto& identity = *passage.identity;
    List containers;
    for (const auto& box : identity.containers) {
        containers.emplace_back(container_seen(box));
    }
    List others;
    for (const auto& plate : identity.other_plates) {
        others.emplace_back(plate.text());
    }
    List invalid;
    for (const auto& text : identity.invalid_containers) {
        invalid.emplace_back(text);
    }
    const auto since = passage.reading_since.value_or(passage.times.detected);
    Fields fields{14};
    fields.put("containers", std::move(containers));
    fields.put("boxes", passage.load.boxes ? Value{*passage.load.boxes} : Value{"unknown"});
    fields.put("tractor", plate_or_unknown(identity.tractor)).put("trailer", plate_or_unknown(identity.trailer));
    fields.put("other_plates", std::move(others)).put("tags", texts_of_kind(passage, ReadingKind::tag));
    fields.put("documents", texts_of_kind(passage, ReadingKind::document));
    fields.put("disagreements", disagreements(identity)).put("window_ms", whole_ms(now_.instant - since));
    fields.put("invalid_containers", std::move(invalid));
    return on_lane("passage.identified", &passage, fields.take());
}

Event LaneEvents::verdict_issued(const Passage& passage, Route route, EventToken token) const {
    const auto& verdict = *passage.verdict;
    List methods;
    for (const auto& method : verdict.methods) {
        methods.emplace_back(method);
    }
    List missing;
    for (const auto& fact : verdict.missing) {
        missing.emplace_back(fact);
    }
    List consents;
    for (const auto& consent : verdict.consents) {
        Fields one{2};
        one.put("authority", consent.authority.text()).put("state", text_of(consent.state));
        consents.emplace_back(one.take());
    }
    List conditions;
    for (const auto& condition : verdict.conditions) {
        Fields one{2};
        one.put("kind", condition.kind).put("state", text_of(condition.state));
        conditions.emplace_back(one.take());
    }
    Fields fields{40};
    put_basis(fields, verdict);
    fields.put("outcome", text_of(verdict.outcome)).put("route", text_of(route));
    fields.put("zone", verdict.zone ? Value{*verdict.zone} : Value{"none"}).put("method", std::move(methods));
    fields.put("movement", text_of(verdict.movement)).put("containers", container_numbers(passage));
    put_declared(fields, verdict);
    fields.put("weight_delta_kg", "unknown").put("load", text_of(passage.load.load));
    fields.put("plate_on_order", text_of(verdict.plate_on_order)).put("seal_state", "unknown");
    fields.put("radiation_state", "unknown").put("sampling", "unknown").put("consents", std::move(consents));
    fields.put("orders", orders_seen(verdict)).put("conditions", std::move(conditions));
    fields.put("reasons", reasons_of(verdict)).put("missing", std::move(missing)).put("shadow_outcome", "none");
    fields.put("evaluation_us", static_cast<std::int64_t>(verdict.evaluation.count()));
    fields.put("plates", plate_list(passage));
    auto event = on_lane("verdict.issued", &passage, fields.take());
    event.token = token;
    return event;
}

}  // namespace portcullis::lane
