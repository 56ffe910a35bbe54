#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/measures.hpp"
#include "core/result.hpp"
#include "core/value.hpp"

namespace portcullis::codec {

inline constexpr std::string_view zone_result_kind = "zone_result";
inline constexpr std::size_t most_zone_result_bytes = std::size_t{64} * 1024;

/// What an inspection concluded, and for whom that is.
struct ZoneResultDocument {
    std::string terminal;
    std::vector<std::string> gates;  ///< `*` = every gate of the terminal
    WallTime issued;
    WallTime expires;  ///< after it no gate takes the document, and none that has it lets it answer
    ZoneResult result;
    std::map<std::string, std::string, std::less<>> measurements;  ///< for the record: name to text
};

/// Reads the payload of a zone result (docs/central/zone_result.schema.json), strictly.
[[nodiscard]] Result<ZoneResultDocument, Refusal> read_zone_result(std::string_view payload);

/// The payload of a zone result, as `read_zone_result` takes it: canonical JSON.
[[nodiscard]] std::string write_zone_result(const ZoneResultDocument& document);

/// The members of the document that say what was concluded, without persons.
[[nodiscard]] Object zone_result_members(const ZoneResult& result);

}  // namespace portcullis::codec
