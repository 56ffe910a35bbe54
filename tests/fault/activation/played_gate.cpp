#include "tests/fault/activation/played_gate.hpp"

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/ruleset.hpp"
#include "gate/delivery.hpp"
#include "gate/trust_floors.hpp"
#include "tests/support/one_rule_ruleset.hpp"

namespace portcullis::fault {
namespace {

using portcullis::testing::sealed;

constexpr auto activated = "document.activated";
constexpr auto judged = "verdict.issued";

IdSource ids() {
    return [next = std::uint8_t{0}]() mutable {
        std::array<std::uint8_t, 16> bytes{};
        bytes[15] = ++next;
        return bytes;
    };
}

PassageId passage_id(std::uint8_t number) {
    return PassageId{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number}};
}

std::string ruleset_text(std::int64_t version, const std::optional<WallTime>& effective) {
    Predicate predicate;
    predicate.kind = PredicateKind::gate;
    predicate.texts = {"g07"};
    auto document = portcullis::testing::one_rule_ruleset(version, "Holds everything at this gate", predicate);
    document.ruleset.effective = effective;
    return sealed("ruleset", codec::write_ruleset(document), {"rita", "ralf"});
}

/// Two words: what happened to whom.
std::pair<std::int64_t, std::int64_t> numbers_in(const std::string& published) {
    std::istringstream words{published};
    std::pair<std::int64_t, std::int64_t> numbers{0, 0};
    words >> numbers.first >> numbers.second;
    return numbers;
}

}  // namespace

PlayedGate::PlayedGate(const std::filesystem::path& state, Activation activation)
    : state_(state), activation_(activation) {
    auto opened = store::Journal::open({state, {}, {}}, ids());
    if (!opened) {
        throw std::runtime_error{opened.error().message};
    }
    journal_ = std::move(opened).value();
    last_ = journal_->last().sequence;
    const auto& start = journal_->start();
    trust_ =
        std::make_shared<const gate::TrustState>(gate::TrustState::Audience{"xmht", "g07"},
                                                 gate::load_floors(state, start.trust_floors).floors, start.documents);
    std::optional<Value> note;
    for (const auto& row : start.notes) {
        if (row.key == gate::RulesetDesk::note_key && row.body) {
            note = codec::parse_value(*row.body).value();
        }
    }
    gate::RulesetDesk::Ports ports;
    ports.submit = [this](gate::Submission submission) { submit(std::move(submission)); };
    ports.last_sequence = [this] { return last_; };
    ports.trust = [this]() -> const gate::TrustState& { return *trust_; };
    ports.first_acts = [] {};
    desk_ = std::make_unique<gate::RulesetDesk>(log_, std::move(ports), note);
    desk_->load(*journal_, nullptr);
}

void PlayedGate::begin() {
    if (trust_->root()) {
        return;
    }
    const auto begun = trust_->begin(portcullis::testing::sealed_root(portcullis::testing::a_root()), now().wall);
    if (!begun) {
        throw std::runtime_error{begun.error().detail};
    }
    gate::Submission submission;
    submission.documents.push_back(begun->taken.row);
    submission.trust_floors = gate::floors_text(begun->after->floors());
    submission.committed = [this, after = begun->after] { keep(after); };
    submit(std::move(submission));
}

void PlayedGate::take(std::int64_t version, std::optional<WallTime> effective) {
    const auto taker = desk_->taker();
    const std::map<DocumentKind, gate::KindReading> readings{
        {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
    auto judged_delivery = gate::judge_delivery(trust_, {ruleset_text(version, effective), "file", taker.kind},
                                                readings, now().wall, nullptr);
    if (judged_delivery.accepted.empty()) {
        throw std::runtime_error{judged_delivery.refused.front().detail};
    }
    gate::Submission submission;
    auto& [taken, enact] = judged_delivery.accepted.front();
    auto then = enact(std::move(taken), submission, now());
    submission.trust_floors = gate::floors_text(judged_delivery.after->floors());
    submission.committed = [this, then = std::move(then), after = judged_delivery.after] {
        keep(after);
        then();
    };
    submit(std::move(submission));
}

void PlayedGate::keep(std::shared_ptr<const gate::TrustState> after) {
    trust_ = std::move(after);
    if (const auto failed = gate::save_floors(state_, trust_->floors())) {
        throw std::runtime_error{failed->message};
    }
}

void PlayedGate::judge(std::uint8_t passage) {
    const auto version = desk_->rule(passage_id(passage), now()).ruleset->ruleset().version;
    gate::Submission submission;
    submission.events.push_back({judged, "lane/out-1", now(),
                                 Object{{"who", static_cast<std::int64_t>(passage)}, {"version", version}},
                                 std::nullopt});
    submit(std::move(submission));
}

void PlayedGate::tick(const std::vector<std::uint8_t>& open) {
    std::vector<PassageId> passages;
    for (const auto number : open) {
        passages.push_back(passage_id(number));
    }
    desk_->tick(now(), passages);
}

void PlayedGate::submit(gate::Submission submission) {
    last_ += static_cast<std::int64_t>(submission.events.size());
    if (activation_ == Activation::torn && !submission.documents.empty() && !submission.events.empty()) {
        gate::Submission first;
        first.documents = std::exchange(submission.documents, {});
        first.notes = std::exchange(submission.notes, {});
        write(std::move(first));
    }
    write(std::move(submission));
}

/// Events as two numbers: whom they are about, and the version of the ruleset.
void PlayedGate::write(gate::Submission submission) {
    store::JournalBatch batch;
    for (const auto& event : submission.events) {
        const auto* const who = event.data.find("who");
        const auto* const version = event.data.find("version");
        store::EventRow row;
        row.sequence = journal_->last().sequence + static_cast<std::int64_t>(batch.events.size()) + 1;
        row.type = event.type;
        row.subject = event.subject;
        row.time = event.at.wall;
        row.published = std::to_string(who == nullptr ? 0 : *who->get<std::int64_t>()) + " " +
                        std::to_string(version == nullptr ? 0 : *version->get<std::int64_t>());
        batch.events.push_back(std::move(row));
    }
    batch.documents = std::move(submission.documents);
    batch.trust_floors = submission.trust_floors;
    for (const auto& note : submission.notes) {
        batch.notes.push_back({LaneName{}, note.key, codec::canonical_text(*note.body).value()});
    }
    if (journal_->append(batch) != store::StoreOutcome::committed) {
        throw std::runtime_error{"the journal does not write: " + journal_->failure()};
    }
    if (submission.committed) {
        submission.committed();
    }
}

std::optional<std::string> PlayedGate::mixture() {
    constexpr std::size_t all = 100'000;
    const auto rows = journal_->read_from(1, all, all * 100);
    if (!rows) {
        return rows.error().message;
    }
    std::int64_t told = 0;
    std::set<std::int64_t> versions{0};
    std::map<std::int64_t, std::int64_t> judged_by;
    for (const auto& row : rows.value()) {
        const auto [who, version] = numbers_in(row.published);
        if (row.type == activated) {
            told = version;
            versions.insert(version);
        } else if (row.type == judged) {
            if (!versions.contains(version)) {
                return "a passage was judged by " + std::to_string(version) + ", which did not act yet";
            }
            if (judged_by.emplace(who, version).first->second != version) {
                return "passage " + std::to_string(who) + " was judged by two rulesets";
            }
        }
    }
    if (acting() != told) {
        return std::to_string(acting()) + " acts, and the journal says " + std::to_string(told);
    }
    const auto ruling = desk_->rule(passage_id(0xff), now());
    if (acting() != 0 && ruling.ruleset->ruleset().rules.at(0).id != "R" + std::to_string(acting())) {
        return "the rules are another ruleset's";
    }
    const auto floor = trust_->floors().taken.find({DocumentKind::ruleset, {}});
    const auto least = floor == trust_->floors().taken.end() ? 0 : floor->second.mark.version;
    if (least < acting()) {
        return std::to_string(acting()) + " acts, and the floor is " + std::to_string(least);
    }
    return std::nullopt;
}

}  // namespace portcullis::fault
