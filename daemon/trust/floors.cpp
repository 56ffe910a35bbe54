#include "trust/floors.hpp"

#include <algorithm>

#include "trust/roles.hpp"

namespace portcullis::trust {
namespace {

const RootRole* role_of(const RootDocument& root, const DocumentName& name) {
    if (name.kind == DocumentKind::orders) {
        const auto found = root.orders.find(name.authority);
        return found == root.orders.end() ? nullptr : &found->second;
    }
    const auto found = root.roles.find(name.kind);
    return found == root.roles.end() ? nullptr : &found->second;
}

bool rotated(const RootDocument& before, const RootDocument& now, const DocumentName& name) {
    const auto* const old_role = role_of(before, name);
    const auto* const new_role = role_of(now, name);
    return old_role != nullptr && new_role != nullptr && replaced(*old_role, *new_role);
}

void raise_time(Floors& floors, WallTime time) {
    floors.time = std::max(floors.time.value_or(time), time);
}

}  // namespace

Standing standing_of(const Floors& floors, const DocumentName& name, const DocumentMark& mark, WallTime issued) {
    const auto named = floors.named.find(name);
    if (named != floors.named.end() && mark.version == named->second.version && mark.hash != named->second.hash) {
        return Standing::other_hash;
    }
    const auto taken = floors.taken.find(name);
    if (taken != floors.taken.end()) {
        const auto& floor = taken->second;
        if (mark.version == floor.mark.version) {
            return mark.hash == floor.mark.hash ? Standing::repeated : Standing::other_hash;
        }
        if (mark.version < floor.mark.version) {
            return Standing::older;
        }
        if (floor.not_before && issued < *floor.not_before) {
            return Standing::before_rotation;
        }
    }
    if (named != floors.named.end() && mark.version < named->second.version) {
        return Standing::below_named;
    }
    return Standing::newer;
}

bool only_outdone(const Floors& floors, const DocumentName& name, const DocumentMark& mark, WallTime issued) {
    const auto taken = floors.taken.find(name);
    if (taken != floors.taken.end() && issued < taken->second.not_before.value_or(issued)) {
        return false;
    }
    const auto standing = standing_of(floors, name, mark, issued);
    return standing == Standing::older || standing == Standing::below_named;
}

WallTime time_of(const Floors& floors, WallTime wall) {
    return std::max(wall, floors.time.value_or(wall));
}

Floors with_taken(Floors floors, const DocumentName& name, const DocumentMark& mark) {
    floors.taken[name].mark = mark;  // `not_before` stays: it still keeps the old keys' documents out
    ++floors.serial;
    return floors;
}

Floors with_root(Floors floors, const RootDocument* before, const RootDocument& now, const Hash256& hash) {
    const DocumentName root{DocumentKind::root, {}};
    if (before != nullptr) {
        if (rotated(*before, now, {DocumentKind::timestamp, {}})) {
            floors.named.clear();
            floors.time.reset();
            floors.taken[{DocumentKind::timestamp, {}}] = {};
        }
        for (auto& [name, floor] : floors.taken) {
            if (name != root && rotated(*before, now, name)) {
                floor = {{}, now.head.issued};
                floors.named.erase(name);
            }
        }
    }
    raise_time(floors, now.head.issued);
    return with_taken(std::move(floors), root, {now.head.version, hash});
}

std::optional<std::string> contradiction(const Floors& floors, const TimestampDocument& timestamp) {
    for (const auto& [name, mark] : timestamp.newest) {
        const auto named = floors.named.find(name);
        if (named != floors.named.end() && mark.version < named->second.version) {
            return text_of(name) + " " + std::to_string(mark.version) + " is named, and " +
                   std::to_string(named->second.version) + " was before";
        }
        const auto taken = floors.taken.find(name);
        const bool other_than_named =
            named != floors.named.end() && mark.version == named->second.version && mark.hash != named->second.hash;
        const bool other_than_taken = taken != floors.taken.end() && mark.version == taken->second.mark.version &&
                                      mark.hash != taken->second.mark.hash;
        if (other_than_named || other_than_taken) {
            return text_of(name) + " " + std::to_string(mark.version) + " is known with other bytes";
        }
    }
    return std::nullopt;
}

Floors with_timestamp(Floors floors, const TimestampDocument& timestamp, const Hash256& hash) {
    for (const auto& [name, mark] : timestamp.newest) {
        floors.named[name] = mark;
    }
    raise_time(floors, timestamp.head.issued);
    return with_taken(std::move(floors), {DocumentKind::timestamp, {}}, {timestamp.head.version, hash});
}

std::string text_of(const DocumentName& name) {
    std::string text{portcullis::text_of(name.kind)};
    return name.authority.empty() ? text : text + " of " + name.authority.text();
}

}  // namespace portcullis::trust
