#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_text.hpp"
#include "core/result.hpp"

namespace portcullis {

/// ISO 6346 category: U freight container, J detachable equipment, Z trailer or chassis.
enum class ContainerCategory : std::uint8_t { freight, equipment, chassis };

/// Why a text is no container number.
enum class ContainerDefect : std::uint8_t {
    empty,
    too_short,
    too_long,
    bad_character,
    owner_not_letters,
    category_not_letter,
    ilu,  ///< EN 13044 category A, B, D, E, K: same arithmetic, not ISO 6346
    category_unknown,
    serial_not_digits,
    check_digit
};
template <>
inline constexpr auto enum_texts<ContainerDefect> = std::to_array<EnumText<ContainerDefect>>({
    {ContainerDefect::empty, "empty"},
    {ContainerDefect::too_short, "too_short"},
    {ContainerDefect::too_long, "too_long"},
    {ContainerDefect::bad_character, "bad_character"},
    {ContainerDefect::owner_not_letters, "owner_not_letters"},
    {ContainerDefect::category_not_letter, "category_not_letter"},
    {ContainerDefect::ilu, "ilu"},
    {ContainerDefect::category_unknown, "category_unknown"},
    {ContainerDefect::serial_not_digits, "serial_not_digits"},
    {ContainerDefect::check_digit, "check_digit"},
});

struct ContainerNumberError {
    ContainerDefect defect = ContainerDefect::empty;
    std::size_t position = 0;                 ///< of the first wrong character in the normalised text
    std::optional<char> expected_check = {};  ///< for `check_digit`: what it must be
    [[nodiscard]] std::string message() const;
};

/// A valid ISO 6346 number: form and check digit hold. That is no proof that it was read rightly.
class ContainerNumber {
public:
    /// Upper-cases, strips space, hyphen and dot, folds full-width forms; anything else is a defect. Never repairs.
    [[nodiscard]] static Result<ContainerNumber, ContainerNumberError> parse(std::string_view text);
    /// From the key of contracts.md 4, or nothing when it is no valid number's key.
    [[nodiscard]] static std::optional<ContainerNumber> from_packed(std::uint64_t key);

    /// `(((o1·32 + o2)·32 + o3)·4 + c)·2^24 + serial·16 + check`; number order is text order.
    [[nodiscard]] std::uint64_t packed() const { return packed_; }
    /// Eleven characters.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] ContainerCategory category() const;
    /// The remainder was 10 and prints as 0: legal, discouraged, weaker (ISO 6346; domain.md 1.1).
    [[nodiscard]] bool check_digit_ten() const;

    friend auto operator<=>(const ContainerNumber&, const ContainerNumber&) = default;

private:
    explicit ContainerNumber(std::uint64_t packed) : packed_(packed) {}
    std::uint64_t packed_ = 0;
};

/// The text as parse() sees it: upper case, without separators, full-width forms folded; other characters kept.
[[nodiscard]] std::string normalised_container_text(std::string_view text);

/// One way to mend one character across classes (domain.md 1.5, table T1).
struct ContainerRepair {
    ContainerNumber number;
    std::size_t position = 0;
};

/// All valid numbers at exactly one confusable character across classes. Taking one is policy, not parsing: only
/// if there is exactly one, an order is known for it, and the lane allows it.
[[nodiscard]] std::vector<ContainerRepair> container_repairs(std::string_view text);

}  // namespace portcullis
