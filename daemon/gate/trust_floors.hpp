#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "store/failure.hpp"
#include "trust/floors.hpp"

/// How floors are kept: in the journal's database, and a second time in the file `floors` beside it, so that neither an
/// older database nor an older file brings old documents back.
namespace portcullis::gate {

/// Canonical JSON.
[[nodiscard]] std::string floors_text(const trust::Floors& floors);
/// Or what is wrong with it.
[[nodiscard]] Result<trust::Floors, std::string> read_floors(std::string_view text);

/// What a start finds.
struct KeptFloors {
    trust::Floors floors;               ///< the newer of both copies
    std::optional<std::string> defect;  ///< a copy that cannot be read, or that was older
};

/// `in_database`: the text there, if any.
[[nodiscard]] KeptFloors load_floors(const std::filesystem::path& state, const std::optional<std::string>& in_database);
/// Writes the file, durably.
[[nodiscard]] std::optional<store::StoreFailure> save_floors(const std::filesystem::path& state,
                                                             const trust::Floors& floors);

}  // namespace portcullis::gate
