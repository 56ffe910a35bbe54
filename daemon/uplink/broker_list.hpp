#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace portcullis::uplink {

/// The brokers of one destination in the order of preference, and whose turn it is. Each failed attempt moves to the
/// next; a connection that held and then broke begins with the first again. A connection to a lower one is left only
/// when it fails: changing back by itself would break a good link.
class BrokerList {
public:
    /// At least one.
    explicit BrokerList(std::vector<std::string> brokers) : brokers_(std::move(brokers)) {}

    [[nodiscard]] const std::string& current() const { return brokers_.at(current_); }
    /// An attempt failed, or its connection did not hold. True when all have had their turn: time for a pause.
    [[nodiscard]] bool failed() {
        current_ = (current_ + 1) % brokers_.size();
        return current_ == 0;
    }
    /// A connection that held has ended.
    void ended() { current_ = 0; }

private:
    std::vector<std::string> brokers_;
    std::size_t current_ = 0;
};

}  // namespace portcullis::uplink
