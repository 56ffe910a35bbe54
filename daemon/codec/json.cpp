#include "codec/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace portcullis::codec {
namespace {

namespace json = boost::json;
using boost::json::error_code;

/// Builds the value and refuses what Boost.JSON lets through. Keeps the way to the place that it is at, so that a
/// refusal can name it.
class StrictHandler {
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    StrictHandler() { stack_.reset(json::make_shared_resource<json::monotonic_resource>()); }

    json::value release() { return stack_.release(); }
    [[nodiscard]] const std::string& reason() const { return reason_; }
    [[nodiscard]] std::string pointer() const {
        std::string pointer;
        for (const auto& frame : frames_) {
            pointer = frame.is_object ? pointer_to(pointer, frame.name) : pointer_to(pointer, frame.index);
        }
        return pointer;
    }

    bool on_document_begin(error_code& /*ec*/) { return true; }
    bool on_document_end(error_code& /*ec*/) { return true; }
    bool on_object_begin(error_code& /*ec*/) {
        frames_.push_back({true, names_.size(), 0, {}});
        return true;
    }
    bool on_object_end(std::size_t count, error_code& ec) {
        const auto first = names_.begin() + static_cast<std::ptrdiff_t>(frames_.back().first_name);
        std::sort(first, names_.end());
        const auto twice = std::adjacent_find(first, names_.end());
        if (twice != names_.end()) {
            frames_.back().name = *twice;
            return refuse("member is there twice", ec);
        }
        names_.erase(first, names_.end());
        frames_.pop_back();
        stack_.push_object(count);
        return value_ends();
    }
    bool on_array_begin(error_code& /*ec*/) {
        frames_.push_back({false, names_.size(), 0, {}});
        return true;
    }
    bool on_array_end(std::size_t count, error_code& /*ec*/) {
        frames_.pop_back();
        stack_.push_array(count);
        return value_ends();
    }
    bool on_key_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/) {
        stack_.push_chars(part);
        partial_name_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t /*size*/, error_code& /*ec*/) {
        stack_.push_key(part);
        partial_name_.append(part.data(), part.size());
        frames_.back().name = partial_name_;
        names_.push_back(std::exchange(partial_name_, {}));
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t /*size*/, error_code& /*ec*/) {
        stack_.push_string(part);
        return value_ends();
    }
    bool on_number_part(json::string_view /*part*/, error_code& /*ec*/) { return true; }
    bool on_int64(std::int64_t number, json::string_view text, error_code& ec) {
        const bool negative_zero = number == 0 && text.starts_with('-');
        if (negative_zero || number > widest_integer || number < -widest_integer) {
            return refuse_number(ec);
        }
        stack_.push_int64(number);
        return value_ends();
    }
    bool on_uint64(std::uint64_t /*number*/, json::string_view /*text*/, error_code& ec) { return refuse_number(ec); }
    bool on_double(double /*number*/, json::string_view /*text*/, error_code& ec) { return refuse_number(ec); }
    bool on_bool(bool truth, error_code& /*ec*/) {
        stack_.push_bool(truth);
        return value_ends();
    }
    bool on_null(error_code& /*ec*/) {
        stack_.push_null();
        return value_ends();
    }
    bool on_comment_part(json::string_view /*part*/, error_code& /*ec*/) { return true; }
    bool on_comment(json::string_view /*part*/, error_code& /*ec*/) { return true; }

private:
    struct Frame {
        bool is_object;
        std::size_t first_name;  ///< in names_
        std::size_t index;       ///< of the item that is read
        std::string name;        ///< of the member that is read
    };

    bool value_ends() {
        if (!frames_.empty()) {
            ++frames_.back().index;
        }
        return true;
    }
    bool refuse_number(error_code& ec) { return refuse("number is not an integer within ±(2^53 − 1)", ec); }
    bool refuse(const char* reason, error_code& ec) {
        reason_ = reason;
        ec = json::make_error_code(json::error::syntax);
        return false;
    }

    json::value_stack stack_;
    std::vector<Frame> frames_;
    std::vector<std::string> names_;  ///< of all open objects, one after the other
    std::string partial_name_;
    std::string reason_;
};

Refusal refusal_of(const json::basic_parser<StrictHandler>& parser, const error_code& error, std::size_t offset) {
    const auto& handler = parser.handler();
    if (!handler.reason().empty()) {
        return {RefusalCause::parse, handler.pointer(), handler.reason()};
    }
    if (error == json::error::too_deep) {
        return {RefusalCause::limits, handler.pointer(), "nested too deeply"};
    }
    return {RefusalCause::parse, handler.pointer(),
            "not JSON at byte " + std::to_string(offset) + " (" + error.message() + ")"};
}

}  // namespace

Result<json::value, Refusal> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        return Failure{Refusal{
            RefusalCause::size, {}, std::to_string(text.size()) + " bytes, at most " + std::to_string(limits.bytes)}};
    }
    json::parse_options options;
    options.max_depth = limits.depth;
    json::basic_parser<StrictHandler> parser{options};
    error_code error;
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size()) {
        error = json::make_error_code(json::error::extra_data);
    }
    if (error) {
        return Failure{refusal_of(parser, error, used)};
    }
    return parser.handler().release();
}

namespace {

void write_canonical(const json::value& value, std::string& out) {
    CanonicalWriter writer{out};
    switch (value.kind()) {
        case json::kind::null:
            out.append("null");
            break;
        case json::kind::bool_:
            out.append(value.get_bool() ? "true" : "false");
            break;
        case json::kind::int64:
            writer.integer(value.get_int64());
            break;
        case json::kind::string:
            writer.text(std::string_view{value.get_string()});
            break;
        case json::kind::array: {
            char before = '[';
            for (const auto& item : value.get_array()) {
                out.push_back(std::exchange(before, ','));
                write_canonical(item, out);
            }
            out.append(value.get_array().empty() ? "[]" : "]");
            break;
        }
        case json::kind::object: {
            std::vector<const json::key_value_pair*> members;
            for (const auto& member : value.get_object()) {
                members.push_back(&member);
            }
            std::sort(members.begin(), members.end(),
                      [](const auto* left, const auto* right) { return utf16_less(left->key(), right->key()); });
            char before = '{';
            for (const auto* member : members) {
                out.push_back(std::exchange(before, ','));
                writer.text(member->key());
                out.push_back(':');
                write_canonical(member->value(), out);
            }
            out.append(members.empty() ? "{}" : "}");
            break;
        }
        case json::kind::uint64:   // parse_json lets
        case json::kind::double_:  // neither through
            break;
    }
}

Result<Value, Refusal> value_of(const json::value& value, const std::string& pointer);

Result<Value, Refusal> list_of(const json::array& array, const std::string& pointer) {
    List list;
    list.reserve(array.size());
    for (const auto& item : array) {
        auto read = value_of(item, pointer_to(pointer, list.size()));
        if (!read) {
            return read;
        }
        list.push_back(std::move(read).value());
    }
    return Value{std::move(list)};
}

Result<Value, Refusal> object_of(const json::object& members, const std::string& pointer) {
    Object object;
    object.reserve(members.size());
    for (const auto& member : members) {
        auto read = value_of(member.value(), pointer_to(pointer, member.key()));
        if (!read) {
            return read;
        }
        object.push_back({std::string{member.key()}, std::move(read).value()});
    }
    return Value{std::move(object)};
}

Result<Value, Refusal> value_of(const json::value& value, const std::string& pointer) {
    if (const auto* number = value.if_int64()) {
        return Value{*number};
    }
    if (const auto* text = value.if_string()) {
        return Value{std::string_view{*text}};
    }
    if (const auto* array = value.if_array()) {
        return list_of(*array, pointer);
    }
    if (const auto* object = value.if_object()) {
        return object_of(*object, pointer);
    }
    return Failure{Refusal{RefusalCause::parse, pointer, "null, true and false are not used here"}};
}

}  // namespace

std::string canonical_text(const json::value& value) {
    std::string text;
    write_canonical(value, text);
    return text;
}

Result<Value, Refusal> parse_value(std::string_view text, const JsonLimits& limits) {
    const auto document = parse_json(text, limits);
    if (!document) {
        return Failure{document.error()};
    }
    return value_of(*document, {});
}

std::string pointer_to(std::string_view pointer, std::string_view name) {
    std::string longer{pointer};
    longer.push_back('/');
    for (const char character : name) {
        if (character == '~') {
            longer.append("~0");
        } else if (character == '/') {
            longer.append("~1");
        } else {
            longer.push_back(character);
        }
    }
    return longer;
}

std::string pointer_to(std::string_view pointer, std::size_t index) {
    return std::string{pointer} + "/" + std::to_string(index);
}

}  // namespace portcullis::codec
