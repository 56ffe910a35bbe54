#include "gate/missing_documents.hpp"

#include <algorithm>

namespace portcullis::gate {

std::vector<DocumentKind> MissingDocuments::due(Instant now, const std::set<DocumentKind>& missing) {
    std::erase_if(rows_, [&](const auto& row) { return !missing.contains(row.first); });
    std::vector<DocumentKind> due;
    for (const auto kind : missing) {
        auto& row = rows_.try_emplace(kind, Row{now + first_after, first_after}).first->second;
        if (now >= row.next) {
            due.push_back(kind);
            row.pause = std::min(2 * row.pause, longest_pause);
            row.next = now + row.pause;
        }
    }
    return due;
}

std::set<DocumentKind> missing_by(const TrustState& trust) {
    std::set<DocumentKind> missing;
    if (trust.provision() == Provision::root_missing) {
        missing.insert(DocumentKind::root);
    }
    const auto& floors = trust.floors();
    for (const auto& [name, mark] : floors.named) {
        const auto taken = floors.taken.find(name);
        const auto version = taken == floors.taken.end() ? 0 : taken->second.mark.version;
        if (name.kind != DocumentKind::orders && mark.version > version) {
            missing.insert(name.kind);
        }
    }
    return missing;
}

}  // namespace portcullis::gate
