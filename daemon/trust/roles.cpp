#include "trust/roles.hpp"

#include <algorithm>
#include <utility>

#include "core/hash256.hpp"

namespace portcullis::trust {
namespace {

using Keys = std::map<std::string, PublicKey>;

/// The codec has seen that the keys of a role are there, each once, and that the threshold can be reached.
KeySet key_set(const RootRole& role, const Keys& keys) {
    std::vector<PublicKey> chosen;
    for (const auto& keyid : role.keyids) {
        chosen.push_back(keys.at(keyid));
    }
    return KeySet{std::move(chosen), static_cast<std::size_t>(role.threshold)};
}

}  // namespace

Result<Roles, std::string> Roles::of(const RootDocument& root) {
    Keys keys;
    for (const auto& named : root.keys) {
        auto key = PublicKey::parse(hex_text(named.key));
        if (!key) {
            return Failure{"the key of " + named.name + " is no Ed25519 public key"};
        }
        if (key->keyid() != named.keyid) {
            return Failure{"the key of " + named.name + " has the id " + key->keyid() + ", not " + named.keyid};
        }
        keys.emplace(named.keyid, std::move(*key));
    }
    Roles roles;
    for (const auto& [kind, role] : root.roles) {
        roles.kinds_.emplace(kind, key_set(role, keys));
    }
    for (const auto& [authority, role] : root.orders) {
        roles.orders_.emplace(authority, key_set(role, keys));
    }
    return roles;
}

const KeySet* Roles::of_kind(DocumentKind kind) const {
    const auto found = kinds_.find(kind);
    return found == kinds_.end() ? nullptr : &found->second;
}

bool replaced(const RootRole& before, const RootRole& now) {
    const auto kept = std::count_if(before.keyids.begin(), before.keyids.end(), [&](const std::string& keyid) {
        return std::find(now.keyids.begin(), now.keyids.end(), keyid) != now.keyids.end();
    });
    return kept < now.threshold;
}

}  // namespace portcullis::trust
