#pragma once

#include <chrono>

#include "runtime/clock.hpp"

namespace portcullis::fault {

/// What became of links whose other end fell silent without a word.
struct HalfOpen {
    std::chrono::milliseconds idle_found{};  ///< after the silence, a link on which nothing was to be sent
    std::chrono::milliseconds busy_found{};  ///< one with an event now and then
    bool patient_stays = false;              ///< control: one with a keep alive of an hour still believes in its link
    bool back = false;                       ///< the two came back once the other end spoke again
};

/// A broker that stops to read and to answer while its connections stay open, with this keep alive.
/// Throws std::runtime_error when no session comes to begin with, or no end of it.
[[nodiscard]] HalfOpen half_open(const runtime::Clock& clock, std::chrono::seconds keep_alive);

}  // namespace portcullis::fault
