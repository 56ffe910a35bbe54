#include "store/quarantine.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <system_error>

#include "store/state_directory.hpp"

namespace portcullis::store {
namespace {

constexpr std::size_t line_size = 192;
constexpr auto first_chance = "first";
constexpr auto last_chance = "last";

std::string error_text(const std::filesystem::path& path, const char* what) {
    return path.string() + ": " + what + ": " + std::generic_category().message(errno);
}

}  // namespace

Quarantine::Quarantine(const std::filesystem::path& directory, std::string_view software)
    : directory_(directory), software_(software) {
    read_rows();
    look_at_last_reading();
    const auto file = directory_ / "reading";
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {
        problem_ = error_text(file, "cannot open");
    }
}

Quarantine::~Quarantine() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void Quarantine::read_rows() {
    std::istringstream text{read_small_file(directory_ / "quarantine")};
    std::string word;
    std::string hex;
    std::string software;
    while (rows_.size() < most_held && text >> word >> hex >> software) {
        const auto hash = hash256_from_hex(hex);
        if (hash && software == software_) {
            rows_.push_back({*hash, word == "suspect"});
        }
    }
}

void Quarantine::look_at_last_reading() {
    std::istringstream text{read_small_file(directory_ / "reading")};
    std::string hex;
    std::string chance;
    std::string software;
    text >> hex >> chance >> software;
    const auto hash = hash256_from_hex(hex);
    if (!hash || software != software_) {
        return;
    }
    const auto known = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.hash == *hash; });
    // What the line says holds however often it is looked at: a process may end before it writes another one.
    const bool suspect = chance == first_chance;
    if (known != rows_.end()) {
        known->suspect = suspect;
    } else {
        if (rows_.size() == most_held) {
            rows_.erase(rows_.begin());
        }
        rows_.push_back({*hash, suspect});
    }
    write_rows();
}

void Quarantine::write_rows() {
    std::string text;
    for (const auto& row : rows_) {
        text += (row.suspect ? "suspect " : "held ") + hex_text(row.hash) + " " + software_ + "\n";
    }
    if (const auto failed = write_small_file(directory_ / "quarantine", text)) {
        problem_ = failed->message;
    }
}

std::vector<Hash256> Quarantine::held() const {
    std::vector<Hash256> held;
    for (const auto& row : rows_) {
        if (!row.suspect) {
            held.push_back(row.hash);
        }
    }
    return held;
}

bool Quarantine::holds(const Hash256& hash) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.hash == hash && !row.suspect; });
}

std::string Quarantine::line_of(const Hash256& hash) const {
    const bool known = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.hash == hash; });
    auto line = hex_text(hash) + " " + (known ? last_chance : first_chance) + " " + software_;
    line.resize(line_size, ' ');
    line.back() = '\n';
    return line;
}

std::optional<StoreFailure> Quarantine::begin(const Hash256& hash) {
    const auto line = line_of(hash);
    // In place, at a fixed size: a full disk does not stand in the way.
    const bool kept = descriptor_ >= 0 &&
                      ::pwrite(descriptor_, line.data(), line.size(), 0) == static_cast<ssize_t>(line.size()) &&
                      ::fdatasync(descriptor_) == 0;
    if (!kept) {
        return StoreFailure{StoreFault::input_output, error_text(directory_ / "reading", "cannot write")};
    }
    return std::nullopt;
}

void Quarantine::end(const Hash256& hash) {
    // Not synced: the page is there for the next process, and a power cut at worst costs the document one chance.
    std::string blank(line_size, ' ');
    blank.back() = '\n';
    if (descriptor_ >= 0 && ::pwrite(descriptor_, blank.data(), blank.size(), 0) != static_cast<ssize_t>(line_size)) {
        problem_ = error_text(directory_ / "reading", "cannot write");
    }
    const auto before = rows_.size();
    std::erase_if(rows_, [&](const Row& row) { return row.hash == hash && row.suspect; });
    if (rows_.size() != before) {
        write_rows();
    }
}

}  // namespace portcullis::store
