#pragma once

#include <filesystem>
#include <string>

namespace portcullis::fault {

/// What breaks a journal or an order cache on purpose, for the controls: a proof that does not find it proves nothing.
/// Each leaves what SQLite takes for whole. `file_system` as store::JournalSettings.
struct Doctor {
    std::filesystem::path directory;
    std::string file_system;

    /// The entry in the middle is not there.
    void remove_an_entry() const;
    /// The newest entry says something else, hashed as it should be: only who holds the old hash can tell.
    void forge_the_newest_entry() const;
    /// Half of the orders are those of a batch that is not whole.
    void mix_two_batches() const;
    /// The journal is one of the schema before this version's. `forgetful`: without its newest entry.
    void age_the_journal(bool forgetful) const;
};

}  // namespace portcullis::fault
