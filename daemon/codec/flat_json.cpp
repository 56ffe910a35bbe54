#include "codec/flat_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 16;

/// Gathers the values while the parser goes on (Boost.JSON, basic_parser). Its own numbers would round.
struct FlatHandler {
    static constexpr std::size_t max_object_size = 10'000;
    static constexpr std::size_t max_array_size = 10'000;
    static constexpr std::size_t max_key_size = 256;
    static constexpr std::size_t max_string_size = std::size_t{64} * 1024;

    using Error = json::error_code;

    struct Level {
        std::size_t path_bytes;  ///< of the path before this level
        bool list;
        std::size_t values = 0;
    };

    std::vector<FlatMember> members;
    std::vector<Level> levels;
    std::string path;
    std::string part;
    std::string name;
    std::string problem;
    std::size_t lists = 0;

    bool refuse(const std::string& what) {
        if (problem.empty()) {
            problem = what;
        }
        return false;
    }
    void add(std::string_view text) {
        if (!levels.empty()) {
            ++levels.back().values;
        }
        const auto known = std::ranges::find(members, path, &FlatMember::path);
        if (known == members.end()) {
            if (!text.empty()) {
                members.push_back({path, std::string{text}});
            }
            return;
        }
        if (lists == 0) {
            refuse("the member " + path + " stands there twice");
            return;
        }
        if (!text.empty()) {
            known->text.push_back(flat_list_separator);
            known->text.append(text);
        }
    }
    bool open(bool list) {
        if (levels.empty() && list) {
            return refuse("is no object");
        }
        if (levels.size() >= deepest) {
            return refuse("is nested too deeply");
        }
        if (!levels.empty()) {
            ++levels.back().values;
        }
        levels.push_back({path.size(), list});
        lists += list ? 1 : 0;
        return true;
    }
    bool close() {
        const auto level = levels.back();
        levels.pop_back();
        lists -= level.list ? 1 : 0;
        if (level.list && level.values == 0 && lists == 0) {
            members.push_back({path, std::string{flat_list_separator}});
        }
        leave();
        return true;
    }
    /// A value ended: its member's name does not belong to the path any more.
    void leave() {
        if (!levels.empty() && !levels.back().list) {
            path.resize(levels.back().path_bytes);
        }
    }
    bool value(std::string_view text) {
        if (levels.empty()) {
            return refuse("is no object");
        }
        add(text);
        leave();
        return problem.empty();
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
        path.resize(levels.back().path_bytes);
        path.append(path.empty() ? "" : ".").append(name);
        name.clear();
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t /*size*/, Error& /*error*/) {
        part.append(text.data(), text.size());
        return true;
    }
    bool on_string(json::string_view text, std::size_t /*size*/, Error& /*error*/) {
        part.append(text.data(), text.size());
        return ended();
    }
    bool on_number_part(json::string_view text, Error& /*error*/) {
        part.append(text.data(), text.size());
        return true;
    }
    bool on_int64(std::int64_t /*number*/, json::string_view text, Error& /*error*/) { return number(text); }
    bool on_uint64(std::uint64_t /*number*/, json::string_view text, Error& /*error*/) { return number(text); }
    bool on_double(double /*number*/, json::string_view text, Error& /*error*/) { return number(text); }
    bool on_bool(bool flag, Error& /*error*/) { return value(flag ? "true" : "false"); }
    bool on_null(Error& /*error*/) { return value({}); }
    bool on_comment_part(json::string_view /*text*/, Error& /*error*/) { return true; }
    bool on_comment(json::string_view /*text*/, Error& /*error*/) { return true; }
    // NOLINTEND(readability-identifier-naming)

    bool number(json::string_view text) {
        part.append(text.data(), text.size());
        return ended();
    }
    bool ended() {
        const auto whole = std::move(part);
        part.clear();
        if (whole.find(flat_list_separator) != std::string::npos) {
            return refuse("holds a control character");
        }
        return value(whole);
    }
};

}  // namespace

Result<std::vector<FlatMember>, std::string> flat_json(std::string_view object) {
    json::parse_options options;
    options.max_depth = deepest + 2;
    json::basic_parser<FlatHandler> parser{options};
    json::error_code error;
    const auto read = parser.write_some(false, object.data(), object.size(), error);
    auto& handler = parser.handler();
    if (!handler.problem.empty()) {
        return Failure{std::move(handler.problem)};
    }
    if (error) {
        return Failure{"is no JSON: " + error.message()};
    }
    if (object.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
        return Failure{std::string{"something stands behind the object"}};
    }
    return std::move(handler.members);
}

}  // namespace portcullis::codec
