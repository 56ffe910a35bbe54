#include "cli/journal/export_format.hpp"

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "core/value.hpp"
#include "trust/signature.hpp"

namespace portcullis::cli {
namespace {

constexpr std::string_view event_opens = R"({"event":)";
constexpr std::string_view hash_opens = R"(,"hash":")";
constexpr std::string_view event_closes = R"("})";
constexpr std::size_t hash_digits = 64;

std::string line_of(const char* kind, Object object) {
    return codec::canonical_text(Value{Object{{kind, std::move(object)}}}).value();
}

/// The object `kind` of a line that holds nothing else, is canonical, and has `members` members.
std::optional<Value> object_of(std::string_view line, std::string_view kind, std::size_t members) {
    const auto read = codec::parse_value(line, {longest_export_line, 8});
    if (!read) {
        return std::nullopt;
    }
    const auto canonical = codec::canonical_text(*read);
    const auto* whole = read->get<Object>();
    const auto* object = read->find(kind);
    if (!canonical || *canonical != line || whole->size() != 1 || object == nullptr ||
        object->get<Object>() == nullptr || object->get<Object>()->size() != members) {
        return std::nullopt;
    }
    return *object;
}

/// Reads members; what is missing or malformed leaves `good` false.
struct Members {
    const Value& object;
    bool good = true;

    std::string text(std::string_view name) {
        const auto* value = object.find(name);
        const auto* held = value == nullptr ? nullptr : value->get<std::string>();
        good = good && held != nullptr;
        return held == nullptr ? std::string{} : *held;
    }
    std::int64_t number(std::string_view name) {
        const auto* value = object.find(name);
        const auto* held = value == nullptr ? nullptr : value->get<std::int64_t>();
        good = good && held != nullptr && *held >= 0;
        return held == nullptr ? 0 : *held;
    }
    Hash256 hash(std::string_view name) {
        const auto read = hash256_from_hex(text(name));
        good = good && read.has_value();
        return read.value_or(Hash256{});
    }
};

}  // namespace

std::string header_line(const ExportHeader& header) {
    return line_of("export", {{"format", export_format_name},
                              {"version", export_format_version},
                              {"stream", header.stream.text()},
                              {"first", header.first},
                              {"previous", hex_text(header.previous)},
                              {"head_key", header.head_key},
                              {"gate", header.gate},
                              {"time", header.time}});
}

std::string event_line(std::string_view published, const Hash256& hash) {
    std::string line;
    line.reserve(published.size() + 96);
    line.append(event_opens).append(published).append(hash_opens).append(hex_text(hash)).append(event_closes);
    return line;
}

std::optional<std::string> head_line(std::string_view envelope) {
    auto read = codec::parse_value(envelope, {longest_export_line, 8});
    if (!read) {
        return std::nullopt;
    }
    const auto line = codec::canonical_text(Value{Object{{"head", std::move(read).value()}}});
    return line ? std::optional{*line} : std::nullopt;
}

std::string end_line(const ExportEnd& end) {
    return line_of("end", {{"sequence", end.sequence},
                           {"hash", hex_text(end.hash)},
                           {"events", end.events},
                           {"heads", end.heads},
                           {"sha256", hex_text(end.sha256)}});
}

Result<ExportHeader, std::string> read_header_line(std::string_view line) {
    const auto object = object_of(line, "export", 8);
    if (!object) {
        return Failure{std::string{"line 1 is none of a journal's export"}};
    }
    Members members{*object};
    ExportHeader header;
    const bool known = members.text("format") == export_format_name;
    if (known && members.number("version") != export_format_version) {
        return Failure{"the export has version " + std::to_string(members.number("version")) +
                       " of the format, and this program knows version " + std::to_string(export_format_version)};
    }
    const auto stream = StreamId::parse(members.text("stream"));
    header.first = members.number("first");
    header.previous = members.hash("previous");
    header.head_key = members.text("head_key");
    header.gate = members.text("gate");
    header.time = members.text("time");
    if (!known || !members.good || !stream || header.first < 1 || !time_from_text(header.time) ||
        (header.head_key != "none" && !trust::PublicKey::parse(header.head_key))) {
        return Failure{std::string{"line 1 is none of a journal's export"}};
    }
    header.stream = *stream;
    return header;
}

std::optional<ExportedEvent> read_event_line(std::string_view line) {
    const auto around = event_opens.size() + hash_opens.size() + hash_digits + event_closes.size();
    if (line.size() < around || !line.starts_with(event_opens) || !line.ends_with(event_closes)) {
        return std::nullopt;
    }
    const auto published = line.substr(event_opens.size(), line.size() - around);
    const auto rest = line.substr(event_opens.size() + published.size());
    const auto hash = hash256_from_hex(rest.substr(hash_opens.size(), hash_digits));
    if (!rest.starts_with(hash_opens) || !hash) {
        return std::nullopt;
    }
    return ExportedEvent{published, *hash};
}

std::optional<std::string> read_head_line(std::string_view line) {
    const auto object = object_of(line, "head", 3);
    if (!object) {
        return std::nullopt;
    }
    return codec::canonical_text(*object).value();
}

Result<ExportEnd, std::string> read_end_line(std::string_view line) {
    const auto object = object_of(line, "end", 5);
    if (!object) {
        return Failure{std::string{"the last line is none of an export's end: it was cut off or changed"}};
    }
    Members members{*object};
    const ExportEnd end{members.number("sequence"), members.hash("hash"), members.number("events"),
                        members.number("heads"), members.hash("sha256")};
    if (!members.good) {
        return Failure{std::string{"the last line is none of an export's end: it was cut off or changed"}};
    }
    return end;
}

}  // namespace portcullis::cli
