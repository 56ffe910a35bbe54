#include "tests/fault/link/stream_count.hpp"

#include <algorithm>

#include "trust/hash.hpp"

namespace portcullis::fault {

void StreamCount::stored(std::int64_t sequence, const std::string& bytes) {
    ++stored_;
    if (sequence <= newest_) {
        ++duplicated_;
    } else if (sequence != newest_ + 1 && !holes_allowed_) {
        ++wrong_;
    }
    newest_ = std::max(newest_, sequence);
    if (hex_text(trust::sha256(bytes)) != gate_.digest(sequence)) {
        ++wrong_;
    }
}

}  // namespace portcullis::fault
