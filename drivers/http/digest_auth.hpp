#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/credential.hpp"

/// How a client shows user and password: Basic (RFC 7617) and Digest (RFC 7616). Pure but for the hashes.
namespace portcullis::drivers {

enum class DigestAlgorithm : std::uint8_t { md5, sha256 };

/// One `WWW-Authenticate` that this client can answer.
struct Challenge {
    bool digest = false;  ///< otherwise Basic
    std::string realm;
    std::string nonce;
    std::string opaque;
    DigestAlgorithm algorithm = DigestAlgorithm::md5;
    bool qop_auth = false;  ///< otherwise the old form of RFC 2069
    bool stale = false;     ///< the password was good, the nonce too old
};

/// The strongest of all challenges of an answer's `WWW-Authenticate` fields that can be answered: Digest SHA-256, then
/// Digest MD5, then Basic. Nothing when there is none: another scheme, `-sess`, `auth-int` only, or text that is none.
[[nodiscard]] std::optional<Challenge> best_challenge(const std::vector<std::string>& fields);

/// What is asked, and with which randomness.
struct AuthorizedRequest {
    std::string_view method = "GET";
    std::string_view target;
    std::uint32_t count = 1;  ///< how often this nonce has been used, this time included
    std::string_view cnonce;  ///< the client's own; unused without `qop_auth`
};

/// The value of `Authorization`.
[[nodiscard]] std::string authorization(const Challenge& challenge, const Credential& credential,
                                        const AuthorizedRequest& request);

/// `Basic …` of a credential.
[[nodiscard]] std::string basic_authorization(const Credential& credential);

/// Lower-case hex.
[[nodiscard]] std::string digest_hex(DigestAlgorithm algorithm, std::string_view text);

}  // namespace portcullis::drivers
