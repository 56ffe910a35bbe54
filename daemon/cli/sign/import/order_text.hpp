#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::sign {

/// Writes an object of JSON, member by member.
class ObjectText {
public:
    void text(std::string_view name, std::string_view value);
    void integer(std::string_view name, std::int64_t value);
    void flag(std::string_view name, bool value);
    void list(std::string_view name, const std::vector<std::string>& values);
    /// An object within it.
    void object(std::string_view name, const ObjectText& object);
    void objects(std::string_view name, const std::vector<ObjectText>& objects);
    [[nodiscard]] bool empty() const { return out_.size() == 1; }
    [[nodiscard]] std::string whole() const { return out_ + "}"; }

private:
    void begin(std::string_view name);

    std::string out_{"{"};
};

}  // namespace portcullis::sign
