#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::codec {

/// Which nodes of an event hold personal values: a tree along the event's own, only where there are any.
struct PersonalMarks {
    bool always = false;                ///< `x-personal`
    std::string decided_by;             ///< `x-personal-if`: the sibling member that decides, or empty
    std::vector<std::string> decisive;  ///< and the values of it that make this node personal
    std::map<std::string, PersonalMarks, std::less<>> members;
    std::unique_ptr<PersonalMarks> items;

    [[nodiscard]] bool empty() const { return !always && decided_by.empty() && members.empty() && !items; }
};

/// The types of events and what is personal in them, read from the schemas in docs/events.
class EventCatalogue {
public:
    /// Throws std::runtime_error when a schema is no schema or refers to one that is not there: start-up stops.
    explicit EventCatalogue(std::span<const std::string_view> schemas);

    /// The marks of `passage.detected`'s data, or nullptr when there is no such type.
    [[nodiscard]] const PersonalMarks* find(std::string_view type) const;
    /// `passage.detected`, …, sorted.
    [[nodiscard]] std::vector<std::string> types() const;
    /// The personal places of a type as pointers, `*` for every item of a list and `?kind=plate|tag` behind a place
    /// that a sibling decides about.
    [[nodiscard]] std::vector<std::string> personal_pointers(std::string_view type) const;

private:
    std::map<std::string, PersonalMarks, std::less<>> marks_of_data_;
};

}  // namespace portcullis::codec
