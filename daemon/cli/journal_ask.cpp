// `portcullis journal replay-from` and `erase`: what only the running daemon can do.
#include <algorithm>
#include <boost/system/system_error.hpp>
#include <ostream>
#include <utility>

#include "cli/journal_command.hpp"
#include "codec/canonical.hpp"
#include "console/control_socket.hpp"

namespace portcullis::cli {
namespace {

constexpr std::chrono::seconds daemon_patience{30};

/// The daemon's answer, or why there is none.
Result<Value, std::string> ask(const JournalPlace& place, Object question) {
    const auto line = codec::canonical_text(Value{std::move(question)});
    if (!line) {
        return Failure{"the question cannot be asked: " + line.error().message()};
    }
    std::string answer;
    try {
        answer = console::ask_control_socket(place.control_socket, *line, daemon_patience);
    } catch (const boost::system::system_error& error) {
        return Failure{"no daemon answers at " + place.control_socket.string() + " (" + error.code().message() +
                       "); this needs a running portcullisd"};
    }
    auto read = codec::parse_value(answer);
    if (!read) {
        return Failure{"the daemon's answer cannot be read: " + read.error().message()};
    }
    if (const auto* error = read->find("error")) {
        const auto* why = error->get<std::string>();
        return Failure{"the daemon says: " + (why == nullptr ? std::string{"nothing"} : *why)};
    }
    return std::move(read).value();
}

std::int64_t number_in(const Value& answer, std::string_view name) {
    const auto* value = answer.find(name);
    const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
    return number == nullptr ? 0 : *number;
}

int fail(std::ostream& errors, const std::string& why) {
    errors << "portcullis journal: " << why << '\n';
    return 1;
}

}  // namespace

int replay_journal(const JournalPlace& place, std::int64_t from, const std::string& destination, std::ostream& out,
                   std::ostream& errors) {
    Object question{{"ask", "replay"}, {"from", from}};
    if (!destination.empty()) {
        question.push_back({"destination", destination});
    }
    const auto answer = ask(place, std::move(question));
    if (!answer) {
        return fail(errors, answer.error());
    }
    out << "the daemon sends again from " << from << '\n';
    return 0;
}

int erase_in_journal(const JournalPlace& place, const EraseOptions& options, std::ostream& out, std::ostream& errors) {
    if (options.which.empty()) {
        return fail(errors, "say what is to be erased: --before, --passage or --plate");
    }
    std::int64_t erased = 0;
    std::int64_t through = 0;
    for (std::int64_t next = 1;;) {
        auto question = gate::filter_members(options.which);
        question.push_back({"ask", "erase"});
        question.push_back({"from", next});
        question.push_back({"reason", options.reason});
        question.push_back({"actor", options.actor});
        if (through > 0) {
            question.push_back({"through", through});  // else a busy gate's own events would never end it
        }
        const auto answer = ask(place, std::move(question));
        if (!answer) {
            out << erased << " entries erased so far\n";
            return fail(errors, answer.error());
        }
        erased += number_in(*answer, "erased");
        through = std::max(through, number_in(*answer, "through"));
        const auto before = std::exchange(next, number_in(*answer, "next"));
        if (next <= before || next > through) {
            break;
        }
        if (place.progress) {
            place.progress(next - 1, through);
        }
    }
    out << erased << " entries erased, of those up to " << through << ", which every required destination has stored\n";
    return 0;
}

}  // namespace portcullis::cli
