#include "drivers/http_push/pushed_reading.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "drivers/confidence.hpp"

namespace portcullis::drivers {

namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 16;
constexpr std::size_t longest_text = 256;

/// A value that somebody wants.
struct Wanted {
    std::string_view pointer;
    bool seen = false;
    std::string text{};  ///< of a string or number
    bool plain = false;  ///< it is one
};

/// Gathers the wanted values while the parser goes on (Boost.JSON, basic_parser), and refuses one that stands there
/// twice: which of them was meant nobody knows.
struct PushedHandler {
    static constexpr std::size_t max_object_size = 1'000;
    static constexpr std::size_t max_array_size = 1'000;
    static constexpr std::size_t max_key_size = 256;
    static constexpr std::size_t max_string_size = std::size_t{64} * 1024;

    using Error = json::error_code;

    struct Level {
        std::size_t path_bytes;  ///< of the pointer before this level
        bool list;
        std::size_t next = 0;  ///< index of a list's next value
    };

    std::array<Wanted, 4> wanted;
    std::vector<Level> levels;
    std::string path;
    std::string part;
    std::string name;
    bool twice = false;

    void step_into(std::string_view token) {
        path.resize(levels.back().path_bytes);
        path += '/';
        for (const char c : token) {
            c == '~' ? path += "~0" : (c == '/' ? path += "~1" : path += c);
        }
    }
    /// A value begins: in a list it has the next place.
    void begin_value() {
        if (!levels.empty() && levels.back().list) {
            step_into(std::to_string(levels.back().next++));
        }
    }
    bool take(std::string_view text, bool plain) {
        for (auto& one : wanted) {
            if (!one.pointer.empty() && one.pointer == path) {
                twice = twice || one.seen;
                one.seen = true;
                one.plain = plain;
                one.text = text;
            }
        }
        return !twice;
    }
    bool open(bool list) {
        begin_value();
        take({}, false);
        levels.push_back({path.size(), list});
        return levels.size() <= deepest && !twice;
    }
    bool close() {
        path.resize(levels.back().path_bytes);
        levels.pop_back();
        return true;
    }
    bool plain_value(json::string_view last) {
        part.append(last.data(), last.size());
        begin_value();
        const bool good = take(part, true);
        part.clear();
        return good;
    }

    // NOLINTBEGIN(readability-identifier-naming): the parser's names
    bool on_document_begin(Error& /*error*/) { return true; }
    bool on_document_end(Error& /*error*/) { return true; }
    bool on_object_begin(Error& /*error*/) { return open(false); }
    bool on_object_end(std::size_t /*size*/, Error& /*error*/) { return close(); }
    bool on_array_begin(Error& /*error*/) { return open(true); }
    bool on_array_end(std::size_t /*size*/, Error& /*error*/) { return close(); }
    bool on_key_part(json::string_view text, std::size_t /*size*/, Error& /*error*/) {
        name.append(text.data(), text.size());
        return true;
    }
    bool on_key(json::string_view text, std::size_t /*size*/, Error& /*error*/) {
        name.append(text.data(), text.size());
        step_into(name);
        name.clear();
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t /*size*/, Error& /*error*/) {
        part.append(text.data(), text.size());
        return true;
    }
    bool on_string(json::string_view text, std::size_t /*size*/, Error& /*error*/) { return plain_value(text); }
    bool on_number_part(json::string_view text, Error& /*error*/) {
        part.append(text.data(), text.size());
        return true;
    }
    bool on_int64(std::int64_t /*number*/, json::string_view text, Error& /*error*/) { return plain_value(text); }
    bool on_uint64(std::uint64_t /*number*/, json::string_view text, Error& /*error*/) { return plain_value(text); }
    bool on_double(double /*number*/, json::string_view text, Error& /*error*/) { return plain_value(text); }
    bool on_bool(bool /*flag*/, Error& /*error*/) { return other(); }
    bool on_null(Error& /*error*/) { return other(); }
    bool on_comment_part(json::string_view /*text*/, Error& /*error*/) { return true; }
    bool on_comment(json::string_view /*text*/, Error& /*error*/) { return true; }
    // NOLINTEND(readability-identifier-naming)

    bool other() {
        begin_value();
        return take({}, false);
    }
};

/// A line of text that can be shown, logged and stored.
bool is_text(std::string_view text) {
    return text.size() <= longest_text && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
           });
}

std::optional<int> confidence_in(const Wanted& value, double scale) {
    double given = 0;
    const auto* const end = value.text.data() + value.text.size();
    const auto [last, failed] = std::from_chars(value.text.data(), end, given);
    return failed == std::errc{} && last == end ? confidence_of(given, scale) : std::nullopt;
}

}  // namespace

Result<std::optional<Reading>, std::string_view> pushed_reading(std::string_view body, const PushedMeaning& meaning) {
    json::parse_options options;
    options.max_depth = deepest + 2;
    json::basic_parser<PushedHandler> parser{options};
    auto& handler = parser.handler();
    handler.wanted = {Wanted{.pointer = meaning.fields.text}, Wanted{.pointer = meaning.fields.confidence},
                      Wanted{.pointer = meaning.fields.time}, Wanted{.pointer = meaning.fields.alive}};
    json::error_code error;
    const auto read = parser.write_some(false, body.data(), body.size(), error);
    if (error || handler.twice || body.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
        return Failure{std::string_view{"json"}};
    }
    const auto& [text, confidence, time, alive] = handler.wanted;
    if (alive.seen) {
        return std::optional<Reading>{};
    }
    if (!text.plain || !is_text(text.text)) {
        return Failure{std::string_view{"pattern"}};
    }
    Reading reading;
    reading.kind = meaning.kind;
    reading.face = meaning.face;
    reading.raw = meaning.unread.contains(text.text) ? std::string{} : text.text;
    if (confidence.plain) {
        reading.confidence = confidence_in(confidence, meaning.confidence_scale);
        if (!reading.confidence) {
            return Failure{std::string_view{"pattern"}};
        }
    }
    if (time.plain && is_text(time.text)) {
        reading.device_time = time.text;
    }
    return std::optional{std::move(reading)};
}

bool is_json_pointer(std::string_view text) {
    bool escaped = false;
    for (const char c : text) {
        if (escaped && c != '0' && c != '1') {
            return false;
        }
        escaped = c == '~';
    }
    return !escaped && text.starts_with('/') && text.size() <= longest_text;
}

}  // namespace portcullis::drivers
