#include "gate/trust_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/time_text.hpp"
#include "gate/trust_floors.hpp"

namespace portcullis::gate {
namespace {

constexpr std::size_t most_changes = 100;

std::string role_text(const RootRole& role, const RootDocument& root) {
    std::string names;
    for (const auto& key : root.keys) {
        if (std::find(role.keyids.begin(), role.keyids.end(), key.keyid) != role.keyids.end()) {
            names += (names.empty() ? "" : ", ") + key.name;
        }
    }
    return std::to_string(role.threshold) + " of " + names;
}

std::map<std::string, std::string> roles_in_words(const RootDocument& root) {
    std::map<std::string, std::string> words;
    for (const auto& [kind, role] : root.roles) {
        words.emplace(text_of(kind), role_text(role, root));
    }
    for (const auto& [authority, role] : root.orders) {
        words.emplace("orders of " + authority.text(), role_text(role, root));
    }
    return words;
}

/// Which roles changed, in words.
List changes_between(const std::optional<RootDocument>& before, const std::optional<RootDocument>& after) {
    List changes;
    const auto old_words = before ? roles_in_words(*before) : std::map<std::string, std::string>{};
    const auto new_words = after ? roles_in_words(*after) : std::map<std::string, std::string>{};
    for (const auto& [role, words] : new_words) {
        const auto old = old_words.find(role);
        if ((old == old_words.end() || old->second != words) && changes.size() < most_changes) {
            changes.emplace_back(role + ": " + words);
        }
    }
    for (const auto& [role, words] : old_words) {
        if (!new_words.contains(role) && changes.size() < most_changes) {
            changes.emplace_back(role + ": nobody");
        }
    }
    return changes;
}

Result<std::string, std::string> text_of_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty()) {
        return Failure{file.string() + ": cannot be read; `trust.root` of the settings names it"};
    }
    return text.str();
}

Value or_unknown(const std::optional<std::int64_t>& number) {
    return number ? Value{*number} : Value{"unknown"};
}

}  // namespace

TrustDesk::TrustDesk(Surroundings surroundings, Places places, TrustState::Audience audience,
                     const store::JournalStart& start, Ports ports)
    : surroundings_(surroundings), places_(std::move(places)), ports_(std::move(ports)) {
    auto kept = load_floors(places_.state, start.trust_floors);
    floors_defect_ = std::move(kept.defect);
    if (surroundings_.quarantine != nullptr) {
        held_back_ = surroundings_.quarantine->held();  // now: later it belongs to the worker
    }
    state_ = std::make_shared<TrustState>(std::move(audience), std::move(kept.floors), start.documents);
}

void TrustDesk::start() {
    if (floors_defect_) {
        surroundings_.log.error("one copy of the trust floors is of no use; the other one counts",
                                {{"why", *floors_defect_}});
        if (state_->floors().serial > 0) {
            Submission submission;
            submission.trust_floors = floors_text(state_->floors());
            ports_.submit(std::move(submission));
            keep_floors();
        }
    }
    if (state_->provision() == Provision::root_missing) {
        if (auto text = text_of_file(places_.root_file)) {
            take({std::move(text).value(), "file"});
        }
    }
    watch_state(surroundings_.clock.now());
}

void TrustDesk::tick(Now now, std::set<DocumentKind> missing) {
    for (auto& event : refused_documents_.due(now)) {
        record(std::move(event));
    }
    watch_state(now);
    missing.merge(missing_by(*state_));
    missing.insert(left_out_.begin(), left_out_.end());
    for (const auto kind : missing_.due(now.instant, missing)) {
        left_out_.erase(kind);
        if (ports_.request) {
            ports_.request(kind);
        }
    }
}

void TrustDesk::add(DocumentTaker taker) {
    const auto kind = taker.kind;
    takers_.insert_or_assign(kind, std::move(taker));
}

bool TrustDesk::takes(DocumentKind kind) const {
    return kind == DocumentKind::root || kind == DocumentKind::timestamp || takers_.contains(kind);
}

/// The one that waits alone is taken whatever its size, which its way in has bounded.
void TrustDesk::take(Delivery delivery, Done done) {
    const bool fits = inbound_.empty() || inbound_bytes_ + delivery.text.size() <= most_inbound_bytes;
    if (inbound_.size() >= most_inbound || !fits) {
        surroundings_.log.warning("too many documents at once; the newest is left out",
                                  {{"channel", delivery.channel}});
        if (delivery.kind && !done) {
            left_out_.insert(*delivery.kind);  // from central, which has it still
        }
        if (done) {
            done("too many documents wait already");
        }
        return;
    }
    inbound_bytes_ += delivery.text.size();
    inbound_.push_back({std::move(delivery), std::move(done)});
    open_next();
}

void TrustDesk::begin(Done done) {
    auto text = text_of_file(places_.root_file);
    if (!text) {
        return done(text.error());
    }
    if (state_->provision() != Provision::unprovisioned) {
        return done("this gate has a root already: " + std::string{text_of(state_->provision())} +
                    "; import the roots that follow it with portcullis trust import");
    }
    take({std::move(text).value(), "file", std::nullopt, true}, std::move(done));
}

void TrustDesk::open_next() {
    if (busy_ || inbound_.empty()) {
        return;
    }
    busy_ = true;
    auto inbound = std::move(inbound_.front());
    inbound_.pop_front();
    inbound_bytes_ -= inbound.delivery.text.size();
    const bool posted = surroundings_.worker.post([this, inbound = std::move(inbound), state = state_,
                                                   readings = readings(), wall = surroundings_.clock.now().wall] {
        auto result = judge_delivery(state, inbound.delivery, readings, wall, surroundings_.quarantine);
        boost::asio::post(surroundings_.context, [this, inbound, result = std::move(result)]() mutable {
            judged(inbound, std::move(result));
        });
    });
    if (!posted) {
        ports_.fatal("documents cannot be read any more: their worker does not answer");
    }
}

std::map<DocumentKind, KindReading> TrustDesk::readings() const {
    std::map<DocumentKind, KindReading> readings;
    for (const auto& [kind, taker] : takers_) {
        readings.emplace(kind, KindReading{taker.most_bytes, taker.numbered, taker.begin()});
    }
    return readings;
}

void TrustDesk::judged(const Inbound& inbound, JudgedDelivery judged) {
    std::optional<std::string> problem;
    for (const auto& refused : judged.refused) {
        auto why = refuse(inbound.delivery.channel, refused);
        problem = problem ? std::move(problem) : std::move(why);
    }
    if (judged.accepted.empty()) {
        return finished(inbound, problem);
    }
    put_in_force(inbound, std::move(judged), std::move(problem));
}

/// In words, unless there is nothing to say: brokers deliver retained documents at each connection.
std::optional<std::string> TrustDesk::refuse(const std::string& channel, const DocumentRefused& refused) {
    if (refused.place == codec::BatchPlace::repeated) {
        return std::nullopt;
    }
    if (auto event = refused_documents_.add(refused, channel, surroundings_.clock.now())) {
        surroundings_.log.warning("document refused",
                                  {{"kind", refused.kind}, {"cause", refused.cause}, {"detail", refused.detail}});
        record(std::move(*event));
    }
    return refused.kind + " refused (" + std::string{text_of(refused.cause)} + "): " + refused.detail;
}

void TrustDesk::put_in_force(const Inbound& inbound, JudgedDelivery judged, std::optional<std::string> problem) {
    Submission submission;
    const auto now = surroundings_.clock.now();
    auto before = state_->root();
    std::vector<std::function<void()>> then;
    for (auto& accepted : judged.accepted) {
        auto& taken = accepted.taken;
        if (accepted.enact) {
            then.push_back(accepted.enact(std::move(taken), submission, now));
            continue;
        }
        List changes;
        if (taken.name.kind == DocumentKind::root) {
            const bool newest = taken.head.version == judged.after->root()->head.version;
            changes = changes_between(before, newest ? judged.after->root() : before);
        }
        submission.events.push_back(document_activated_event(taken, DocumentChanges{.list = std::move(changes)}, now));
        submission.documents.push_back(std::move(taken.row));
    }
    submission.trust_floors = floors_text(judged.after->floors());
    submission.urgent = true;
    submission.committed = [this, done = inbound.done, after = judged.after, then = std::move(then),
                            problem = std::move(problem)] {
        state_ = after;
        keep_floors();
        watch_state(surroundings_.clock.now());
        for (const auto& next : then) {
            if (next) {
                next();
            }
        }
        ports_.changed(*state_);
        finished({{}, done}, problem);
    };
    ports_.submit(std::move(submission));
}

void TrustDesk::finished(const Inbound& inbound, const std::optional<std::string>& problem) {
    if (inbound.done) {
        inbound.done(problem);
    }
    busy_ = false;
    open_next();
}

/// The second copy, behind the first: a crash in between leaves this one the older, which the next start sees.
void TrustDesk::keep_floors() {
    const bool posted = surroundings_.worker.post([this, floors = state_->floors()] {
        if (const auto failed = save_floors(places_.state, floors)) {
            boost::asio::post(surroundings_.context, [this, why = failed->message] {
                surroundings_.log.error("the second copy of the trust floors cannot be written", {{"why", why}});
            });
        }
    });
    if (!posted) {
        ports_.fatal("the trust floors cannot be written: their worker does not answer");
    }
}

void TrustDesk::watch_state(Now now) {
    const auto tell = [&](std::optional<std::string>& before, DocumentKind kind, const std::string& state,
                          const DocumentHead* head) {
        if (before == state) {
            return;
        }
        before = state;
        std::optional<std::int64_t> age;
        if (head != nullptr) {
            age = std::max<std::int64_t>(
                0, std::chrono::duration_cast<std::chrono::seconds>(now.wall - head->issued).count());
        }
        record({"document.state", "gate", now,
                Object{{"kind", text_of(kind)},
                       {"state", state},
                       {"age_s", or_unknown(age)},
                       {"expires", head == nullptr ? "none" : time_text(head->expires)}},
                std::nullopt});
    };
    const auto& root = state_->root();
    const auto& timestamp = state_->timestamp();
    const auto time = state_->time(now.wall);
    const auto life = [&](const DocumentHead& head) { return head.expires <= time ? "expired" : "fresh"; };
    tell(root_state_, DocumentKind::root, root ? life(root->head) : std::string{text_of(state_->provision())},
         root ? &root->head : nullptr);
    tell(timestamp_state_, DocumentKind::timestamp, timestamp ? life(timestamp->head) : "missing",
         timestamp ? &timestamp->head : nullptr);
}

void TrustDesk::record(Event event) {
    Submission submission;
    submission.events.push_back(std::move(event));
    ports_.submit(std::move(submission));
}

Object TrustDesk::view(Now now) const {
    const auto& root = state_->root();
    const auto& timestamp = state_->timestamp();
    const auto time = state_->time(now.wall);
    const auto& floors = state_->floors();
    List held;
    for (const auto& hash : held_back_) {
        held.emplace_back(hex_text(hash));
    }
    return {{"state", text_of(state_->provision())},
            {"root_version", root ? root->head.version : 0},
            {"root_state", root ? (root->head.expires <= time ? "expired" : "fresh") : "missing"},
            {"root_expires", root ? time_text(root->head.expires) : "none"},
            {"timestamp_version", timestamp ? timestamp->head.version : 0},
            {"timestamp_state", timestamp ? (timestamp->head.expires <= time ? "expired" : "fresh") : "missing"},
            {"timestamp_expires", timestamp ? time_text(timestamp->head.expires) : "none"},
            {"time_floor", floors.time ? time_text(*floors.time) : "none"},
            {"quarantined", std::move(held)}};
}

Object TrustDesk::root_view() const {
    List keys;
    List roles;
    if (const auto& root = state_->root()) {
        for (const auto& key : root->keys) {
            keys.emplace_back(Object{{"keyid", key.keyid}, {"name", key.name}});
        }
        for (const auto& [role, words] : roles_in_words(*root)) {
            roles.emplace_back(Object{{"role", role}, {"signed_by", words}});
        }
    }
    return {{"keys", std::move(keys)}, {"roles", std::move(roles)}};
}

Event document_activated_event(const TakenDocument& taken, DocumentChanges changes, Now now) {
    List signers;
    for (const auto& signer : taken.signers) {
        signers.emplace_back(signer);
    }
    return {"document.activated", "gate", now,
            Object{{"kind", text_of(taken.name.kind)},
                   {"version", taken.head.version},
                   {"previous", taken.previous},
                   {"hash", hex_text(taken.payload_hash)},
                   {"signers", std::move(signers)},
                   {"effective_at", time_text(now.wall)},
                   {"changes", Object{{"classes", changes.classes},
                                      {"rates", changes.rates},
                                      {"rules", changes.rules},
                                      {"list", std::move(changes.list)}}}},
            std::nullopt};
}

}  // namespace portcullis::gate
