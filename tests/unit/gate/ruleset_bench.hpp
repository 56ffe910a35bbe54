#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/canonical.hpp"
#include "codec/ruleset.hpp"
#include "gate/delivery.hpp"
#include "gate/ruleset_desk.hpp"
#include "gate/trust_floors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/trust_documents.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::gate::testing {

/// Lets released import boxes out, and nothing else; signed on the day of the manual clock.
inline RulesetDocument a_ruleset(std::int64_t version) {
    RulesetDocument document;
    auto& ruleset = document.ruleset;
    ruleset.version = version;
    ruleset.terminal = "xmht";
    ruleset.gates = {"*"};
    ruleset.issued = portcullis::testing::at("2026-11-23T12:00:00.000Z");
    ruleset.expires = portcullis::testing::at("2026-12-23T12:00:00.000Z");
    ruleset.policy = supervision::testing::default_policy();
    return document;
}

/// The same from a moment on.
inline RulesetDocument a_ruleset_from(std::int64_t version, std::string_view effective) {
    auto document = a_ruleset(version);
    document.ruleset.effective = portcullis::testing::at(effective);
    return document;
}

inline std::string sealed_ruleset(const RulesetDocument& document,
                                  const portcullis::testing::Names& names = {"rita", "ralf"}) {
    return portcullis::testing::sealed("ruleset", codec::write_ruleset(document), names);
}

/// A ruleset desk behind the checks of trust, over a real journal; deliveries are read at once.
class RulesetBench {
public:
    RulesetBench() {
        const auto root = TrustState{{"xmht", "g07"}, {}, {}}.begin(
            portcullis::testing::sealed_root(portcullis::testing::a_root()), clock.now().wall);
        REQUIRE(root.ok());
        trust_ = root->after;
        Submission first;
        first.documents.push_back(root->taken.row);
        first.trust_floors = floors_text(trust_->floors());
        open();
        submit(std::move(first));
        restart();
    }

    /// The process ends and begins anew: what the journal has is there.
    void restart() {
        desk_.reset();
        journal_.reset();
        open();
    }

    [[nodiscard]] RulesetDesk& desk() { return *desk_; }
    [[nodiscard]] store::Journal& journal() { return *journal_; }
    [[nodiscard]] const TrustState& trust() const { return *trust_; }

    /// Whether it was taken. `refusal` says why not.
    bool deliver(const std::string& envelope, std::optional<DocumentKind> kind = DocumentKind::ruleset) {
        const auto taker = desk_->taker();
        const std::map<DocumentKind, KindReading> readings{
            {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
        auto judged = judge_delivery(trust_, {envelope, "supervision", kind}, readings, clock.now().wall, nullptr);
        refusal = judged.refused.empty() ? DocumentRefused{} : judged.refused.front();
        if (judged.accepted.empty()) {
            return false;
        }
        Submission submission;
        std::vector<std::function<void()>> then;
        for (auto& [taken, enact] : judged.accepted) {
            if (enact) {
                then.push_back(enact(std::move(taken), submission, clock.now()));
            } else {
                submission.documents.push_back(taken.row);
            }
        }
        submission.trust_floors = floors_text(judged.after->floors());
        submission.committed = [this, then, after = judged.after] {
            trust_ = after;
            for (const auto& next : then) {
                if (next) {
                    next();
                }
            }
            if (follows) {
                desk_->follow(*trust_);
            }
        };
        submit(std::move(submission));
        return true;
    }
    bool deliver(const RulesetDocument& document, const portcullis::testing::Names& names = {"rita", "ralf"}) {
        return deliver(sealed_ruleset(document, names));
    }

    void tick(const std::vector<PassageId>& open = {}) { desk_->tick(clock.now(), open); }
    /// The version that judges this passage.
    std::int64_t judges(std::uint8_t passage) {
        return desk_->rule(supervision::testing::passage_id(passage), clock.now()).ruleset->ruleset().version;
    }
    /// The journal keeps what it was given until this is called.
    void hold_commits() { holding_ = true; }
    void commit() {
        holding_ = false;
        for (auto& submission : std::exchange(held_, {})) {
            write(std::move(submission));
        }
    }
    [[nodiscard]] std::vector<Event> events(const std::string& type) const {
        std::vector<Event> found;
        for (const auto& event : told_) {
            if (event.type == type) {
                found.push_back(event);
            }
        }
        return found;
    }
    /// The stored bytes of this version become others.
    void spoil(std::int64_t version) {
        const auto rows = journal_->documents("ruleset");
        REQUIRE(rows.ok());
        store::JournalBatch batch;
        for (auto row : rows.value()) {
            if (row.version == version) {
                row.envelope = sealed_ruleset(a_ruleset(version + 6));
                batch.documents.push_back(std::move(row));
            }
        }
        REQUIRE(batch.documents.size() == 1);
        REQUIRE(journal_->append(batch) == store::StoreOutcome::committed);
    }
    [[nodiscard]] std::size_t rows() {
        const auto rows = journal_->documents("ruleset");
        REQUIRE(rows.ok());
        return rows->size();
    }

    portcullis::testing::ManualClock clock;
    DocumentRefused refusal;
    int first_acts = 0;
    bool follows = true;  ///< false: the process ends before it hears of a change of trust

private:
    void open() {
        journal_ = store::testing::open_journal(directory_.path());
        last_ = journal_->last().sequence;
        const auto& start = journal_->start();
        if (start.trust_floors) {
            trust_ = std::make_shared<TrustState>(TrustState::Audience{"xmht", "g07"},
                                                  read_floors(*start.trust_floors).value(), start.documents);
        }
        std::optional<Value> note;
        for (const auto& row : start.notes) {
            if (row.key == RulesetDesk::note_key && row.body) {
                note = codec::parse_value(*row.body).value();
            }
        }
        RulesetDesk::Ports ports;
        ports.submit = [this](Submission submission) { submit(std::move(submission)); };
        ports.last_sequence = [this] { return last_; };
        ports.trust = [this]() -> const TrustState& { return *trust_; };
        ports.first_acts = [this] { ++first_acts; };
        desk_ = std::make_unique<RulesetDesk>(log_, std::move(ports), note);
        desk_->load(*journal_, nullptr);
    }
    /// Events are numbered when they are submitted.
    void submit(Submission submission) {
        last_ += static_cast<std::int64_t>(submission.events.size());
        told_.insert(told_.end(), submission.events.begin(), submission.events.end());
        if (holding_) {
            held_.push_back(std::move(submission));
        } else {
            write(std::move(submission));
        }
    }
    void write(Submission submission) {
        auto batch = store::testing::events_after(*journal_, static_cast<int>(submission.events.size()));
        batch.documents = std::move(submission.documents);
        batch.trust_floors = submission.trust_floors;
        for (const auto& note : submission.notes) {
            batch.notes.push_back({LaneName{}, note.key, codec::canonical_text(*note.body).value()});
        }
        REQUIRE(journal_->append(batch) == store::StoreOutcome::committed);
        if (submission.committed) {
            submission.committed();
        }
    }

    store::testing::TemporaryDirectory directory_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    std::unique_ptr<store::Journal> journal_;
    std::shared_ptr<const TrustState> trust_;
    std::unique_ptr<RulesetDesk> desk_;
    std::int64_t last_ = 0;
    std::vector<Event> told_;
    std::vector<Submission> held_;
    bool holding_ = false;
};

}  // namespace portcullis::gate::testing
