#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "drivers/transport/modbus_request.hpp"

namespace portcullis::drivers {

/// The answers that units of a line still owe: RTU numbers no question, so a late answer looks like that of the next
/// question of the same shape (function and length). A unit answers in the order of its questions: an answer of
/// another shape proves that what was asked before it does not come any more. Pure.
class OwedAnswers {
public:
    /// What must be done so that the answer to `request` can be no other's.
    struct Plan {
        /// Ask this first, a part of the request, and only when it is answered the request itself.
        std::optional<ModbusRequest> first = std::nullopt;
        /// No question of another shape can be made of it: listen on to the end of the time, and take the last answer.
        bool listen_on = false;
    };
    [[nodiscard]] Plan plan(const ModbusRequest& request) const;

    void asked(const ModbusRequest& request);
    /// A good answer, or an exception, to the question asked last.
    void answered(const ModbusRequest& request);
    /// Bytes came that nobody had asked for: the answer to `last` may have been another's, and its own may come yet.
    void doubted(const ModbusRequest& last) { asked(last); }

private:
    struct Shape {
        std::uint8_t function = 0;
        std::size_t length = 0;
        friend bool operator==(const Shape&, const Shape&) = default;
    };
    [[nodiscard]] static Shape shape_of(const ModbusRequest& request);
    /// Questions asked since the newest one that owes this shape; `most_owed` when none does.
    [[nodiscard]] std::size_t age_of(std::uint8_t unit, const Shape& shape) const;
    /// Of one unit. One that never answers owes no more.
    static constexpr std::size_t most_owed = 32;

    std::map<std::uint8_t, std::vector<Shape>> owed_;  // of each unit, oldest first
};

}  // namespace portcullis::drivers
