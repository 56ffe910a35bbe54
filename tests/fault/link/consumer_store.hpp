#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace portcullis::fault {

/// Reads the database of docs/central/consumer.py: each event of the newest stream in the order of its sequence.
/// Throws std::runtime_error when it cannot be read.
void read_consumer_store(const std::filesystem::path& file,
                         const std::function<void(std::int64_t sequence, const std::string& bytes)>& event);

}  // namespace portcullis::fault
