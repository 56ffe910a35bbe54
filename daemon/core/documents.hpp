#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_text.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace portcullis {

/// What a signed document can be; each kind is a role of its own in the root (design.md 5).
enum class DocumentKind : std::uint8_t {
    root,
    timestamp,
    ruleset,
    orders,
    passes,
    vehicles,
    roster,
    staff,
    zone_result,
    sampling_key
};
template <>
inline constexpr auto enum_texts<DocumentKind> = std::to_array<EnumText<DocumentKind>>({
    {DocumentKind::root, "root"},
    {DocumentKind::timestamp, "timestamp"},
    {DocumentKind::ruleset, "ruleset"},
    {DocumentKind::orders, "orders"},
    {DocumentKind::passes, "passes"},
    {DocumentKind::vehicles, "vehicles"},
    {DocumentKind::roster, "roster"},
    {DocumentKind::staff, "staff"},
    {DocumentKind::zone_result, "zone_result"},
    {DocumentKind::sampling_key, "sampling_key"},
});

/// What every document says of itself before it says anything else.
struct DocumentHead {
    std::string terminal;
    std::vector<std::string> gates;  ///< `*` = every gate of the terminal
    std::int64_t version = 0;
    WallTime issued;
    WallTime expires;
    friend bool operator==(const DocumentHead&, const DocumentHead&) = default;
};

/// A public key as the root names it. The id is the beginning of the key's hash, which `trust` checks.
struct RootKey {
    std::string keyid;
    std::string name;  ///< for people
    std::array<std::uint8_t, 32> key{};
    friend bool operator==(const RootKey&, const RootKey&) = default;
};

/// Who may sign one kind of document, and how many of them must.
struct RootRole {
    std::vector<std::string> keyids;
    std::int64_t threshold = 1;
    friend bool operator==(const RootRole&, const RootRole&) = default;
};

/// The document that says whom a gate believes. `roles` holds `root` and `timestamp`, and no `orders`: these are by
/// authority.
struct RootDocument {
    DocumentHead head;
    std::vector<RootKey> keys;
    std::map<DocumentKind, RootRole> roles;
    std::map<Authority, RootRole> orders;
    friend bool operator==(const RootDocument&, const RootDocument&) = default;
};

/// Which document a floor or a timestamp speaks of; the authority only of orders.
struct DocumentName {
    DocumentKind kind = DocumentKind::root;
    Authority authority;
    friend bool operator==(const DocumentName&, const DocumentName&) = default;
    friend std::strong_ordering operator<=>(const DocumentName&, const DocumentName&) = default;
};

/// The newest version of a document that somebody vouches for.
struct DocumentMark {
    std::int64_t version = 0;
    Hash256 hash{};  ///< of the payload
    friend bool operator==(const DocumentMark&, const DocumentMark&) = default;
};

/// Short-lived: what is newest, so that nobody can hold newer documents back for longer than its life.
struct TimestampDocument {
    DocumentHead head;
    std::map<DocumentName, DocumentMark> newest;
    friend bool operator==(const TimestampDocument&, const TimestampDocument&) = default;
};

}  // namespace portcullis
