#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/enum_text.hpp"

namespace portcullis::codec {

/// Why a document is refused (events.md, document.refused).
enum class RefusalCause : std::uint8_t {
    size,
    signature,
    audience,
    version,
    expiry,
    chain,
    parse,
    limits,
    cases,
    quarantined
};

}  // namespace portcullis::codec

template <>
inline constexpr auto portcullis::enum_texts<portcullis::codec::RefusalCause> =
    std::to_array<portcullis::EnumText<portcullis::codec::RefusalCause>>({
        {portcullis::codec::RefusalCause::size, "size"},
        {portcullis::codec::RefusalCause::signature, "signature"},
        {portcullis::codec::RefusalCause::audience, "audience"},
        {portcullis::codec::RefusalCause::version, "version"},
        {portcullis::codec::RefusalCause::expiry, "expiry"},
        {portcullis::codec::RefusalCause::chain, "chain"},
        {portcullis::codec::RefusalCause::parse, "parse"},
        {portcullis::codec::RefusalCause::limits, "limits"},
        {portcullis::codec::RefusalCause::cases, "cases"},
        {portcullis::codec::RefusalCause::quarantined, "quarantined"},
    });

namespace portcullis::codec {

/// The first thing that is wrong with a document or payload: it is refused whole and changes nothing.
struct Refusal {
    RefusalCause cause = RefusalCause::parse;
    std::string pointer;  ///< RFC 6901; empty = the document itself
    std::string reason;
    std::string hint = {};  ///< for people: `did you mean …?`, or empty

    /// `/orders/3/container: check digit must be 3`
    [[nodiscard]] std::string message() const {
        return (pointer.empty() ? std::string{"document"} : pointer) + ": " + reason;
    }
};

}  // namespace portcullis::codec
