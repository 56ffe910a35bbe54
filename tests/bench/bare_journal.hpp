#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "store/journal.hpp"

namespace portcullis::bench {

/// What SQLite itself costs: the journal's settings and its table of events, three prepared statements, nothing else.
class BareJournal {
public:
    /// Throws std::runtime_error when the database cannot be opened.
    explicit BareJournal(const std::filesystem::path& file);
    ~BareJournal();
    BareJournal(const BareJournal&) = delete;
    BareJournal& operator=(const BareJournal&) = delete;
    BareJournal(BareJournal&&) = delete;
    BareJournal& operator=(BareJournal&&) = delete;

    void append(const store::EventRow& row);
    /// As often as the journal does.
    [[nodiscard]] bool checkpoint_due() const;
    void checkpoint();

private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

}  // namespace portcullis::bench
