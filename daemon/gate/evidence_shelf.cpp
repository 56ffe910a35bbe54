#include "gate/evidence_shelf.hpp"

#include <algorithm>
#include <utility>

#include "core/time_text.hpp"
#include "core/value_members.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::gate {

Value note_of(const KeptPicture& picture) {
    return Object{{"passage", picture.passage.text()},
                  {"lane", picture.lane.text()},
                  {"device", picture.device.text()},
                  {"role", picture.role},
                  {"kind", picture.kind},
                  {"captured_at", time_text(picture.captured)},
                  {"bytes", picture.size},
                  {"class", text_of(picture.what)},
                  {"sent", List{picture.sent.begin(), picture.sent.end()}}};
}

std::optional<KeptPicture> picture_of(std::string_view sha256, const Value& note) {
    const auto hash = hash256_from_hex(sha256);
    const auto passage = PassageId::parse(text_member(note, "passage"));
    const auto captured = time_from_text(text_member(note, "captured_at"));
    const auto what = enum_from<EvidenceClass>(text_member(note, "class"));
    const auto* bytes = note.find("bytes");
    const auto* size = bytes == nullptr ? nullptr : bytes->get<std::int64_t>();
    if (!hash || !passage || !captured || !what || size == nullptr) {
        return std::nullopt;
    }
    KeptPicture picture;
    picture.sha256 = *hash;
    picture.passage = *passage;
    picture.lane = LaneName{text_member(note, "lane")};
    picture.device = DeviceName{text_member(note, "device")};
    picture.role = text_member(note, "role");
    picture.kind = text_member(note, "kind");
    picture.captured = *captured;
    picture.size = *size;
    picture.what = *what;
    const auto* sent = note.find("sent");
    const auto* list = sent == nullptr ? nullptr : sent->get<List>();
    for (const auto& one : list == nullptr ? List{} : *list) {
        if (const auto* destination = one.get<std::string>()) {
            picture.sent.insert(*destination);
        }
    }
    return picture;
}

EvidenceClass class_of_end(const Value& data) {
    const auto outcome = text_member(data, "outcome");
    const auto verdict = text_member(data, "verdict");
    const bool through = outcome == "cleared";
    if (verdict == "hold" || (through && verdict == "none")) {
        return EvidenceClass::held;
    }
    if (verdict == "inspect" || outcome == "diverted") {
        return EvidenceClass::inspected;
    }
    return through ? EvidenceClass::cleared : EvidenceClass::unfinished;
}

void EvidenceShelf::add(KeptPicture picture) {
    const auto sha256 = picture.sha256;
    const auto [place, fresh] = pictures_.emplace(sha256, std::move(picture));
    if (!fresh) {
        return;
    }
    const auto& kept = place->second;
    bytes_ += kept.size;
    order_.insert(place_of(kept));
    if (kept.what == EvidenceClass::open) {
        open_[kept.passage].push_back(sha256);
    }
}

void EvidenceShelf::remove(const Hash256& sha256) {
    const auto found = pictures_.find(sha256);
    if (found == pictures_.end()) {
        return;
    }
    bytes_ -= found->second.size;
    order_.erase(place_of(found->second));
    if (const auto open = open_.find(found->second.passage); open != open_.end()) {
        std::erase(open->second, sha256);
        if (open->second.empty()) {
            open_.erase(open);
        }
    }
    pictures_.erase(found);
}

std::vector<KeptPicture> EvidenceShelf::end(const PassageId& passage, EvidenceClass what) {
    std::vector<KeptPicture> ended;
    const auto open = open_.extract(passage);
    if (open.empty()) {
        return ended;
    }
    for (const auto& sha256 : open.mapped()) {
        auto& picture = pictures_.at(sha256);
        order_.erase(place_of(picture));
        picture.what = what;
        order_.insert(place_of(picture));
        ended.push_back(picture);
    }
    return ended;
}

const KeptPicture* EvidenceShelf::sent(const Hash256& sha256, const std::string& destination) {
    const auto found = pictures_.find(sha256);
    if (found == pictures_.end()) {
        return nullptr;
    }
    found->second.sent.insert(destination);
    return &found->second;
}

const KeptPicture* EvidenceShelf::find(const Hash256& sha256) const {
    const auto found = pictures_.find(sha256);
    return found == pictures_.end() ? nullptr : &found->second;
}

std::vector<Hash256> EvidenceShelf::all() const {
    std::vector<Hash256> hashes;
    hashes.reserve(pictures_.size());
    for (const auto& [sha256, picture] : pictures_) {
        hashes.push_back(sha256);
    }
    return hashes;
}

std::vector<KeptPicture> EvidenceShelf::to_go(std::int64_t bytes, std::int64_t budget) const {
    constexpr std::int64_t part = 20;
    std::vector<KeptPicture> going;
    if (bytes_ + bytes <= budget) {
        return going;
    }
    auto left = bytes_ + bytes;
    for (const auto& [what, captured, sha256] : order_) {
        if (what == EvidenceClass::open || left <= budget - budget / part) {
            break;
        }
        going.push_back(pictures_.at(sha256));
        left -= going.back().size;
    }
    return going;
}

std::vector<KeptPicture> EvidenceShelf::expired(WallTime now,
                                                const std::function<std::chrono::milliseconds(EvidenceClass)>& keep,
                                                std::size_t most) const {
    std::vector<KeptPicture> over;
    for (const auto& row : enum_texts<EvidenceClass>) {
        const auto before = now - keep(row.value);
        for (auto place = order_.lower_bound({row.value, WallTime{}, Hash256{}});
             place != order_.end() && std::get<0>(*place) == row.value && std::get<1>(*place) < before; ++place) {
            if (over.size() == most) {
                return over;
            }
            over.push_back(pictures_.at(std::get<2>(*place)));
        }
    }
    return over;
}

}  // namespace portcullis::gate
