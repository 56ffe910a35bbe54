#include "tests/fault/power/crash_images.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::fault {
namespace {

constexpr std::size_t sector = 512;

/// The sectors of a write for which `there` is true.
template <class There>
void apply_sectors(const DiskOperation& write, DiskImage& image, const There& there) {
    for (std::size_t at = 0; at < write.bytes.size();) {
        const auto in_sector = sector - (write.offset + at) % sector;
        if (there(at)) {
            put({write.kind, write.file, write.offset + at, write.bytes.substr(at, in_sector)}, image);
        }
        at += in_sector;
    }
}

}  // namespace

CrashImages::CrashImages(DiskImage before, int random, std::uint32_t seed)
    : lasting_(std::move(before)), random_(random), dice_(seed) {}

void CrashImages::each(const std::vector<DiskOperation>& operations, const State& state) {
    states_at(0, state);
    for (std::size_t done = 0; done < operations.size(); ++done) {
        const auto& operation = operations[done];
        if (operation.kind == DiskOperation::Kind::sync) {
            const auto others = std::stable_partition(
                pending_.begin(), pending_.end(), [&](const auto& pending) { return pending.file == operation.file; });
            std::for_each(pending_.begin(), others, [this](const auto& pending) { put(pending, lasting_); });
            pending_.erase(pending_.begin(), others);
        } else {
            pending_.push_back(operation);
        }
        states_at(done + 1, state);
    }
}

void CrashImages::states_at(std::size_t cut_point, const State& state) {
    state(cut_point, lasting_);
    if (pending_.empty()) {
        return;
    }
    auto all = lasting_;
    for (const auto& pending : pending_) {
        put(pending, all);
    }
    state(cut_point, all);
    state(cut_point, all_but_torn_last());
    for (int i = 0; i < random_; ++i) {
        state(cut_point, random_part(false));
        state(cut_point, random_part(true));
    }
}

DiskImage CrashImages::all_but_torn_last() const {
    auto image = lasting_;
    std::for_each(pending_.begin(), pending_.end() - 1, [&](const auto& pending) { put(pending, image); });
    const auto& last = pending_.back();
    if (last.kind == DiskOperation::Kind::write) {
        apply_sectors(last, image, [&](std::size_t at) { return at < last.bytes.size() / 2; });
    }
    return image;
}

DiskImage CrashImages::random_part(bool torn) {
    auto image = lasting_;
    for (const auto& pending : pending_) {
        if (torn && pending.kind == DiskOperation::Kind::write) {
            apply_sectors(pending, image, [this](std::size_t) { return dice_() % 2 == 0; });
        } else if (dice_() % 2 == 0) {
            put(pending, image);
        }
    }
    return image;
}

}  // namespace portcullis::fault
