#include "gate/pass_desk.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/time_text.hpp"
#include "gate/document_gate.hpp"
#include "gate/guarded_reading.hpp"
#include "gate/trust_desk.hpp"
#include "supervision/passes.hpp"

namespace portcullis::gate {
namespace {

const DocumentName pass_list_document{DocumentKind::passes, {}};

std::string pass_list_kind() {
    return std::string{text_of(DocumentKind::passes)};
}

DocumentHead head_of(const PassList& list) {
    return {list.terminal, list.gates, list.version, list.issued, list.expires};
}

/// How many there are, and nobody's plate.
DocumentChanges counted(const PassList& list) {
    const auto visitors = std::count_if(list.passes.begin(), list.passes.end(),
                                        [](const Pass& pass) { return pass.kind == PassKind::visitor; });
    const auto standing = static_cast<std::ptrdiff_t>(list.passes.size()) - visitors;
    return DocumentChanges{
        .list = {"standing passes " + std::to_string(standing), "visitors " + std::to_string(visitors)}};
}

std::int64_t seconds_since(WallTime then, WallTime now) {
    return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - then).count());
}

bool any_taken(const trust::Floors& floors) {
    const auto floor = floors.taken.find(pass_list_document);
    return floor != floors.taken.end() && floor->second.mark.version > 0;
}

/// What the floors have against a list that was taken earlier, or nothing.
std::optional<std::string> floor_refusal_of(const trust::Floors& floors, const Hash256& hash, const PassList& list) {
    if (!any_taken(floors)) {
        return "no pass list was taken by the keys that count now";
    }
    const auto& mark = floors.taken.at(pass_list_document).mark;
    if (list.version != mark.version || hash != mark.hash) {
        return "it is not the one that was taken";
    }
    return std::nullopt;
}

}  // namespace

PassDesk::PassDesk(const runtime::Log& log, const lane::UsageLedger& ledger, Ports ports)
    : log_(log), ledger_(ledger), ports_(std::move(ports)) {}

void PassDesk::load(store::Journal& journal, store::Quarantine* quarantine) {
    const auto lost = [this](const std::string& why) {
        log_.error("the pass list does not count any more: it must come again", {{"why", why}});
    };
    const auto row = journal.document({pass_list_kind(), {}});
    if (!row) {
        return lost(row.error().message);
    }
    if (!row.value()) {
        return is_lost() ? lost("it is gone") : void();
    }
    auto read = read_back(*row.value(), quarantine);
    if (!read) {
        return lost(read.error().reason);
    }
    passes_ = std::move(read).value();
}

Result<PassDesk::LoadedPtr, codec::Refusal> PassDesk::read_back(const store::DocumentRow& row,
                                                                store::Quarantine* quarantine) const {
    auto read = read_guarded(
        quarantine, row.envelope, text_of(DocumentKind::passes), [&]() -> Result<LoadedPtr, DocumentRefused> {
            const auto refuse = [&](const codec::Refusal& refusal) {
                return Failure{refused_document(row.envelope, text_of(DocumentKind::passes), refusal)};
            };
            const auto sealed = read_sealed(row.envelope, text_of(DocumentKind::passes), most_bytes);
            if (!sealed) {
                return Failure{sealed.error()};
            }
            if (sealed->payload_hash != row.hash) {
                return refuse({codec::RefusalCause::chain, "", "its bytes are not those that were taken"});
            }
            auto list = codec::read_passes(sealed->payload);
            if (!list) {
                return refuse(list.error());
            }
            if (auto wrong = floor_refusal_of(ports_.trust().floors(), sealed->payload_hash, *list)) {
                return refuse({codec::RefusalCause::version, "", std::move(*wrong)});
            }
            return loaded(std::move(list).value(), sealed->payload_hash);
        });
    if (!read) {
        return Failure{codec::Refusal{read.error().cause, "", read.error().detail}};
    }
    return std::move(read).value();
}

PassDesk::LoadedPtr PassDesk::loaded(PassList list, const Hash256& hash) {
    Loaded loaded{std::move(list), hash, {}, {}};
    for (std::size_t i = 0; i < loaded.list.passes.size(); ++i) {
        loaded.by_plate.emplace(loaded.list.passes[i].plate.text(), i);
        if (loaded.list.passes[i].count) {
            loaded.counted.insert(loaded.list.passes[i].id);
        }
    }
    return std::make_shared<const Loaded>(std::move(loaded));
}

DocumentTaker PassDesk::taker() {
    return {DocumentKind::passes, most_bytes, true, [this] {
                const auto& floors = ports_.trust().floors();
                const auto floor = floors.taken.find(pass_list_document);
                DocumentReading reading;
                reading.held.newest =
                    passes_ && floor != floors.taken.end() && passes_->hash == floor->second.mark.hash;
                reading.read = [this](std::string_view payload) -> Result<ReadDocument, codec::Refusal> {
                    auto list = codec::read_passes(payload);
                    if (!list) {
                        return Failure{list.error()};
                    }
                    ReadDocument read;
                    read.head = head_of(*list);
                    const auto held = std::make_shared<PassList>(std::move(list).value());
                    read.enact = [this, held](TakenDocument taken, Submission& submission, Now now) {
                        auto passes = loaded(std::move(*held), taken.payload_hash);
                        return enact(std::move(passes), std::move(taken), submission, now);
                    };
                    return read;
                };
                return reading;
            }};
}

std::function<void()> PassDesk::enact(LoadedPtr passes, TakenDocument taken, Submission& submission, Now now) {
    submission.events.push_back(document_activated_event(taken, counted(passes->list), now));
    submission.documents.push_back(std::move(taken.row));
    return [this, passes = std::move(passes)] {
        passes_ = passes;
        log_.notice("a pass list counts",
                    {{"version", passes_->list.version}, {"passes", passes_->list.passes.size()}});
        ports_.changed();
    };
}

void PassDesk::follow(const TrustState& trust) {
    if (!passes_ || any_taken(trust.floors())) {
        return;
    }
    log_.error("the keys of pass lists were replaced: the list must be signed anew, and until then nobody has a pass",
               {{"version", passes_->list.version}});
    passes_.reset();
    Submission submission;
    submission.documents.push_back({pass_list_kind(), {}, 0, {}, {}});
    ports_.submit(std::move(submission));
    ports_.changed();
}

bool PassDesk::is_lost() const {
    return !passes_ && any_taken(ports_.trust().floors());
}

bool PassDesk::superseded() const {
    const auto& named = ports_.trust().floors().named;
    const auto newest = named.find(pass_list_document);
    return passes_ && newest != named.end() && newest->second.version > passes_->list.version;
}

std::string PassDesk::state(WallTime wall) const {
    if (!passes_) {
        return "missing";
    }
    if (passes_->list.expires <= ports_.trust().time(wall)) {
        return "expired";
    }
    return superseded() ? "stale" : "fresh";
}

void PassDesk::tick(Now now) {
    const auto state = this->state(now.wall);
    if (told_state_ == state) {
        return;
    }
    const bool first = !told_state_;
    told_state_ = state;
    Submission submission;
    submission.events.push_back(
        {"document.state", "gate", now,
         Object{{"kind", text_of(DocumentKind::passes)},
                {"state", state},
                {"age_s", passes_ ? Value{seconds_since(passes_->list.issued, now.wall)} : Value{"unknown"}},
                {"expires", passes_ ? time_text(passes_->list.expires) : "none"}},
         std::nullopt});
    ports_.submit(std::move(submission));
    if (!first && state != "fresh") {
        ports_.changed();
    }
}

/// Those of the plates that are its own, while the list counts and the time floor has not passed them.
std::vector<const Pass*> PassDesk::passes_of(const PassageFacts& facts, WallTime now) const {
    std::vector<const Pass*> passes;
    const auto& identity = facts.identity;
    const auto time = ports_.trust().time(now);
    if (!passes_ || !identity.tractor || superseded() || passes_->list.expires <= time) {
        return passes;
    }
    std::set<std::string> plates{identity.tractor->text()};
    if (identity.home_plate) {
        plates.insert(identity.home_plate->text());
    }
    for (const auto& plate : plates) {
        const auto [first, last] = passes_->by_plate.equal_range(plate);
        for (auto one = first; one != last; ++one) {
            const auto& pass = passes_->list.passes[one->second];
            if (pass.valid_to > time) {
                passes.push_back(&pass);
            }
        }
    }
    return passes;
}

std::vector<UsageKey> PassDesk::places(const PassageFacts& facts) const {
    std::vector<UsageKey> places;
    // The time floor alone may leave one out: who is asked for a place too many is asked for nothing.
    for (const auto* pass : passes_of(facts, {})) {
        if (pass->count) {
            places.push_back(supervision::pass_place(*pass, facts.control_point));
        }
    }
    return places;
}

bool PassDesk::may_count(std::string_view pass) const {
    return passes_ == nullptr || passes_->counted.contains(pass);
}

void PassDesk::measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const {
    const auto passes = passes_of(facts, now);
    if (passes.empty()) {
        return;
    }
    KnownPasses known{passes_->list.version, passes_->list.expires, {}};
    for (const auto* pass : passes) {
        KnownPass one{*pass};
        one.pass.holder.clear();  // nothing is decided by it
        if (pass->count) {
            one.places = ledger_.taken(supervision::pass_place(*pass, facts.control_point), taken);
            one.taken = static_cast<int>(std::count_if(one.places.begin(), one.places.end(), [&](const Usage& place) {
                return place.passage != facts.passage;
            }));
        }
        known.passes.push_back(std::move(one));
    }
    facts.measures.passes = std::move(known);
}

Object PassDesk::view(Now now) const {
    return {{"passes_version", passes_ ? passes_->list.version : 0},
            {"passes_state", state(now.wall)},
            {"passes_age_s", passes_ ? Value{seconds_since(passes_->list.issued, now.wall)} : Value{"unknown"}},
            {"passes_expires", passes_ ? time_text(passes_->list.expires) : "none"},
            {"passes_count", passes_ ? static_cast<std::int64_t>(passes_->list.passes.size()) : 0}};
}

}  // namespace portcullis::gate
