#pragma once

#include <string>

namespace portcullis::uplink {

/// Whom a TLS connection trusts and how the gate shows itself: PEM files that are read at each connect. Verification of
/// the broker and of its host name has no switch.
struct TlsFiles {
    std::string ca;           ///< empty: the authorities that the system trusts
    std::string certificate;  ///< with its chain; empty: none is shown
    std::string key;          ///< of that certificate, not encrypted
    friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

}  // namespace portcullis::uplink
