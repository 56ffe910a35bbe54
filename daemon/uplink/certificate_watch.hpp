#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uplink/tls_files.hpp"

namespace portcullis::uplink {

/// What a look at the files of a TLS connection found, compared with the looks before it.
enum class CertificateLook : std::uint8_t {
    same,
    changed,    ///< and has stood still since the last look: connect anew with them
    moving,     ///< other than in use, and other than at the last look: being written, perhaps
    unreadable  ///< changed, and not fit for use: stay with what the connection has
};

/// Sees that certificates were renewed. It reads files and blocks as they do: to be called on the worker that may.
/// A renewal writes several files one after another, so that only what two looks found alike is a change.
class CertificateWatch {
public:
    explicit CertificateWatch(TlsFiles files);

    /// The files as they are now are in use: a connection is about to be made with them.
    void taken();
    struct Found {
        CertificateLook look = CertificateLook::same;
        std::string problem;  ///< of `unreadable`: which file, and what is wrong
    };
    [[nodiscard]] Found look();

private:
    struct Mark {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = -1;  ///< -1: there is no such file
        std::int64_t changed_ns = 0;
        friend bool operator==(const Mark&, const Mark&) = default;
    };
    [[nodiscard]] std::vector<Mark> marks() const;
    /// The first file that cannot be what it has to be, or nothing.
    [[nodiscard]] std::string problem() const;

    TlsFiles files_;
    std::vector<Mark> used_;
    std::vector<Mark> seen_;
};

/// Empty when the file holds what a certificate or a key in PEM form has, otherwise what is wrong.
[[nodiscard]] std::string pem_problem(const std::string& path, const std::string& marker);

}  // namespace portcullis::uplink
