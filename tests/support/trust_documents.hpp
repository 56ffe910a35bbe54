#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "codec/envelope.hpp"
#include "codec/trust_documents.hpp"
#include "core/documents.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"
#include "trust/signature.hpp"

/// Keys and documents of a made-up port, for whatever tests trust. Only for tests.
namespace portcullis::testing {

/// Always the same key for the same name.
inline trust::SigningKey key_of(const std::string& name) {
    return trust::SigningKey::from_seed(hex_text(trust::sha256(name))).value();
}

inline RootKey root_key(const std::string& name) {
    const auto key = key_of(name).public_key();
    return {key.keyid(), name, bytes_from_hex<32>(key.text()).value()};
}

inline WallTime at(std::string_view text) {
    return time_from_text(text).value();
}

using Names = std::vector<std::string>;

inline codec::EnvelopeSignature signature_of(const std::string& name, std::string_view kind,
                                             const std::string& payload) {
    const auto signature = key_of(name).sign(trust::pre_authentication_encoding(codec::payload_type_of(kind), payload));
    return {key_of(name).public_key().keyid(),
            trust::to_base64({reinterpret_cast<const char*>(signature.data()), signature.size()})};
}

/// A payload in its envelope, signed by these.
inline std::string sealed(std::string_view kind, const std::string& payload, const Names& names) {
    codec::Envelope envelope{codec::payload_type_of(kind), trust::to_base64(payload), {}};
    for (const auto& name : names) {
        envelope.signatures.push_back(signature_of(name, kind, payload));
    }
    return codec::write_envelope(envelope);
}

/// The root of the port: two of alice, bob and carol; a timestamp key; two of three for rulesets; keys for the orders
/// of two authorities.
inline RootDocument a_root(std::int64_t version = 1) {
    RootDocument root;
    root.head = {"xmht", {"*"}, version, at("2026-01-01T00:00:00.000Z"), at("2027-01-01T00:00:00.000Z")};
    for (const auto* name : {"alice", "bob", "carol", "clock", "rita", "ralf", "rosa", "ciq", "customs"}) {
        root.keys.push_back(root_key(name));
    }
    const auto role = [](std::int64_t threshold, const Names& names) {
        RootRole made{{}, threshold};
        for (const auto& name : names) {
            made.keyids.push_back(root_key(name).keyid);
        }
        return made;
    };
    root.roles[DocumentKind::root] = role(2, {"alice", "bob", "carol"});
    root.roles[DocumentKind::timestamp] = role(1, {"clock"});
    root.roles[DocumentKind::ruleset] = role(2, {"rita", "ralf", "rosa"});
    root.orders[Authority{"ciq"}] = role(1, {"ciq"});
    root.orders[Authority{"customs"}] = role(1, {"customs"});
    return root;
}

/// Another key in the place of one, in each role.
inline RootDocument with_key_replaced(RootDocument root, const std::string& old, const std::string& fresh) {
    const auto swap = [&](RootRole& role) {
        for (auto& keyid : role.keyids) {
            keyid = keyid == root_key(old).keyid ? root_key(fresh).keyid : keyid;
        }
    };
    for (auto& [kind, role] : root.roles) {
        swap(role);
    }
    for (auto& [authority, role] : root.orders) {
        swap(role);
    }
    std::erase_if(root.keys, [&](const RootKey& key) { return key.name == old; });
    root.keys.push_back(root_key(fresh));
    return root;
}

inline std::string sealed_root(const RootDocument& root, const Names& names = {"alice", "bob"}) {
    return sealed("root", codec::write_root(root), names);
}

inline TimestampDocument a_timestamp(std::int64_t version = 1) {
    TimestampDocument timestamp;
    timestamp.head = {"xmht", {"*"}, version, at("2026-11-24T00:00:00.000Z"), at("2026-11-25T00:00:00.000Z")};
    return timestamp;
}

inline std::string sealed_timestamp(const TimestampDocument& timestamp, const Names& names = {"clock"}) {
    return sealed("timestamp", codec::write_timestamp(timestamp), names);
}

}  // namespace portcullis::testing
