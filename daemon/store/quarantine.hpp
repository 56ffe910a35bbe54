#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash256.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// Remembers which document is being read, so that one that ends the process is not read again at each start: brokers
/// keep documents and deliver them for ever. Whatever ended the process meanwhile may have nothing to do with the
/// document (power, somebody's kill, too little memory), so it gets one more chance; when the process ends at that one
/// too, the document is held back. Another version of the software reads it again. Two small files in the state
/// directory: `reading`, and `quarantine`.
class Quarantine {
public:
    static constexpr std::size_t most_held = 16;

    Quarantine(const std::filesystem::path& directory, std::string_view software);
    ~Quarantine();
    Quarantine(const Quarantine&) = delete;
    Quarantine& operator=(const Quarantine&) = delete;
    Quarantine(Quarantine&&) = delete;
    Quarantine& operator=(Quarantine&&) = delete;

    /// Why it does not work; nothing = it does.
    [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }
    /// The documents that are held back, by the SHA-256 of their bytes as received.
    [[nodiscard]] std::vector<Hash256> held() const;
    [[nodiscard]] bool holds(const Hash256& hash) const;
    /// Before the first byte is looked at; durable when it returns without a failure.
    [[nodiscard]] std::optional<StoreFailure> begin(const Hash256& hash);
    void end(const Hash256& hash);

private:
    /// `suspect`: the process ended at it, once.
    struct Row {
        Hash256 hash{};
        bool suspect = false;
    };
    void read_rows();
    void look_at_last_reading();
    void write_rows();
    [[nodiscard]] std::string line_of(const Hash256& hash) const;

    std::filesystem::path directory_;
    std::string software_;
    int descriptor_ = -1;
    std::vector<Row> rows_;
    std::optional<std::string> problem_;
};

}  // namespace portcullis::store
