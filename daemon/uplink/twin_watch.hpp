#pragma once

#include <optional>
#include <utility>

#include "uplink/messages.hpp"

namespace portcullis::uplink {

/// Sees that another gate speaks on our topics. A broker that gives our session to it without a word (mosquitto 2.0.11)
/// leaves one trace: its `status`, found there at our next connect. One look proves little, since a broker may have
/// come up with retained messages of another day; two in a row that each found another connection of somebody else do.
class TwinWatch {
public:
    explicit TwinWatch(ProcessId own) : own_(own) {}

    /// Whose status stood on our topic when we connected. True when somebody lives there beside us.
    [[nodiscard]] bool found(const StatusOwner& owner) {
        looked_ = true;
        if (owner.process == own_) {
            changes_ = 0;
        } else if (any_look_ && owner != foreign_) {
            ++changes_;
        }
        foreign_ = owner.process == own_ ? std::nullopt : std::optional{owner};
        any_look_ = true;
        return changes_ >= changes_most;
    }
    /// Somebody was there once: worth a line in the log.
    [[nodiscard]] bool suspects() const { return changes_ == 1; }
    /// A connection is about to be made …
    void begin() { looked_ = false; }
    /// … and stands. Where nothing was found, nobody is there.
    void connected() {
        if (!std::exchange(looked_, true)) {
            forget();
        }
        any_look_ = true;
    }
    /// An operator's word that the other one is gone.
    void forget() {
        changes_ = 0;
        foreign_.reset();
    }

private:
    static constexpr int changes_most = 2;

    ProcessId own_;
    std::optional<StatusOwner> foreign_;  ///< of the last look
    int changes_ = 0;        ///< looks in a row that found somebody else, and not the one of the look before
    bool any_look_ = false;  ///< what stands there at the first may be as old as the broker
    bool looked_ = false;
};

}  // namespace portcullis::uplink
