#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/clock.hpp"

namespace portcullis::fault {

struct FullDayPlan {
    std::filesystem::path folder;
    std::filesystem::path daemon;
    std::size_t passages = 24;          ///< on all lanes, before, while and after the disk is full
    std::chrono::seconds full_for{10};  ///< from the moment the lanes are out of service
    bool no_room_again = false;         ///< control: the disk stays full
};

/// What became of it.
struct FullDay {
    std::int64_t events_before = 0;  ///< at central when the disk was filled
    std::int64_t events = 0;         ///< at the end
    std::int64_t gaps = 0;           ///< sequences that are missing at central
    bool chain_ok = false;
    bool closed = false;              ///< the newest event is the stream's closing, so nothing is missing behind it
    bool went_full = false;           ///< the ballast was given, and lanes were out of service
    bool resumed = false;             ///< lanes are back and the outage is on record
    std::int64_t outages = 0;         ///< journal.outage
    std::int64_t detections = 0;      ///< vehicles that came meanwhile, as the outages say
    std::int64_t ups_while_full = 0;  ///< arm-ups from the moment that all lanes are out of service until room is made
    std::int64_t ups_after = 0;
    std::int64_t arm_ups = 0;
    std::vector<std::string> without_record;
    std::string trouble;  ///< what kept the day from its end
};

/// The built daemon with four lanes on a disk of a few MiB that somebody else fills, and empties again.
[[nodiscard]] FullDay play_full_day(const FullDayPlan& plan, const runtime::Clock& clock);

}  // namespace portcullis::fault
