#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"

namespace portcullis::sign {

/// JSON that is written from a settings tree, and where each of its places came from.
class Sketch {
public:
    /// The next value is the member `name` of the open object; it comes from `source`.
    void member(std::string_view name, const ConfigNode& source);
    /// The next value is an item of the open list.
    void item(const ConfigNode& source);

    void open_object() { open('{'); }
    void open_list() { open('['); }
    void close();

    void text(std::string_view text);
    void integer(std::int64_t number) { text_ += std::to_string(number); }
    void flag(bool value) { text_ += value ? "true" : "false"; }

    [[nodiscard]] const std::string& json() const { return text_; }
    /// Where the value at `pointer` came from, or the nearest value around it that came from anywhere.
    [[nodiscard]] const ConfigNode* source_of(std::string pointer) const;

private:
    struct Frame {
        char end;
        std::string pointer;
        std::size_t items = 0;
    };

    void open(char begin);
    void step(std::string_view name, const ConfigNode& source);

    std::string text_;
    std::string next_;  ///< pointer of the value that comes next
    std::vector<Frame> frames_;
    std::map<std::string, const ConfigNode*, std::less<>> sources_;
};

}  // namespace portcullis::sign
