#include "gate/ruleset_desk.hpp"

#include <algorithm>
#include <utility>

#include "core/time_text.hpp"
#include "gate/ruleset_changes.hpp"
#include "supervision/staleness.hpp"

namespace portcullis::gate {
namespace {

const DocumentName ruleset_document{DocumentKind::ruleset, {}};

std::shared_ptr<const supervision::CompiledRuleset> compiled_in(const LoadedRulesetPtr& loaded) {
    return loaded ? std::shared_ptr<const supervision::CompiledRuleset>{loaded, &loaded->compiled} : nullptr;
}

Event accepted_event(const ShelvedRuleset& shelved, std::int64_t previous, WallTime effective, Now now) {
    List signers;
    for (const auto& signer : shelved.signers) {
        signers.emplace_back(signer);
    }
    return {"document.accepted", "gate", now,
            Object{{"kind", text_of(DocumentKind::ruleset)},
                   {"version", shelved.version},
                   {"previous", previous},
                   {"hash", hex_text(shelved.hash)},
                   {"signers", std::move(signers)},
                   {"effective_at", time_text(effective)}},
            std::nullopt};
}

Event activated_event(const ShelvedRuleset& shelved, std::int64_t previous, DocumentChanges changes, Now now) {
    TakenDocument taken;
    taken.name = ruleset_document;
    taken.head.version = shelved.version;
    taken.previous = previous;
    taken.payload_hash = shelved.hash;
    taken.signers = shelved.signers;
    return document_activated_event(taken, std::move(changes), now);
}

std::int64_t version_of(const std::optional<ShelvedRuleset>& shelved) {
    return shelved ? shelved->version : 0;
}

}  // namespace

RulesetStanding standing_of(const Ruleset& ruleset, const std::optional<WallTime>& confirmed, const TrustState& trust,
                            WallTime wall) {
    const auto time = trust.time(wall);
    const auto since = std::max(ruleset.issued, confirmed.value_or(ruleset.issued));
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(time - since).count();
    RulesetStanding standing{DocumentState::fresh, std::max<std::int64_t>(0, age)};
    if (ruleset.expires && *ruleset.expires <= time) {
        standing.state = DocumentState::expired;
    } else if (trust.timestamp() && !trust.timestamp_holds(wall)) {
        standing.state = DocumentState::ageing;  // nobody says any more that nothing newer is held back
    }
    standing.state =
        supervision::staler(standing.state, supervision::state_by_age(standing.age_s, ruleset.staleness.ruleset));
    return standing;
}

RulesetDesk::RulesetDesk(const runtime::Log& log, Ports ports, const std::optional<Value>& note)
    : log_(log),
      ports_(std::move(ports)),
      none_(std::make_shared<const supervision::CompiledRuleset>(supervision::policy_alone({}))) {
    if (!note) {
        return;
    }
    if (auto shelf = RulesetShelf::read(*note)) {
        shelf_ = std::move(*shelf);
    } else {
        log_.error("which rulesets are kept cannot be read: none acts until one comes again");
    }
}

void RulesetDesk::load(store::Journal& journal, store::Quarantine* quarantine) {
    cut_ = journal.cut().sequence;
    const auto lost = [this](const ShelvedRuleset& shelved, const std::string& why) -> LoadedRulesetPtr {
        log_.error("a ruleset does not act any more: it must come again", {{"version", shelved.version}, {"why", why}});
        return nullptr;
    };
    const auto read = [&](const std::optional<ShelvedRuleset>& shelved) -> LoadedRulesetPtr {
        if (!shelved) {
            return nullptr;
        }
        const auto row = journal.document({std::string{text_of(DocumentKind::ruleset)}, shelved->name});
        if (!row) {
            return lost(*shelved, row.error().message);
        }
        const auto loaded = read_back(row.value(), *shelved, ports_.trust().floors(), quarantine);
        return loaded ? loaded.value() : lost(*shelved, loaded.error().reason);
    };
    active_ = read(shelf_.active());
    waiting_ = read(shelf_.waiting());
    if (waiting_) {
        waiting_changes_ = changes_between(active_ ? &active_->ruleset() : nullptr, waiting_->ruleset());
    }
}

DocumentTaker RulesetDesk::taker() {
    DocumentTaker taker;
    taker.kind = DocumentKind::ruleset;
    taker.most_bytes = most_ruleset_envelope_bytes;
    taker.begin = [this] {
        const auto& floors = ports_.trust().floors();
        const auto floor = floors.taken.find(ruleset_document);
        const auto& newest = waiting_ ? waiting_ : active_;
        DocumentReading reading;
        reading.held.newest = newest && floor != floors.taken.end() && newest->hash == floor->second.mark.hash;
        if (const auto& active = shelf_.active(); active && !active_) {
            reading.held.lost = DocumentMark{active->version, active->hash};
        }
        reading.read = [this, before = active_](std::string_view payload) -> Result<ReadDocument, codec::Refusal> {
            auto document = codec::read_ruleset(payload);
            if (!document) {
                return Failure{document.error()};
            }
            const auto tried = std::make_shared<std::optional<TriedRuleset>>();
            ReadDocument read;
            read.head = head_of(document->ruleset);
            const auto held = std::make_shared<RulesetDocument>(std::move(document).value());
            read.trial = [held, before, tried]() -> std::optional<codec::Refusal> {
                auto result = try_ruleset(std::move(*held), before);
                if (!result) {
                    return result.error();
                }
                *tried = std::move(result).value();
                return std::nullopt;
            };
            read.enact = [this, tried](TakenDocument taken, Submission& submission, Now now) {
                return enact(std::move(tried->value()), std::move(taken), submission, now);
            };
            return read;
        };
        return reading;
    };
    return taker;
}

std::function<void()> RulesetDesk::enact(TriedRuleset tried, TakenDocument taken, Submission& submission, Now now) {
    ShelvedRuleset shelved;
    shelved.name = RulesetShelf::name_of(taken.head.version, taken.payload_hash);
    shelved.version = taken.head.version;
    shelved.hash = taken.payload_hash;
    shelved.bytes = static_cast<std::int64_t>(taken.row.envelope.size());
    shelved.signers = std::move(taken.signers);
    taken.row.name = shelved.name;
    submission.documents.push_back(std::move(taken.row));
    const auto& trust = ports_.trust();
    if (const auto& timestamp = trust.timestamp()) {
        const auto named = timestamp->newest.find(ruleset_document);
        if (named != timestamp->newest.end() && named->second.hash == shelved.hash) {
            shelved.confirmed = timestamp->head.issued;
        }
    }
    const auto ruleset =
        std::make_shared<const LoadedRuleset>(LoadedRuleset{shelved.name, shelved.hash, std::move(tried.compiled)});
    if (const auto& active = shelf_.active(); active && !active_ && active->name == shelved.name) {
        return act_again(ruleset, std::move(tried.changes), submission, now);
    }
    const auto& effective = ruleset->ruleset().effective;
    if (effective && trust.time(now.wall) < *effective) {
        return let_wait(ruleset, std::move(shelved), std::move(tried.changes), submission, now);
    }
    return activate(ruleset, std::move(shelved), std::move(tried.changes), submission, now);
}

std::function<void()> RulesetDesk::activate(const LoadedRulesetPtr& ruleset, ShelvedRuleset shelved,
                                            DocumentChanges changes, Submission& submission, Now now) {
    shelved.from = ports_.last_sequence() + static_cast<std::int64_t>(submission.events.size()) + 1;
    submission.events.push_back(activated_event(shelved, version_of(shelf_.active()), std::move(changes), now));
    change_shelf(submission, [&](RulesetShelf& shelf) { shelf.activate(std::move(shelved)); });
    return [this, ruleset] {
        if (shelf_.active() && shelf_.active()->name == ruleset->name) {  // its keys may have been replaced meanwhile
            waiting_.reset();
            acts(ruleset);
        }
    };
}

/// Its bytes were lost. It keeps its place on the shelf, and so does the one that waits.
std::function<void()> RulesetDesk::act_again(const LoadedRulesetPtr& ruleset, DocumentChanges changes,
                                             Submission& submission, Now now) {
    const auto& active = *shelf_.active();
    submission.events.push_back(activated_event(active, active.version, std::move(changes), now));
    return [this, ruleset] {
        if (shelf_.active() && shelf_.active()->name == ruleset->name) {
            acts(ruleset);
        }
    };
}

std::function<void()> RulesetDesk::let_wait(const LoadedRulesetPtr& ruleset, ShelvedRuleset shelved,
                                            DocumentChanges changes, Submission& submission, Now now) {
    submission.events.push_back(
        accepted_event(shelved, version_of(shelf_.active()), *ruleset->ruleset().effective, now));
    change_shelf(submission, [&](RulesetShelf& shelf) { shelf.wait(std::move(shelved)); });
    return [this, ruleset, changes = std::move(changes)] {
        if (!shelf_.waiting() || shelf_.waiting()->name != ruleset->name) {
            return;
        }
        waiting_ = ruleset;
        waiting_changes_ = changes;
        log_.notice("a ruleset waits for its time",
                    {{"version", ruleset->ruleset().version}, {"effective", time_text(*ruleset->ruleset().effective)}});
    };
}

void RulesetDesk::acts(LoadedRulesetPtr ruleset) {
    const bool first = !active_;
    active_ = std::move(ruleset);
    log_.notice("a ruleset acts",
                {{"version", active_->ruleset().version}, {"rules", active_->ruleset().rules.size()}});
    if (first) {
        ports_.first_acts();
    }
}

void RulesetDesk::tick(Now now, const std::vector<PassageId>& open) {
    switch_when_due(now);
    let_go(open);
    watch_state(now);
}

/// The shelf has it in its place as soon as that is submitted, so that it is told once.
void RulesetDesk::switch_when_due(Now now) {
    if (!waiting_ || !shelf_.waiting() || shelf_.waiting()->name != waiting_->name ||
        ports_.trust().time(now.wall) < *waiting_->ruleset().effective) {
        return;
    }
    Submission submission;
    submission.urgent = true;
    submission.committed = activate(waiting_, *shelf_.waiting(), std::move(waiting_changes_), submission, now);
    ports_.submit(std::move(submission));
}

/// What no open passage was judged by is not needed for one any more; what no event refers to is forgotten.
void RulesetDesk::let_go(const std::vector<PassageId>& open) {
    std::erase_if(judged_by_,
                  [&](const auto& one) { return std::find(open.begin(), open.end(), one.first) == open.end(); });
    save_shelf([this](RulesetShelf& shelf) {
        for (const auto& old : shelf_.old()) {
            const bool used = std::any_of(judged_by_.begin(), judged_by_.end(),
                                          [&](const auto& one) { return one.second->name == old.name; });
            if (!used && old.name != (active_ ? active_->name : "")) {
                shelf.finish(old.name, ports_.last_sequence());
            }
        }
        shelf.forget(cut_);
    });
}

void RulesetDesk::follow(const TrustState& trust) {
    const auto floor = trust.floors().taken.find(ruleset_document);
    const bool taken = floor != trust.floors().taken.end() && floor->second.mark.version > 0;
    if (!taken && shelf_.active()) {
        log_.error(
            "the keys of rulesets were replaced: the ruleset must be signed anew, and until then nothing is "
            "released",
            {{"version", shelf_.active()->version}});
    }
    save_shelf([&](RulesetShelf& shelf) {
        if (!taken) {
            shelf.set_aside();
        } else if (const auto& timestamp = trust.timestamp()) {
            const auto named = timestamp->newest.find(ruleset_document);
            if (named != timestamp->newest.end()) {
                shelf.confirm(RulesetShelf::name_of(named->second.version, named->second.hash), timestamp->head.issued);
            }
        }
    });
    if (!taken) {
        active_.reset();
        waiting_.reset();
        judged_by_.clear();
    }
}

void RulesetDesk::journal_cut(std::int64_t through) {
    cut_ = std::max(cut_, through);
}

Ruling RulesetDesk::rule(const PassageId& passage, Now now) {
    const auto known = judged_by_.find(passage);
    const auto ruleset = known != judged_by_.end() ? known->second : active_;
    if (!ruleset) {
        return {none_, compiled_in(waiting_), DocumentState::unknown, 0};
    }
    judged_by_.emplace(passage, ruleset);
    const auto [state, age_s] = standing(*ruleset, now.wall);
    return {compiled_in(ruleset), compiled_in(waiting_), state, age_s};
}

const Ruleset& RulesetDesk::acting() const {
    return active_ ? active_->ruleset() : none_->ruleset();
}

RulesetStanding RulesetDesk::standing(const LoadedRuleset& ruleset, WallTime wall) const {
    std::optional<WallTime> confirmed;
    const auto look = [&](const ShelvedRuleset& shelved) {
        if (shelved.name == ruleset.name) {
            confirmed = shelved.confirmed;
        }
    };
    std::for_each(shelf_.old().begin(), shelf_.old().end(), look);
    if (shelf_.active()) {
        look(*shelf_.active());
    }
    return standing_of(ruleset.ruleset(), confirmed, ports_.trust(), wall);
}

std::pair<DocumentState, Value> RulesetDesk::acting_standing(WallTime wall) const {
    if (!active_) {
        return {DocumentState::unknown, Value{"unknown"}};
    }
    const auto [state, age_s] = standing(*active_, wall);
    return {state, Value{age_s}};
}

void RulesetDesk::watch_state(Now now) {
    const auto [standing, age] = acting_standing(now.wall);
    const std::string state{active_ ? text_of(standing) : "missing"};
    if (told_state_ == state) {
        return;
    }
    told_state_ = state;
    const auto& expires = acting().expires;
    Submission submission;
    submission.events.push_back({"document.state", "gate", now,
                                 Object{{"kind", text_of(DocumentKind::ruleset)},
                                        {"state", state},
                                        {"age_s", age},
                                        {"expires", expires ? time_text(*expires) : "none"}},
                                 std::nullopt});
    ports_.submit(std::move(submission));
}

void RulesetDesk::change_shelf(Submission& submission, const std::function<void(RulesetShelf&)>& change) {
    const auto before = shelf_.names();
    change(shelf_);
    shelf_.forget(cut_);
    const auto needed = shelf_.names();
    for (const auto& name : before) {
        if (!needed.contains(name)) {
            submission.documents.push_back({std::string{text_of(DocumentKind::ruleset)}, name, 0, {}, {}});
        }
    }
    submission.notes.push_back({std::string{note_key}, shelf_.note()});
}

void RulesetDesk::save_shelf(const std::function<void(RulesetShelf&)>& change) {
    auto after = shelf_;
    change(after);
    if (after == shelf_) {
        return;
    }
    Submission submission;
    change_shelf(submission, [&](RulesetShelf& shelf) { shelf = std::move(after); });
    ports_.submit(std::move(submission));
}

Object RulesetDesk::view(Now now) const {
    const auto [state, age] = acting_standing(now.wall);
    const auto& expires = acting().expires;
    return {{"ruleset_version", version()},
            {"ruleset_state", text_of(state)},
            {"ruleset_age_s", age},
            {"ruleset_expires", expires ? time_text(*expires) : "none"},
            {"ruleset_waiting", waiting_ ? waiting_->ruleset().version : 0},
            {"ruleset_effective", waiting_ ? time_text(*waiting_->ruleset().effective) : "none"}};
}

}  // namespace portcullis::gate
