#include "gate/journal_questions.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/value_members.hpp"
#include "gate/event_filter.hpp"
#include "gate/journal_page.hpp"

namespace portcullis::gate {
namespace {

/// Of one question to erase: more is for the next one, so that a client can show how far it is.
constexpr std::size_t most_erased = 200;
constexpr int most_pages = 8;
constexpr std::size_t rows_a_look = 200;
constexpr std::size_t bytes_a_look = std::size_t{256} * 1024;

std::optional<std::int64_t> number_in(const Value& question, std::string_view name) {
    const auto* value = question.find(name);
    const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
    return number == nullptr || *number < 0 ? std::nullopt : std::optional{*number};
}

std::string line_of(Object object) {
    const auto text = codec::canonical_text(Value{std::move(object)});
    return text ? *text : error_answer("the answer cannot be written");
}

}  // namespace

/// A question to erase under way.
struct JournalQuestions::Erasing {
    EventFilter filter;
    std::string reason;
    std::string actor;
    std::int64_t next = 1;
    std::int64_t through = 0;
    int pages = 0;
    std::vector<store::ErasedRow> rows;
    std::vector<std::string> pictures;  ///< that they bind: their files go too
    ControlDesk::Reply reply;

    [[nodiscard]] bool may_look() const { return next <= through && pages < most_pages && rows.size() < most_erased; }
    void answer() const {
        reply(line_of({{"erased", static_cast<std::int64_t>(rows.size())},
                       {"first", rows.empty() ? 0 : rows.front().sequence},
                       {"last", rows.empty() ? 0 : rows.back().sequence},
                       {"next", next},
                       {"through", through}}));
    }
    /// What of `row` is to be erased, if anything.
    void take(const codec::EventWriter& writer, const store::EventRow& row) {
        auto erased = writer.erase(row.published);
        if (!erased || *erased == row.published || !codec::holds_digest(*erased)) {
            return;  // damaged, which `journal verify` tells; erased before; or nobody is in it
        }
        const auto event = codec::parse_value(row.published, {std::size_t{1} * 1024 * 1024, 32});
        if (event && filter.takes(*event)) {
            rows.push_back({row.sequence, std::move(*erased)});
            const auto* data = row.type == "evidence.bound" ? event->find("data") : nullptr;
            if (data != nullptr) {
                pictures.push_back(text_member(*data, "sha256"));
            }
        }
    }
};

JournalQuestions::JournalQuestions(const codec::EventWriter& writer, std::string source, std::string head_key,
                                   Ports ports)
    : writer_(writer), source_(std::move(source)), head_key_(std::move(head_key)), ports_(std::move(ports)) {}

void JournalQuestions::add_to(ControlDesk& desk) {
    desk.add("journal", [this](const Value& question, const ControlDesk::Reply& reply) { page(question, reply); });
    desk.add("replay", [this](const Value& question, const ControlDesk::Reply& reply) { replay(question, reply); });
    desk.add("erase", [this](const Value& question, const ControlDesk::Reply& reply) { erase(question, reply); });
}

void JournalQuestions::page(const Value& question, const ControlDesk::Reply& reply) {
    const auto from = number_in(question, "from");
    const auto head_up_to = number_in(question, "head_up_to");
    if (from.has_value() == head_up_to.has_value()) {
        reply(error_answer("a question for the journal names \"from\" or \"head_up_to\""));
        return;
    }
    // The page is also written on the worker: half a mebibyte of it would keep lanes waiting here.
    ports_.on_journal([this, from, head_up_to, reply](store::Journal& journal) {
        auto read = from ? page_from(journal, *from) : page_of_head(journal, *head_up_to);
        std::string answer;
        if (read) {
            read->source = source_;
            read->head_key = head_key_;
            const auto line = write_page(*read);
            answer = line ? *line : error_answer(line.error());
        } else {
            answer = error_answer(read.error().message);
        }
        return [reply, answer = std::move(answer)] { reply(answer); };
    });
}

void JournalQuestions::replay(const Value& question, const ControlDesk::Reply& reply) {
    const auto from = number_in(question, "from");
    if (!from || *from < 1) {
        reply(error_answer("a replay names \"from\", a sequence"));
        return;
    }
    const auto wrong = ports_.replay(text_member(question, "destination"), *from);
    reply(wrong ? error_answer(*wrong) : line_of({{"replay", "asked"}, {"from", *from}}));
}

void JournalQuestions::erase(const Value& question, const ControlDesk::Reply& reply) {
    auto filter = filter_of(question);
    if (!filter) {
        reply(error_answer(filter.error()));
        return;
    }
    const auto erasing = std::make_shared<Erasing>();
    erasing->filter = std::move(filter).value();
    erasing->reason = text_member(question, "reason");
    erasing->actor = text_member(question, "actor");
    erasing->next = std::max<std::int64_t>(1, number_in(question, "from").value_or(1));
    erasing->reply = reply;
    const bool named = !erasing->reason.empty() && !erasing->actor.empty() && !erasing->filter.empty();
    if (!named || codec::looks_like_digest(erasing->reason) || codec::looks_like_digest(erasing->actor)) {
        reply(error_answer("an erasure names \"reason\", \"actor\" and what is to be erased"));
        return;
    }
    erasing->through = ports_.stored_by_all();
    if (const auto through = number_in(question, "through")) {
        erasing->through = std::min(erasing->through, *through);
    }
    look_for_more(erasing);
}

void JournalQuestions::look_for_more(const std::shared_ptr<Erasing>& erasing) {
    if (!erasing->may_look()) {
        record(erasing);
        return;
    }
    ports_.on_journal([this, erasing](store::Journal& journal) -> std::function<void()> {
        const auto rows = journal.read_from(erasing->next, rows_a_look, bytes_a_look);
        if (!rows) {
            return [erasing, why = rows.error().message] { erasing->reply(error_answer(why)); };
        }
        ++erasing->pages;
        if (rows->empty()) {
            erasing->next = erasing->through + 1;
        }
        for (const auto& row : *rows) {
            if (row.sequence > erasing->through || erasing->rows.size() == most_erased) {
                break;
            }
            erasing->take(writer_, row);
            erasing->next = row.sequence + 1;
        }
        return [this, erasing] { look_for_more(erasing); };
    });
}

/// Pictures first, which an overwritten entry does not name any more. Then the event: should the process end before the
/// entries are overwritten, more is said to be erased than is, and never less.
void JournalQuestions::record(const std::shared_ptr<Erasing>& erasing) {
    if (erasing->rows.empty()) {
        erasing->answer();
        return;
    }
    if (ports_.erase_pictures) {
        ports_.erase_pictures(erasing->pictures);
    }
    Submission submission;
    submission.events.push_back({"journal.erased", "gate", ports_.now(),
                                 Object{{"first", erasing->rows.front().sequence},
                                        {"last", erasing->rows.back().sequence},
                                        {"events", static_cast<std::int64_t>(erasing->rows.size())},
                                        {"cause", "request"},
                                        {"actor", erasing->actor},
                                        {"role", "unknown"},
                                        {"channel", "lane_console"},
                                        {"auth_method", "control_socket"},
                                        {"command_id", "none"},
                                        {"reason_code", "none"},
                                        {"reason_text", erasing->reason},
                                        {"on_shift", "unknown"}},
                                 std::nullopt});
    submission.urgent = true;
    submission.committed = [this, erasing] { overwrite(erasing); };
    ports_.submit(std::move(submission));
}

void JournalQuestions::overwrite(const std::shared_ptr<Erasing>& erasing) {
    ports_.on_journal([this, erasing](store::Journal& journal) -> std::function<void()> {
        const auto outcome = journal.erase(erasing->rows);
        if (outcome == store::StoreOutcome::committed) {
            return [this, erasing] {
                ports_.erased();
                erasing->answer();
            };
        }
        return [this, erasing, outcome, why = journal.failure()] {
            erasing->reply(error_answer("the entries could not be overwritten, ask again: " + why));
            if (outcome == store::StoreOutcome::unknown) {
                ports_.fatal("the journal's outcome is unknown");
            }
        };
    });
}

}  // namespace portcullis::gate
