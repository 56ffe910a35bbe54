#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/evidence_class.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// A picture that was bound to a passage and whose file is there.
struct KeptPicture {
    Hash256 sha256{};
    PassageId passage;
    LaneName lane;
    DeviceName device;
    std::string role;
    std::string kind;
    WallTime captured;
    std::int64_t size = 0;
    EvidenceClass what = EvidenceClass::open;
    std::set<std::string> sent;  ///< destinations whose broker took all of it
};

/// As a note of the gate's, and back; nothing when it is none.
[[nodiscard]] Value note_of(const KeptPicture& picture);
[[nodiscard]] std::optional<KeptPicture> picture_of(std::string_view sha256, const Value& note);

/// What the end of a passage makes of its pictures: `data` of passage.ended.
[[nodiscard]] EvidenceClass class_of_end(const Value& data);

/// Which pictures are kept, and which is to go next: the oldest of the least protected class, and never one of a
/// passage that has not ended. Touches no file.
class EvidenceShelf {
public:
    /// One that is there already stays as it is.
    void add(KeptPicture picture);
    void remove(const Hash256& sha256);
    /// The pictures of a passage that ended, with their class now.
    [[nodiscard]] std::vector<KeptPicture> end(const PassageId& passage, EvidenceClass what);

    /// A destination's broker took it; the picture as it is now, or nothing when it has gone.
    [[nodiscard]] const KeptPicture* sent(const Hash256& sha256, const std::string& destination);

    [[nodiscard]] const KeptPicture* find(const Hash256& sha256) const;
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }
    [[nodiscard]] std::size_t count() const { return pictures_.size(); }
    [[nodiscard]] std::vector<Hash256> all() const;

    /// What must go before `bytes` more fit into `budget`, and a twentieth of it more; empty when they fit. Less than
    /// that when the rest is of open passages.
    [[nodiscard]] std::vector<KeptPicture> to_go(std::int64_t bytes, std::int64_t budget) const;
    /// At most `most` of those that were captured longer ago than their class is kept.
    [[nodiscard]] std::vector<KeptPicture> expired(WallTime now,
                                                   const std::function<std::chrono::milliseconds(EvidenceClass)>& keep,
                                                   std::size_t most) const;

private:
    using Place = std::tuple<EvidenceClass, WallTime, Hash256>;
    [[nodiscard]] static Place place_of(const KeptPicture& picture) {
        return {picture.what, picture.captured, picture.sha256};
    }

    std::map<Hash256, KeptPicture> pictures_;
    std::set<Place> order_;
    std::map<PassageId, std::vector<Hash256>> open_;
    std::int64_t bytes_ = 0;
};

}  // namespace portcullis::gate
