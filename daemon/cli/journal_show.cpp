// `portcullis journal show`.
#include <ostream>

#include "cli/journal_command.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {
namespace {

constexpr codec::JsonLimits event_limits{std::size_t{1} * 1024 * 1024, 32};
constexpr std::int64_t told_every = 5000;

std::string text_in(const Value& object, std::string_view name) {
    const auto* value = object.find(name);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? std::string{"-"} : *text;
}

/// `portcullis.reading.taken.v1` as `reading.taken`.
std::string short_type(const std::string& type) {
    constexpr std::string_view prefix = "portcullis.";
    constexpr std::string_view suffix = ".v1";
    const bool known =
        type.size() > prefix.size() + suffix.size() && type.starts_with(prefix) && type.ends_with(suffix);
    return known ? type.substr(prefix.size(), type.size() - prefix.size() - suffix.size()) : type;
}

/// What is known: `none` and `unknown` would fill a line with what is not there.
std::string shown(const Value& value) {
    if (const auto* text = value.get<std::string>()) {
        if (*text == "none" || *text == "unknown") {
            return {};
        }
        const bool plain = !text->empty() && text->find_first_of(" \"=\\\n\r\t") == std::string::npos;
        if (plain) {
            return *text;
        }
    }
    const auto canonical = codec::canonical_text(value);
    return canonical ? *canonical : std::string{"?"};
}

void show_event(std::int64_t sequence, const Value& event, std::ostream& out) {
    out << text_in(event, "time") << ' ' << sequence << ' ' << short_type(text_in(event, "type")) << ' '
        << text_in(event, "subject");
    const auto* data = event.find("data");
    const auto* members = data == nullptr ? nullptr : data->get<Object>();
    for (const auto& member : members == nullptr ? Object{} : *members) {
        if (const auto value = shown(member.value); !value.empty()) {
            out << ' ' << member.name << '=' << value;
        }
    }
    out << (event.find("salt") == nullptr ? " (erased)\n" : "\n");
}

}  // namespace

int show_journal(const JournalPlace& place, const gate::EventFilter& which, bool json, std::ostream& out,
                 std::ostream& errors) {
    auto source = place.state.empty()
                      ? Result<std::unique_ptr<JournalSource>, std::string>{daemon_source(place.control_socket)}
                      : file_source(place.state);
    if (!source) {
        errors << "portcullis journal: " << source.error() << '\n';
        return 1;
    }
    std::int64_t unreadable = 0;
    const auto wrong = visit_entries(
        **source, 1, std::numeric_limits<std::int64_t>::max(), [&](const gate::JournalPage::Entry& entry) {
            const auto event = codec::parse_value(entry.published, event_limits);
            if (!event) {
                ++unreadable;
                errors << "entry " << entry.sequence << " cannot be read: " << event.error().message() << '\n';
            } else if (which.takes(*event)) {
                if (json) {
                    out << entry.published << '\n';
                } else {
                    show_event(entry.sequence, *event, out);
                }
            }
            if (place.progress && entry.sequence % told_every == 0) {
                place.progress(entry.sequence, 0);
            }
            return out.good();
        });
    if (wrong) {
        errors << "portcullis journal: " << *wrong << '\n';
    }
    return wrong || unreadable > 0 ? 1 : 0;
}

}  // namespace portcullis::cli
