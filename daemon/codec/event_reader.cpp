#include <charconv>

#include "codec/event_writer.hpp"
#include "codec/json.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits event_limits{std::size_t{1024} * 1024, 32};

/// The decimal text of a whole number, or nothing.
std::optional<std::int64_t> integer_of(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional{number} : std::nullopt;
}

/// The text between a prefix and a suffix; empty when it does not have them.
std::string_view between(std::string_view text, std::string_view prefix, std::string_view suffix) {
    if (text.size() < prefix.size() + suffix.size() || !text.starts_with(prefix) || !text.ends_with(suffix)) {
        return {};
    }
    return text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
}

/// Reads attributes; what is missing or malformed leaves `good` false.
class AttributeReader {
public:
    explicit AttributeReader(const Value& event) : event_(event) {}

    std::string_view text(std::string_view name) {
        const auto* value = event_.find(name);
        const auto* text = value == nullptr ? nullptr : value->get<std::string>();
        good_ = good_ && text != nullptr;
        return text == nullptr ? std::string_view{} : std::string_view{*text};
    }
    template <class Read>
    auto read(std::string_view name, Read&& read) {
        const auto value = read(text(name));
        good_ = good_ && value.has_value();
        using Kept = typename decltype(value)::value_type;
        return value.value_or(Kept{});
    }
    [[nodiscard]] bool good() const { return good_; }

private:
    const Value& event_;
    bool good_ = true;
};

}  // namespace

Result<StoredEvent, Refusal> EventWriter::read_stamped(std::string_view published) const {
    const auto parsed = parse_value(published, event_limits);
    if (!parsed) {
        return Failure{parsed.error()};
    }
    AttributeReader attributes{*parsed};
    StoredEvent stored;
    stored.event.type = between(attributes.text("type"), "portcullis.", ".v1");
    stored.event.subject = attributes.text("subject");
    stored.event.at.wall = attributes.read("time", time_from_text);
    stored.event.at.instant = Instant{std::chrono::nanoseconds{attributes.read("monotonicns", integer_of)}};
    stored.event.at.clock_state = attributes.read("clockstate", enum_from<ClockState>);
    stored.stamp.source = attributes.text("source");
    stored.stamp.stream = attributes.read("stream", StreamId::parse);
    stored.stamp.sequence = attributes.read("sequence", integer_of);
    stored.stamp.previous = attributes.read("previoushash", hash256_from_hex);
    if (parsed->find("salt") != nullptr) {
        stored.stamp.salt = attributes.read("salt", bytes_from_hex<16>);
    }
    stored.stamp.boot = attributes.read("bootid", BootId::parse);
    const auto* data = parsed->find("data");
    if (!attributes.good() || data == nullptr) {
        return Failure{Refusal{RefusalCause::parse, {}, "an attribute is missing or malformed"}};
    }
    stored.event.data = *data;
    return stored;
}

}  // namespace portcullis::codec
