#include "cli/visit_verdicts.hpp"

#include <limits>
#include <utility>

#include "cli/journal/journal_source.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {
namespace {

constexpr codec::JsonLimits event_limits{std::size_t{1} * 1024 * 1024, 32};
constexpr std::int64_t told_every = 5000;

Result<std::unique_ptr<JournalSource>, std::string> source_at(const JournalPlace& place) {
    if (place.state.empty()) {
        return daemon_source(place.control_socket);
    }
    return file_source(place.state);
}

}  // namespace

std::optional<std::string> visit_verdicts(const JournalPlace& place, const gate::EventFilter& which,
                                          const std::function<bool(RecordedVerdict)>& visit) {
    auto source = source_at(place);
    if (!source) {
        return source.error();
    }
    std::optional<std::string> unreadable;
    const auto wrong = visit_entries(
        **source, 1, std::numeric_limits<std::int64_t>::max(), [&](const gate::JournalPage::Entry& entry) {
            if (place.progress && entry.sequence % told_every == 0) {
                place.progress(entry.sequence, 0);
            }
            // Most entries are no verdict: they need not be read to know that.
            if (entry.published.find("\"portcullis.verdict.issued.v1\"") == std::string::npos) {
                return true;
            }
            const auto event = codec::parse_value(entry.published, event_limits);
            if (!event) {
                unreadable = "entry " + std::to_string(entry.sequence) + ": " + event.error().message();
                return false;
            }
            auto recorded = which.takes(*event) ? recorded_verdict(entry.sequence, *event) : std::nullopt;
            return !recorded || visit(std::move(*recorded));
        });
    return unreadable ? unreadable : wrong;
}

}  // namespace portcullis::cli
