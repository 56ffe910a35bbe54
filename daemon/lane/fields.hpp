#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/order.hpp"
#include "core/value.hpp"
#include "core/verdict.hpp"
#include "lane/passage.hpp"

namespace portcullis::lane {

/// Builds an object member by member, without copies.
class Fields {
public:
    explicit Fields(std::size_t expected) { object_.reserve(expected); }
    Fields& put(std::string_view name, Value value) {
        object_.emplace_back(name, std::move(value));
        return *this;
    }
    [[nodiscard]] const Object& peek() const { return object_; }
    [[nodiscard]] Object take() { return std::move(object_); }

private:
    Object object_;
};

[[nodiscard]] inline std::string_view yes_no(bool value) {
    return value ? "yes" : "no";
}

[[nodiscard]] inline std::int64_t whole_ms(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// events.md, basis block.
Fields& put_basis(Fields& fields, const Verdict& verdict);
/// events.md, actor block, where no person acted.
Fields& put_automatic_actor(Fields& fields);
/// Authority, order, container and control point of one place, and which of its passage's it is.
Fields& put_place(Fields& fields, const HeldPlace& held);
/// When each step of a passage was reached (events.md, passage.ended).
[[nodiscard]] Value times_value(const PassageTimes& times);
/// Whether an order was found for each box that the verdict judged.
[[nodiscard]] List coverage_of(const Verdict& verdict, Fullness fullness);
/// That of each box that the passage was identified with; nobody's orders are known for one that no verdict judged.
[[nodiscard]] List box_coverage(const Passage& passage);
/// The numbers of the boxes that the passage was identified with.
[[nodiscard]] List container_numbers(const Passage& passage);
/// Every plate that it was identified with.
[[nodiscard]] List plate_list(const Passage& passage);

}  // namespace portcullis::lane
