#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace portcullis::uplink {

/// The newest value of each `state/…` topic. A value that was not sent before the next one came is never sent: what a
/// dashboard wants is now, and the board stays as large as the gate has lanes and devices.
class StateBoard {
public:
    void set(const std::string& topic, std::string payload) {
        auto& row = rows_[topic];
        if (row.payload != payload) {
            row = {std::move(payload), true};
        }
    }
    /// A broker that was restarted has lost its retained values: all are to be sent again.
    void all_again() {
        for (auto& [topic, row] : rows_) {
            row.waiting = true;
        }
    }
    struct Entry {
        std::string topic;
        std::string payload;
    };
    /// The next value to send, taking turns; nothing when all are sent.
    [[nodiscard]] std::optional<Entry> take() {
        if (rows_.empty()) {
            return std::nullopt;
        }
        auto row = rows_.upper_bound(last_taken_);
        for (std::size_t i = 0; i < rows_.size(); ++i, ++row) {
            if (row == rows_.end()) {
                row = rows_.begin();
            }
            if (row->second.waiting) {
                row->second.waiting = false;
                last_taken_ = row->first;
                return Entry{row->first, row->second.payload};
            }
        }
        return std::nullopt;
    }

private:
    struct Row {
        std::string payload;
        bool waiting = false;
    };
    std::map<std::string, Row> rows_;
    std::string last_taken_;
};

}  // namespace portcullis::uplink
