#include "cli/uplink_command.hpp"

#include <ostream>
#include <string>
#include <string_view>

#include "cli/daemon_answer.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {

namespace {

/// `3 d 4 h`, `5 h 12 min`, `7 min`, `40 s`: the two largest parts, for people.
std::string age_text(std::int64_t seconds) {
    if (seconds < 60) {
        return std::to_string(seconds) + " s";
    }
    const auto minutes = seconds / 60;
    if (minutes < 60) {
        return std::to_string(minutes) + " min";
    }
    const auto hours = minutes / 60;
    if (hours < 24) {
        return std::to_string(hours) + " h " + std::to_string(minutes % 60) + " min";
    }
    return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
}

std::string words_of(const List& list) {
    std::string words;
    for (const auto& word : list) {
        const auto* text = word.get<std::string>();
        words += (words.empty() ? "" : ", ") + (text == nullptr ? std::string{"-"} : *text);
    }
    return words;
}

void show_link(const Value& one, std::ostream& out) {
    out << shown(one, "destination") << (shown(one, "required") == "yes" ? " (required)" : " (optional)") << " at "
        << shown(one, "broker") << ": ";
    if (shown(one, "online") == "yes") {
        out << "online, connection " << shown(one, "connection") << '\n';
    } else {
        out << "offline: " << shown(one, "cause") << '\n';
    }
    if (shown(one, "taken_over") == "yes") {
        out << "  another client has its identity; when that is gone: portcullis uplink resume "
            << shown(one, "destination") << '\n';
    }
    if (const auto withheld = shown(one, "withheld"); !withheld.empty()) {
        out << "  stands: " << withheld << '\n';
    }
}

void show_progress(const Value& one, std::ostream& out) {
    out << "  sent " << shown(one, "sent") << ", broker took " << shown(one, "broker_took") << ", central stored "
        << shown(one, "central_stored") << " of " << shown(one, "last") << '\n';
    const auto backlog = number_in(one, "backlog").value_or(0);
    out << "  backlog " << backlog;
    if (backlog > 0) {
        const auto oldest = number_in(one, "oldest_s");
        out << " from " << shown(one, "waiting_from") << " on, the oldest "
            << (oldest ? age_text(*oldest) + " old" : "of unknown age");
    }
    out << "; central stores " << shown(one, "stored_a_minute") << " a minute; not acknowledged "
        << shown(one, "unacknowledged") << ", in flight " << shown(one, "in_flight") << '\n';
    if (shown(one, "window_full") == "yes") {
        out << "  waits for central: the window of unacknowledged events is full\n";
    }
}

void show_troubles(const Value& one, std::ostream& out) {
    out << "  repeats " << shown(one, "repeats") << ", refused by the broker " << shown(one, "publications_refused")
        << ", refused by the gate " << shown(one, "inbound_refused") << '\n';
    if (const auto refusal = shown(one, "refusal"); !refusal.empty()) {
        out << "  the broker's last refusal: " << refusal << '\n';
    }
    if (number_in(one, "lost").value_or(0) > 0) {
        out << "  removed before central had them: " << shown(one, "lost") << " (see link.hole)\n";
    }
    const auto types = words_of(list_in(one, "filter_types"));
    const auto lanes = words_of(list_in(one, "filter_lanes"));
    if (!types.empty() || !lanes.empty()) {
        out << "  gets only " << (types.empty() ? "all types" : types) << (lanes.empty() ? "" : " of lane ") << lanes
            << '\n';
    }
    if (const auto redact = words_of(list_in(one, "redact")); !redact.empty()) {
        out << "  redacted: " << redact << '\n';
    }
}

/// What `sent N times` and the broker's answer make of one delivery.
std::string sending_text(const Value& one) {
    const auto times = number_in(one, "sendings").value_or(0);
    std::string text = times == 0 ? "sent before this start, or too long ago to know when"
                                  : (times == 1 ? "sent at " : "sent " + std::to_string(times) + " times, last at ") +
                                        shown(one, "sent");
    if (shown(one, "broker_took") != "unknown") {
        text += ", the broker took it at " + shown(one, "broker_took");
    } else if (times > 0) {
        text += shown(one, "broker_refused") == "yes" ? ", the broker refused it" : ", no answer of the broker yet";
    }
    return text;
}

std::string way_text(const Value& one) {
    const auto place = shown(one, "place");
    if (place == "filtered") {
        return "left out by its filter";
    }
    if (place == "lost") {
        return "removed before central acknowledged it; the consumer sees a hole";
    }
    if (place == "waits") {
        return "not sent since this start: " + shown(one, "why");
    }
    if (place == "sent") {
        return sending_text(one) + "; central has not said that it stored it";
    }
    const auto stored = shown(one, "central_stored");
    return sending_text(one) + (stored == "unknown" ? "; central has stored it, when is not kept"
                                                    : "; central said at " + stored + " that it is stored");
}

int ask_and_print(const std::filesystem::path& control_socket, std::string_view question, bool json,
                  void (*print)(const Value&, std::ostream&), std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, question, errors);
    const auto read = answer ? read_answer(*answer, errors) : std::nullopt;
    if (!read) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
    } else {
        print(*read, out);
    }
    return 0;
}

}  // namespace

void print_uplinks(const Value& overview, std::ostream& out) {
    const auto hours = number_in(overview, "hours_left");
    for (const auto& one : list_in(overview, "destinations")) {
        show_link(one, out);
        show_progress(one, out);
        show_troubles(one, out);
        if (shown(one, "required") == "yes" && shown(one, "online") != "yes") {
            out << "  WARNING: the journal keeps everything until it acknowledges; "
                << (hours ? "the disk is full in " + std::to_string(*hours) + " h at the present rate"
                          : "when the disk will be full is not known yet")
                << '\n';
        }
    }
    out << "hours until the disk is full at the present rate: " << (hours ? std::to_string(*hours) : "unknown") << '\n';
}

void print_way(const Value& explained, std::ostream& out) {
    const auto journal = shown(explained, "journal");
    out << "event " << shown(explained, "sequence");
    if (journal == "gone") {
        out << ": is not in the journal any more; older than the gate keeps it\n";
    } else {
        out << ": " << shown(explained, "type") << " of " << shown(explained, "subject") << ", taken at "
            << shown(explained, "time") << "; committed"
            << (journal == "erased" ? ", its personal values erased since\n" : "\n");
    }
    for (const auto& one : list_in(explained, "destinations")) {
        out << "  " << shown(one, "destination") << ": " << way_text(one) << '\n';
    }
}

int show_uplinks(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    return ask_and_print(control_socket, "uplink", json, print_uplinks, out, errors);
}

int explain_event(const std::filesystem::path& control_socket, std::int64_t sequence, bool json, std::ostream& out,
                  std::ostream& errors) {
    const auto question = R"({"ask":"explain","sequence":)" + std::to_string(sequence) + "}";
    return ask_and_print(control_socket, question, json, print_way, out, errors);
}

int resume_uplink(const std::filesystem::path& control_socket, const std::string& destination, std::ostream& out,
                  std::ostream& errors) {
    const auto question = codec::canonical_text(Value{Object{{"ask", "resume"}, {"destination", destination}}});
    if (!question) {
        errors << "this is no name of a destination: " << question.error().message() << '\n';
        return 1;
    }
    return ask_and_print(
        control_socket, *question, false,
        [](const Value&, std::ostream& said) { said << "it connects again; see portcullis uplink\n"; }, out, errors);
}

}  // namespace portcullis::cli
