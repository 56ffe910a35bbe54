#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::run {

/// An event as central received it.
struct SeenEvent {
    std::int64_t sequence = 0;
    std::string name;     ///< `verdict.issued`
    std::string lane;     ///< empty when it is of no lane
    std::string device;   ///< empty when its subject is none
    std::string passage;  ///< empty when it is of none
    boost::json::object data;
};

/// Throws std::exception when the bytes are no event.
[[nodiscard]] SeenEvent read_event(std::string_view published);

/// A text member of an event's data, or nothing told as an empty text.
[[nodiscard]] std::string text_of(const SeenEvent& event, std::string_view member);

/// What is on record of one passage.
struct PassageRecord {
    std::string id;
    std::vector<std::string> events;  ///< names in order, with those of the gate that belong to the story
    std::string verdict;              ///< of its last verdict.issued; empty = none
    std::vector<std::string> reasons;
    std::vector<std::int64_t> rulesets;  ///< versions that gave its verdicts, each once
    int arm_ups = 0;
    int greens = 0;                        ///< times that the light at the arm went green
    std::string outcome;                   ///< of passage.ended; empty = still open
    std::vector<std::string> orders_used;  ///< containers, of passage.ended
};

/// What is on record of one lane since a story began in it: passages in the order in which they were detected.
class LaneRecord {
public:
    void take(const SeenEvent& event);

    [[nodiscard]] const std::vector<PassageRecord>& passages() const { return passages_; }
    [[nodiscard]] const std::vector<std::string>& events() const { return events_; }
    [[nodiscard]] std::size_t ended() const;

private:
    PassageRecord& passage(const std::string& id);

    std::vector<PassageRecord> passages_;
    std::vector<std::string> events_;
};

}  // namespace portcullis::run
