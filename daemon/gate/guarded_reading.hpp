#pragma once

#include <string_view>

#include "gate/document_gate.hpp"
#include "store/quarantine.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

/// Reads a document with `read`, unless it has ended this process before (see store::Quarantine). Without a quarantine,
/// or when that cannot write, the document is read all the same: orders that hold must not be lost to a full disk.
template <class Read>
auto read_guarded(store::Quarantine* quarantine, std::string_view received, std::string_view kind, const Read& read)
    -> decltype(read()) {
    if (quarantine == nullptr) {
        return read();
    }
    const auto hash = trust::sha256(received);
    if (quarantine->holds(hash)) {
        return Failure{refused_document(
            received, kind,
            {codec::RefusalCause::quarantined, "",
             "it ended the daemon when it was read before; another version of the software reads it again"})};
    }
    const auto failed = quarantine->begin(hash);
    auto result = read();
    if (!failed) {
        quarantine->end(hash);
    }
    return result;
}

}  // namespace portcullis::gate
