// Of the gate: whom it believes, and the documents that say so.
#include <algorithm>
#include <iterator>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/order_snapshot.hpp"
#include "gate/gate.hpp"
#include "gate/sampling_documents.hpp"
#include "gate/zone_documents.hpp"

namespace portcullis::gate {

namespace {

std::string answer_text(const Value& answer) {
    const auto text = codec::canonical_text(answer);
    return text ? *text : error_answer(text.error().message());
}

TrustDesk::Done reply_when_done(const ControlDesk::Reply& reply) {
    return [reply](const std::optional<std::string>& problem) {
        reply(problem ? error_answer(*problem) : answer_text(Value{Object{{"done", "yes"}}}));
    };
}

}  // namespace

void Gate::make_trust() {
    if (plan_.root_file.empty()) {
        return;
    }
    TrustDesk::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.changed = [this](const TrustState& trust) {
        follow_trust(surroundings_.clock.now());
        ruleset_desk_->follow(trust);
        pass_desk_->follow(trust);
        vehicle_desk_->follow(trust);
    };
    ports.fatal = [this](const std::string& why) { fatal(why); };
    ports.request = [this](DocumentKind kind) {
        for (auto& destination : destinations_) {
            destination.uplink->request_document(text_of(kind));
        }
    };
    trust_desk_ =
        std::make_unique<TrustDesk>(TrustDesk::Surroundings{surroundings_.context, surroundings_.clock,
                                                            surroundings_.log, documents_worker_, &quarantine_},
                                    TrustDesk::Places{plan_.state, plan_.root_file},
                                    TrustState::Audience{plan_.terminal, plan_.name}, start_, std::move(ports));
    make_rulesets();
    make_passes();
    make_vehicles();
    trust_desk_->add(zone_result_taker(zone_desk_));
    trust_desk_->add(sampling_key_taker(sampling_keys_));
    recall_sampling_keys(*stores_.journal, sampling_keys_, surroundings_.log);
    follow_trust(surroundings_.clock.now());
}

void Gate::make_passes() {
    PassDesk::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.trust = [this]() -> const TrustState& { return trust_desk_->state(); };
    ports.changed = [this] { ask_lanes_again(); };
    pass_desk_ = std::make_unique<PassDesk>(surroundings_.log, ledger_, std::move(ports));
    pass_desk_->load(*stores_.journal, &quarantine_);
    trust_desk_->add(pass_desk_->taker());
}

void Gate::make_vehicles() {
    VehicleDesk::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.trust = [this]() -> const TrustState& { return trust_desk_->state(); };
    ports.changed = [this] { ask_lanes_again(); };
    vehicle_desk_ = std::make_unique<VehicleDesk>(surroundings_.log, std::move(ports));
    vehicle_desk_->load(*stores_.journal, &quarantine_);
    trust_desk_->add(vehicle_desk_->taker());
}

/// Also without a new document: a root expires.
void Gate::follow_trust(Now now) {
    order_desk_.set_trust(trust_desk_->state().orders(now.wall));
}

void Gate::take_document(uplink::InboundDocument document, const std::string& channel) {
    if (document.kind == codec::snapshot_kind) {
        return order_desk_.take_snapshot(std::move(document), channel);
    }
    const auto kind = enum_from<DocumentKind>(document.kind);
    if (kind == DocumentKind::orders) {
        return order_desk_.take({std::move(document.bytes), channel});
    }
    if (kind && trust_desk_ && trust_desk_->takes(*kind)) {
        return trust_desk_->take({std::move(document.bytes), channel, kind});
    }
    const auto why =
        trust_desk_ ? "this version takes no such document" : "this gate has one key for orders, and no root";
    const auto refused =
        refused_document(document.bytes, kind ? text_of(*kind) : "unknown", {codec::RefusalCause::signature, "", why});
    if (auto event = refused_documents_.add(refused, channel, surroundings_.clock.now())) {
        record(std::move(*event));
    }
}

std::set<DocumentKind> Gate::missing_documents() const {
    std::set<DocumentKind> missing;
    if (trust_desk_->state().provision() != Provision::unprovisioned && ruleset_desk_->version() == 0) {
        missing.insert(DocumentKind::ruleset);
    }
    if (pass_desk_->is_lost()) {
        missing.insert(DocumentKind::passes);
    }
    if (vehicle_desk_->is_lost()) {
        missing.insert(DocumentKind::vehicles);
    }
    return missing;
}

void Gate::tick_trust(Now now) {
    for (auto& event : refused_documents_.due(now)) {
        record(std::move(event));
    }
    if (trust_desk_) {
        trust_desk_->tick(now, missing_documents());
        ruleset_desk_->tick(now, open_passages());
        pass_desk_->tick(now);
        vehicle_desk_->tick(now);
        if (ticks_ % 240 == 0) {  // once a minute
            follow_trust(now);
        }
    }
}

Object Gate::trust_object(Now now) const {
    if (!trust_desk_) {
        return {{"state", "orders_key"}};
    }
    auto trust = trust_desk_->view(now);
    for (auto members : {ruleset_desk_->view(now), pass_desk_->view(now), vehicle_desk_->view(now)}) {
        std::move(members.begin(), members.end(), std::back_inserter(trust));
    }
    return trust;
}

void Gate::answer_trust_questions() {
    control_desk_.add("trust", [this](const Value&, const ControlDesk::Reply& reply) {
        auto answer = trust_object(surroundings_.clock.now());
        if (trust_desk_) {
            for (auto& member : trust_desk_->root_view()) {
                answer.push_back(std::move(member));
            }
        }
        reply(answer_text(Value{std::move(answer)}));
    });
    control_desk_.add("trust_init", [this](const Value&, const ControlDesk::Reply& reply) {
        if (!trust_desk_) {
            return reply(error_answer("the settings name no root: write trust: { root: FILE } instead of orders_key"));
        }
        trust_desk_->begin(reply_when_done(reply));
    });
    control_desk_.add("trust_import", [this](const Value& question, const ControlDesk::Reply& reply) {
        const auto* const member = question.find("documents");
        const auto* const lines = member == nullptr ? nullptr : member->get<std::string>();
        if (!trust_desk_ || lines == nullptr) {
            return reply(error_answer("there is nothing to import, or the settings name no root"));
        }
        const auto* const word = question.find("kind");
        const auto* const kind = word == nullptr ? nullptr : word->get<std::string>();
        trust_desk_->take({*lines, "file", kind == nullptr ? std::nullopt : enum_from<DocumentKind>(*kind)},
                          reply_when_done(reply));
    });
}

}  // namespace portcullis::gate
