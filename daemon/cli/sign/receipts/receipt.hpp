#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::sign {

/// How the arm came up.
enum class ArmUp : std::uint8_t { none, automatic, person, emergency, other };

struct ReceiptBox {
    std::string number;
    std::string size_type;  ///< empty: not read
};

/// One passage as an old system is told of it (过闸回执). An empty text is not known.
struct Receipt {
    std::string id;  ///< `g07-31`: gate, and the sequence of the event that ended the passage
    std::string terminal;
    std::string gate;
    std::string lane;
    std::string way;
    WallTime ended;
    std::string outcome;
    std::string movement;
    std::string fullness;
    std::vector<std::string> plates;  ///< tractor, trailer, others
    std::vector<std::string> tags;
    std::vector<std::string> documents;
    std::vector<ReceiptBox> boxes;
    std::optional<std::int64_t> gross_kg;
    std::vector<std::string> seals;
    std::vector<std::string> orders;
    std::vector<std::string> declarations;
    std::string verdict;
    std::string zone;
    std::vector<std::string> reasons;
    ArmUp arm = ArmUp::none;
    std::string person;  ///< who decided or opened
    std::vector<std::string> evidence;
    bool test = false;
    bool whole = false;  ///< its first event was there too
};

/// `full` or `empty`, as judged or as the movement says; empty when neither says it or they contradict each other.
[[nodiscard]] std::string_view fullness_of(const Receipt& receipt);

/// Puts the events of passages together. They come in the order of their stream.
class ReceiptMaker {
public:
    /// The receipt, when this event ended a passage.
    [[nodiscard]] std::optional<Receipt> take(const Value& event);
    /// Personal values that were erased or withheld, and are left empty.
    [[nodiscard]] std::int64_t withheld() const { return withheld_; }
    /// Passages that were given up because too many were open.
    [[nodiscard]] std::int64_t given_up() const { return given_up_; }
    /// Passages that have not ended.
    [[nodiscard]] std::size_t open() const { return open_.size(); }

private:
    [[nodiscard]] std::string text(const Value& data, std::string_view name);
    [[nodiscard]] std::vector<std::string> texts(const Value& data, std::string_view name);
    [[nodiscard]] std::string said(const std::string& text);
    void note(std::string_view type, const Value& data, Receipt& receipt);
    void note_identity(const Value& data, Receipt& receipt);
    void note_verdict(const Value& data, Receipt& receipt);
    void end(const Value& event, const Value& data, Receipt& receipt);

    std::map<std::string, Receipt, std::less<>> open_;
    std::int64_t withheld_ = 0;
    std::int64_t given_up_ = 0;
};

}  // namespace portcullis::sign
