#pragma once

#include <cstdint>
#include <string>

#include "tests/fault/link/gate_end.hpp"

namespace portcullis::fault {

/// What a consumer has stored of a gate's stream, held against what the gate wrote. A stream is whole when every event
/// is there once, in order, with the gate's own bytes.
class StreamCount {
public:
    /// `holes_allowed`: for the controls that trust where they must not, a hole is a loss and no disorder.
    explicit StreamCount(const GateEnd& gate, bool holes_allowed = false)
        : gate_(gate), holes_allowed_(holes_allowed) {}

    void stored(std::int64_t sequence, const std::string& bytes);

    [[nodiscard]] std::int64_t stored() const { return stored_; }
    /// Written, and not stored.
    [[nodiscard]] std::int64_t lost() const { return gate_.last() - stored_; }
    [[nodiscard]] std::int64_t duplicated() const { return duplicated_; }
    /// Out of order, or with other bytes.
    [[nodiscard]] std::int64_t wrong() const { return wrong_; }
    /// Nothing is lost, and the gate knows it.
    [[nodiscard]] bool whole() const {
        return gate_.settled() && lost() == 0 && gate_.view().acknowledged == gate_.last();
    }

private:
    const GateEnd& gate_;
    bool holes_allowed_;
    std::int64_t stored_ = 0;
    std::int64_t newest_ = 0;
    std::int64_t duplicated_ = 0;
    std::int64_t wrong_ = 0;
};

}  // namespace portcullis::fault
