#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace portcullis {

/// A text with a meaning of its own, so that a lane's name cannot be passed where a device's is wanted.
template <class Tag>
class Tagged {
public:
    Tagged() = default;
    explicit Tagged(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

    friend bool operator==(const Tagged&, const Tagged&) = default;
    friend std::strong_ordering operator<=>(const Tagged& left, const Tagged& right) {
        return left.text_.compare(right.text_) <=> 0;
    }

private:
    std::string text_;
};

}  // namespace portcullis

template <class Tag>
struct std::hash<portcullis::Tagged<Tag>> {
    std::size_t operator()(const portcullis::Tagged<Tag>& value) const noexcept {
        return std::hash<std::string>{}(value.text());
    }
};
