#pragma once

#include <chrono>
#include <map>
#include <set>
#include <vector>

#include "core/documents.hpp"
#include "core/time.hpp"
#include "gate/trust_state.hpp"

namespace portcullis::gate {

/// Which kinds of documents central is asked for, and when: a broker keeps them for whoever subscribes, so that none
/// should be missing; what is missing all the same is asked for after a minute, and then ever more seldom. Pure.
class MissingDocuments {
public:
    static constexpr std::chrono::minutes first_after{1};
    static constexpr std::chrono::minutes longest_pause{16};

    /// What to ask for now, of what is missing now.
    [[nodiscard]] std::vector<DocumentKind> due(Instant now, const std::set<DocumentKind>& missing);

private:
    struct Row {
        Instant next;
        std::chrono::minutes pause;
    };
    std::map<DocumentKind, Row> rows_;
};

/// Kinds of which the timestamp names a newer one than was taken, and a root that is gone. Orders have ways of their
/// own.
[[nodiscard]] std::set<DocumentKind> missing_by(const TrustState& trust);

}  // namespace portcullis::gate
