#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/event.hpp"
#include "runtime/clock.hpp"

namespace portcullis::fault {

/// The events of one passage after another, as large as life: the published examples, in the order in which a lane
/// records them.
class PassageEvents {
public:
    /// `examples`: `docs/events/examples`. Throws std::runtime_error when one is not there.
    PassageEvents(const std::filesystem::path& examples, const runtime::Clock& clock);

    [[nodiscard]] Event next();

private:
    const runtime::Clock& clock_;
    std::vector<Event> passage_;
    std::size_t next_ = 0;
};

}  // namespace portcullis::fault
