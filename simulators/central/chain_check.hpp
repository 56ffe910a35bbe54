#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/central/crypto.hpp"

namespace portcullis::central {

/// The event schemas: which values of an event are personal (`x-personal`, `x-personal-if`; docs/events/README.md).
class EventSchemas {
public:
    /// All `*.json` of a folder. Throws std::runtime_error when there are none.
    explicit EventSchemas(const std::filesystem::path& folder);

    /// JSON pointers of the personal values of an event; nothing when its schema is not known.
    [[nodiscard]] std::optional<std::vector<std::string>> personal(const boost::json::value& event) const;

private:
    struct Node;
    void walk(const boost::json::value& schema, const Node& node, std::vector<std::string>& found) const;
    void walk_children(const boost::json::object& schema, const Node& node, std::vector<std::string>& found) const;
    [[nodiscard]] const boost::json::value& resolve(std::string_view reference) const;

    std::map<std::string, boost::json::value, std::less<>> schemas_;  ///< by `$id`
};

/// The record of an event: without salt and previous hash, each personal value replaced by its digest. An erased event
/// has no salt, and the digests already.
[[nodiscard]] std::string record_of(boost::json::value event, const std::vector<std::string>& personal);

/// Recomputes the chain of one stream, event by event.
class ChainCheck {
public:
    explicit ChainCheck(const EventSchemas& schemas) : schemas_(&schemas) {}

    /// What is wrong with the next event, or nothing. `bytes` as received, `event` parsed from them.
    [[nodiscard]] std::optional<std::string> next(std::string_view bytes, const boost::json::value& event);
    /// h(n) of the newest event.
    [[nodiscard]] const Digest& hash() const { return hash_; }

private:
    const EventSchemas* schemas_;
    Digest hash_{};  ///< h(0) is 64 zeros
};

}  // namespace portcullis::central
