// Of the gate: which supervision ruleset decides.
#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "core/value_members.hpp"
#include "gate/gate.hpp"

namespace portcullis::gate {

namespace {

/// The control socket lets answers of 2 MiB through.
constexpr std::size_t page_bytes = std::size_t{1} * 1024 * 1024;

std::string ruleset_page(const Result<std::optional<store::DocumentRow>, store::StoreFailure>& row, std::int64_t from) {
    if (!row || !row.value()) {
        return error_answer(row ? "the ruleset is not kept any more" : row.error().message);
    }
    const auto& [kind, name, version, hash, envelope] = *row.value();
    const auto begin = std::min(static_cast<std::size_t>(std::max<std::int64_t>(from, 0)), envelope.size());
    const auto text = codec::canonical_text(Value{Object{{"name", name},
                                                         {"version", version},
                                                         {"hash", hex_text(hash)},
                                                         {"bytes", static_cast<std::int64_t>(envelope.size())},
                                                         {"from", static_cast<std::int64_t>(begin)},
                                                         {"envelope", envelope.substr(begin, page_bytes)}}});
    return text ? *text : error_answer(text.error().message());
}

}  // namespace

void Gate::make_rulesets() {
    RulesetDesk::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.last_sequence = [this] { return journal_writer_.position().last; };
    ports.trust = [this]() -> const TrustState& { return trust_desk_->state(); };
    ports.first_acts = [this] { ask_lanes_again(); };
    ruleset_desk_ = std::make_unique<RulesetDesk>(surroundings_.log, std::move(ports), own_note(RulesetDesk::note_key));
    ruleset_desk_->load(*stores_.journal, &quarantine_);
    trust_desk_->add(ruleset_desk_->taker());
}

void Gate::ask_lanes_again() {
    for (auto& seat : lanes_) {
        seat.runner->give(lane::OrdersChanged{order_desk_.cursor()});
    }
}

/// With a root the policy without a ruleset is the empty one, by which nothing is released.
void Gate::keep_policy() {
    const auto note = own_note(PolicyShelf::note_key);
    auto shelf = note ? PolicyShelf::read(*note) : PolicyShelf{};
    if (!shelf) {
        surroundings_.log.error("which policies decided cannot be read: verdicts of theirs cannot be decided again");
        shelf.emplace();
    }
    policies_ = std::move(*shelf);
    if (!policies_.act(plan_.policy, journal_writer_.position().last)) {
        return;
    }
    policies_.forget(stores_.journal->cut().sequence);
    Submission submission;
    submission.notes.push_back({std::string{PolicyShelf::note_key}, policies_.note()});
    journal_desk_.submit(std::move(submission));
}

std::optional<std::chrono::seconds> Gate::ruled_arrival(std::string_view zone) const {
    if (ruleset_desk_) {
        for (const auto& known : ruleset_desk_->zones()) {
            if (known.id == zone) {
                return known.arrive_within;
            }
        }
    }
    return std::nullopt;
}

std::vector<PassageId> Gate::open_passages() const {
    std::vector<PassageId> open;
    for (const auto& seat : lanes_) {
        for (const auto& passage : seat.runner->view().passages) {
            open.push_back(passage.id);
        }
    }
    return open;
}

Object Gate::ruleset_members(Now now) const {
    if (!ruleset_desk_) {
        return {{"ruleset_version", 0}, {"ruleset_age_s", "unknown"}};
    }
    return ruleset_desk_->view(now);
}

void Gate::answer_ruleset_questions() {
    control_desk_.add("policies", [this](const Value&, const ControlDesk::Reply& reply) {
        const auto text = codec::canonical_text(policies_.note());
        reply(text ? *text : error_answer(text.error().message()));
    });
    control_desk_.add("ruleset_document", [this](const Value& question, const ControlDesk::Reply& reply) {
        const auto number = [&question](std::string_view name) { return number_member(question, name).value_or(0); };
        const auto* const shelved =
            ruleset_desk_ ? ruleset_desk_->shelf().of_verdict(number("version"), number("sequence")) : nullptr;
        if (shelved == nullptr) {
            return reply(error_answer("no ruleset " + std::to_string(number("version")) +
                                      " that decided there is kept: it was never here, or is not kept any more"));
        }
        journal_.on_journal([name = shelved->name, from = number("from"), reply](store::Journal& journal) {
            auto row = journal.document({std::string{text_of(DocumentKind::ruleset)}, name});
            return [row = std::move(row), from, reply] { reply(ruleset_page(row, from)); };
        });
    });
}

}  // namespace portcullis::gate
