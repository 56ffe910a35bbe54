// The two events that tell most: who it was, and what was decided about it.
#include <algorithm>
#include <array>
#include <map>
#include <set>
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

/// Of all places at this control point, other passages' and this one's.
std::string_view usage_of(const FoundOrder& found) {
    if (found.order.targeting() != nullptr) {
        return "none";  // is not used up
    }
    int taken = 0;
    bool may_come_back = false;
    for (const auto& place : found.usage) {
        taken += place.state != UsageState::free ? 1 : 0;
        may_come_back = may_come_back || place.state == UsageState::reserved;
    }
    if (taken < found.order.uses) {
        return text_of(UsageState::free);
    }
    return text_of(may_come_back ? UsageState::reserved : UsageState::used);
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

/// Whether what a reason states holds: a truth value, where other fields answer yes or no (events.md).
std::string_view truth_of(Tristate result) {
    switch (result) {
        case Tristate::yes:
            return "true";
        case Tristate::no:
            return "false";
        case Tristate::unknown:
            return "unknown";
    }
    return "unknown";
}

List reasons_of(const Verdict& verdict) {
    List reasons;
    for (const auto& reason : verdict.reasons) {
        Fields fields{6};
        fields.put("code", text_of(reason.code)).put("kind", text_of(reason.kind));
        fields.put("authority", reason.authority ? Value{reason.authority->text()} : Value{"none"});
        fields.put("id", reason.id ? Value{*reason.id} : Value{"none"});
        fields.put("result", truth_of(reason.result)).put("outcome", text_of(reason.outcome));
        reasons.emplace_back(fields.take());
    }
    return reasons;
}

/// The mass that release orders declare for the identified boxes: each declaration once, whoever quotes it. Unknown
/// when one of them does not say it, or when they weigh different things.
class DeclaredMass {
public:
    void add(const ReleaseOrder& release) {
        const auto declarations = release.declarations.value_or(std::vector<std::string>{});
        auto& kilograms = by_declaration_[declarations.empty() ? std::vector{release.container->text()} : declarations];
        if (!kilograms && release.gross_kg) {
            kilograms = release.gross_kg;
            bases_.insert(release.mass_basis ? text_of(*release.mass_basis) : "unknown");
        }
    }

    void put(Fields& fields) const {
        std::int64_t sum = 0;
        bool known = !by_declaration_.empty() && bases_.size() == 1;
        for (const auto& [declaration, kilograms] : by_declaration_) {
            sum += kilograms.value_or(0);
            known = known && kilograms;
        }
        fields.put("declared_kg", known ? Value{sum} : Value{"unknown"});
        fields.put("mass_basis", bases_.size() == 1 ? *bases_.begin() : "unknown");
    }

private:
    std::map<std::vector<std::string>, std::optional<std::int64_t>> by_declaration_;
    std::set<std::string_view> bases_;
};

bool names_a_box(const ReleaseOrder& release, const Passage& passage) {
    const auto boxes = passage.boxes();
    return release.container && std::find(boxes.begin(), boxes.end(), *release.container) != boxes.end();
}

/// The strictest of all boxes, in the order of `force`; nothing without boxes.
template <class Word, std::size_t size>
std::optional<Word> strictest(const Verdict& verdict, const std::array<Word, size>& force, Word BoxVerdict::*member) {
    for (const auto word : force) {
        for (const auto& box : verdict.boxes) {
            if (box.container && box.*member == word) {
                return word;
            }
        }
    }
    return {};
}

/// What was measured and drawn, of the vehicle as a whole.
void put_measures(Fields& fields, const Verdict& verdict) {
    static constexpr std::array seals{SealState::differs, SealState::tampered, SealState::open,
                                      SealState::absent,  SealState::unknown,  SealState::intact};
    static constexpr std::array draws{SamplingOutcome::central_drawn, SamplingOutcome::gate_drawn,
                                      SamplingOutcome::unknown,       SamplingOutcome::satisfied,
                                      SamplingOutcome::gate_not,      SamplingOutcome::central_not,
                                      SamplingOutcome::not_eligible};
    const auto seal = strictest(verdict, seals, &BoxVerdict::seal);
    const auto draw = strictest(verdict, draws, &BoxVerdict::sampling);
    const auto& delta = verdict.weight_delta_kg;
    fields.put("weight_delta_kg", delta ? Value{*delta} : Value{"unknown"});
    fields.put("seal_state", text_of(seal.value_or(SealState::unknown)));
    fields.put("radiation_state", text_of(verdict.radiation));
    fields.put("sampling", text_of(draw.value_or(SamplingOutcome::unknown)));
}

/// A ruleset of thousands that have run out says so once in a while, not with every vehicle.
constexpr std::size_t most_notes = 100;

List notes_of(const Verdict& verdict) {
    List notes;
    for (const auto& note : verdict.notes) {
        if (notes.size() == most_notes) {
            break;
        }
        Fields fields{2};
        fields.put("rule", note.rule).put("why", text_of(note.why));
        notes.emplace_back(fields.take());
    }
    return notes;
}

/// The class that counted, where the ruleset found one; else as declared.
void put_class(Fields& fields, const Verdict& verdict, std::optional<std::string> declared) {
    Value since{"unknown"};
    for (const auto& box : verdict.boxes) {
        if (box.enterprise_class) {
            declared = box.enterprise_class;
            since = box.class_since ? Value{time_text(*box.class_since)} : Value{"unknown"};
            break;
        }
    }
    fields.put("class", declared.value_or("unknown")).put("class_since", std::move(since));
}

/// What the release orders declare; where one says something that another said, the first.
void put_declared(Fields& fields, const Passage& passage) {
    std::optional<std::string> enterprise;
    std::optional<std::string> enterprise_class;
    std::vector<std::string> declarations;
    DeclaredMass mass;
    for (const auto& found : passage.verdict->orders) {
        const auto* release = found.order.release();
        if (release == nullptr || found.order.revoked) {
            continue;
        }
        enterprise = enterprise ? enterprise : release->enterprise;
        enterprise_class = enterprise_class ? enterprise_class : release->enterprise_class;
        for (const auto& declaration : release->declarations.value_or(std::vector<std::string>{})) {
            if (std::find(declarations.begin(), declarations.end(), declaration) == declarations.end()) {
                declarations.push_back(declaration);
            }
        }
        if (names_a_box(*release, passage)) {
            mass.add(*release);
        }
    }
    fields.put("enterprise", enterprise.value_or("unknown"));
    put_class(fields, *passage.verdict, enterprise_class);
    fields.put("declarations", List(declarations.begin(), declarations.end()));
    mass.put(fields);
}

/// What the next ruleset would change is looked for here, passage by passage.
void put_shadow(Fields& fields, const std::optional<ShadowVerdict>& shadow) {
    fields.put("shadow_outcome", shadow ? text_of(shadow->outcome) : "none");
    if (!shadow) {
        return;
    }
    List reasons;
    for (const auto reason : shadow->reasons) {
        reasons.emplace_back(text_of(reason));
    }
    fields.put("shadow_version", shadow->ruleset_version).put("shadow_reasons", std::move(reasons));
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
    const auto& detected = passage.times.detected.at();
    Fields fields{14};
    fields.put("containers", std::move(containers));
    fields.put("boxes", passage.load.boxes ? Value{*passage.load.boxes} : Value{"unknown"});
    fields.put("tractor", plate_or_unknown(identity.tractor)).put("trailer", plate_or_unknown(identity.trailer));
    fields.put("other_plates", std::move(others)).put("tags", texts_of_kind(passage, ReadingKind::tag));
    fields.put("documents", texts_of_kind(passage, ReadingKind::document));
    fields.put("disagreements", disagreements(identity))
        .put("window_ms", detected ? Value{whole_ms(now_.instant - *detected)} : Value{"unknown"});
    fields.put("invalid_containers", std::move(invalid));
    if (!passage.claims.empty()) {
        List portals;
        for (const auto& [portal, claim] : passage.claims) {
            portals.emplace_back(Object{{"portal", portal.text()},
                                        {"transit", claim.transit ? claim.transit->text() : "none"},
                                        {"claim", text_of(claim.by)}});
        }
        fields.put("portals", std::move(portals));
    }
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
    Fields fields{41};
    put_basis(fields, verdict);
    fields.put("outcome", text_of(verdict.outcome)).put("route", text_of(route));
    fields.put("zone", verdict.zone ? Value{*verdict.zone} : Value{"none"}).put("method", std::move(methods));
    fields.put("movement", text_of(verdict.movement)).put("containers", container_numbers(passage));
    put_declared(fields, passage);
    fields.put("load", text_of(passage.load.load)).put("plate_on_order", text_of(verdict.plate_on_order));
    put_measures(fields, verdict);
    fields.put("consents", std::move(consents));
    fields.put("orders", orders_seen(verdict)).put("conditions", std::move(conditions));
    fields.put("reasons", reasons_of(verdict)).put("missing", std::move(missing));
    put_shadow(fields, verdict.shadow);
    fields.put("evaluation_us", static_cast<std::int64_t>(verdict.evaluation.count()));
    fields.put("notes", notes_of(verdict)).put("plates", plate_list(passage));
    if (!verdict.facts.empty()) {
        fields.put("facts", verdict.facts);
    }
    auto event = on_lane("verdict.issued", &passage, fields.take());
    event.token = token;
    return event;
}

}  // namespace portcullis::lane
