#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/enum_text.hpp"

namespace portcullis::store {

/// What became of a transaction. `full` = rolled back, nothing of it is written, try again when there is room.
/// `unknown` = it may or may not be there after a restart: the process must stop (hazards: fsync errors).
enum class StoreOutcome : std::uint8_t { committed, full, unknown };

/// Why a store could not be opened, read or written.
enum class StoreFault : std::uint8_t {
    second_daemon,  ///< another process owns the state directory
    newer_schema,   ///< written by a newer version: nothing was touched
    not_ours,       ///< some other application's database
    corrupt,        ///< damaged
    full,           ///< no room: rolled back, nothing of it is written
    input_output    ///< the file system said no
};

struct StoreFailure {
    StoreFault fault = StoreFault::input_output;
    std::string message;  ///< names the file and what to do
};

/// Called before a store's file is read whole, which may take long.
using AnnounceCheck = std::function<void(const std::string& file, std::uintmax_t bytes)>;

}  // namespace portcullis::store

template <>
inline constexpr auto portcullis::enum_texts<portcullis::store::StoreOutcome> =
    std::to_array<portcullis::EnumText<portcullis::store::StoreOutcome>>({
        {portcullis::store::StoreOutcome::committed, "committed"},
        {portcullis::store::StoreOutcome::full, "full"},
        {portcullis::store::StoreOutcome::unknown, "unknown"},
    });
template <>
inline constexpr auto portcullis::enum_texts<portcullis::store::StoreFault> =
    std::to_array<portcullis::EnumText<portcullis::store::StoreFault>>({
        {portcullis::store::StoreFault::second_daemon, "second_daemon"},
        {portcullis::store::StoreFault::newer_schema, "newer_schema"},
        {portcullis::store::StoreFault::not_ours, "not_ours"},
        {portcullis::store::StoreFault::corrupt, "corrupt"},
        {portcullis::store::StoreFault::full, "full"},
        {portcullis::store::StoreFault::input_output, "input_output"},
    });
