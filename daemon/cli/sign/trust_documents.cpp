#include "cli/sign/trust_documents.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "cli/sign/sealing.hpp"
#include "codec/trust_documents.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "trust/base64.hpp"
#include "trust/floors.hpp"
#include "trust/hash.hpp"
#include "trust/key_set.hpp"
#include "trust/roles.hpp"

namespace portcullis::sign {
namespace {

std::vector<std::string> split(const std::string& text, char between) {
    std::vector<std::string> parts;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, between);) {
        parts.push_back(part);
    }
    return parts;
}

const RootKey* key_named(const RootDocument& root, const std::string& name) {
    const auto found =
        std::find_if(root.keys.begin(), root.keys.end(), [&](const RootKey& key) { return key.name == name; });
    return found == root.keys.end() ? nullptr : &*found;
}

template <class Change>
void each_role(RootDocument& root, const Change& change) {
    for (auto& [kind, role] : root.roles) {
        change(role);
    }
    for (auto& [authority, role] : root.orders) {
        change(role);
    }
}

std::optional<std::string> replace_key(RootDocument& root, const std::string& text) {
    const auto parts = split(text, '=');
    if (parts.size() != 3 || key_named(root, parts[0]) == nullptr) {
        return "--replace " + text + ": write OLD=NEW=KEY, where OLD is the name of a key of this root";
    }
    auto fresh = key_from_text(parts[1] + "=" + parts[2]);
    if (!fresh) {
        return fresh.error();
    }
    const auto old = key_named(root, parts[0])->keyid;
    each_role(root, [&](RootRole& role) { std::replace(role.keyids.begin(), role.keyids.end(), old, fresh->keyid); });
    std::erase_if(root.keys, [&](const RootKey& key) { return key.keyid == old; });
    root.keys.push_back(std::move(fresh).value());
    return std::nullopt;
}

std::optional<std::string> remove_key(RootDocument& root, const std::string& name) {
    const auto* const key = key_named(root, name);
    if (key == nullptr) {
        return "--remove " + name + ": this root has no key of that name";
    }
    const auto keyid = key->keyid;
    each_role(root, [&](RootRole& role) { std::erase(role.keyids, keyid); });
    std::erase_if(root.keys, [&](const RootKey& one) { return one.keyid == keyid; });
    return std::nullopt;
}

std::optional<std::string> change(RootDocument& root, const Rotation& rotation) {
    for (const auto& text : rotation.replaced) {
        if (auto wrong = replace_key(root, text)) {
            return wrong;
        }
    }
    for (const auto& text : rotation.added) {
        auto key = key_from_text(text);
        if (!key) {
            return key.error();
        }
        root.keys.push_back(std::move(key).value());
    }
    for (const auto& text : rotation.roles) {
        if (auto wrong = add_role(root, text)) {
            return wrong;
        }
    }
    for (const auto& name : rotation.removed) {
        if (auto wrong = remove_key(root, name)) {
            return wrong;
        }
    }
    return std::nullopt;
}

std::vector<trust::ClaimedSignature> claims_of(const ReadEnvelope& document) {
    std::vector<trust::ClaimedSignature> claims;
    for (const auto& one : document.envelope.signatures) {
        const auto bytes = trust::from_base64(one.sig);
        if (const auto signature = bytes ? trust::signature_from_bytes(*bytes) : std::nullopt) {
            claims.push_back({one.keyid, *signature});
        }
    }
    return claims;
}

std::string name_in(const RootDocument& root, const std::string& keyid) {
    const auto found =
        std::find_if(root.keys.begin(), root.keys.end(), [&](const RootKey& key) { return key.keyid == keyid; });
    return found == root.keys.end() ? std::string{} : " " + found->name;
}

/// Whether the keys that `root` names for this document signed it, and enough of them.
bool judged_by(const RootDocument& root, const ReadEnvelope& document, const DocumentName& name,
               std::ostringstream& out) {
    const auto roles = trust::Roles::of(root);
    const auto* keys = roles ? roles->of_kind(name.kind) : nullptr;
    if (roles && name.kind == DocumentKind::orders) {
        const auto found = roles->of_orders().find(name.authority);
        keys = found == roles->of_orders().end() ? nullptr : &found->second;
    }
    if (keys == nullptr) {
        out << "root " << root.head.version << ": names no keys for " << trust::text_of(name) << "\n";
        return false;
    }
    const auto signers = keys->signers(
        trust::pre_authentication_encoding(document.envelope.payload_type, document.payload), claims_of(document));
    for (const auto& keyid : signers) {
        out << "signed by " << keyid << name_in(root, keyid) << "\n";
    }
    const bool enough = keys->enough(signers);
    out << "root " << root.head.version << (enough ? ": accepted\n" : ": not signed by enough of its keys\n");
    return enough;
}

}  // namespace

Result<RootKey, std::string> key_from_text(const std::string& text) {
    const auto parts = split(text, '=');
    const auto key = parts.size() == 2 ? trust::PublicKey::parse(parts[1]) : std::nullopt;
    if (!key || parts[0].empty()) {
        return Failure{text + ": write NAME=KEY, where KEY is the public key that keygen printed"};
    }
    return RootKey{key->keyid(), parts[0], bytes_from_hex<32>(parts[1]).value()};
}

std::optional<std::string> add_role(RootDocument& root, const std::string& text) {
    const auto wrong =
        "--role " + text + ": write ROLE=THRESHOLD:NAME,NAME, such as root=2:alice,bob,carol or orders/ciq=1:ciq";
    const auto equals = text.find('=');
    const auto colon = text.find(':', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || colon == std::string::npos) {
        return wrong;
    }
    RootRole role;
    const auto number = text.substr(equals + 1, colon - equals - 1);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), role.threshold);
    if (read.ec != std::errc{} || read.ptr != number.data() + number.size()) {
        return wrong;
    }
    for (const auto& name : split(text.substr(colon + 1), ',')) {
        const auto* const key = key_named(root, name);
        if (key == nullptr) {
            return "--role " + text + ": there is no key " + name;
        }
        role.keyids.push_back(key->keyid);
    }
    const auto what = text.substr(0, equals);
    constexpr std::string_view orders = "orders/";
    if (what.starts_with(orders)) {
        root.orders.insert_or_assign(Authority{what.substr(orders.size())}, std::move(role));
        return std::nullopt;
    }
    const auto kind = enum_from<DocumentKind>(what);
    if (!kind || kind == DocumentKind::orders) {
        return wrong;
    }
    root.roles.insert_or_assign(*kind, std::move(role));
    return std::nullopt;
}

Result<RootDocument, std::string> rotated(RootDocument root, const Rotation& rotation) {
    ++root.head.version;
    if (auto wrong = change(root, rotation)) {
        return Failure{std::move(*wrong)};
    }
    return root;
}

Result<std::string, std::string> root_payload(const RootDocument& root) {
    auto payload = codec::write_root(root);
    const auto read = codec::read_root(payload);
    if (!read) {
        return Failure{read.error().message()};
    }
    if (const auto roles = trust::Roles::of(*read); !roles) {
        return Failure{roles.error()};
    }
    return payload;
}

Result<std::pair<DocumentName, DocumentMark>, std::string> mark_of(const std::filesystem::path& file) {
    const auto document = read_envelope_file(file);
    if (!document) {
        return Failure{document.error()};
    }
    const auto claim = codec::read_payload_claim(document->payload);
    if (!claim) {
        return Failure{file.string() + ": " + claim.error().message()};
    }
    return std::pair{claim->name, DocumentMark{claim->version, trust::sha256(document->payload)}};
}

Result<Inspection, std::string> inspect(const std::filesystem::path& file, const std::filesystem::path& root_file,
                                        std::optional<WallTime> at) {
    const auto document = read_envelope_file(file);
    if (!document) {
        return Failure{document.error()};
    }
    const auto claim = codec::read_payload_claim(document->payload);
    if (!claim) {
        return Failure{file.string() + ": " + claim.error().message()};
    }
    if (text_of(claim->name.kind) != document->kind) {
        return Failure{file.string() + ": its envelope says " + document->kind + " and its payload " +
                       std::string{text_of(claim->name.kind)}};
    }
    std::ostringstream out;
    out << trust::text_of(claim->name) << " " << claim->version << " for terminal " << claim->terminal << "\nsha256 "
        << hex_text(trust::sha256(document->payload)) << "\n";
    if (claim->issued) {
        out << "issued " << time_text(*claim->issued) << "\n";
    }
    bool accepted = true;
    if (claim->expires) {
        const bool over = at && *claim->expires <= *at;
        out << "expires " << time_text(*claim->expires) << (over ? " (expired)" : "") << "\n";
        accepted = !over;
    }
    if (root_file.empty()) {
        for (const auto& signature : document->envelope.signatures) {
            out << "claims a signature of " << signature.keyid << "\n";
        }
        return Inspection{out.str(), accepted};
    }
    const auto envelope = read_envelope_file(root_file);
    if (!envelope) {
        return Failure{envelope.error()};
    }
    const auto root = codec::read_root(envelope->payload);
    if (!root) {
        return Failure{root_file.string() + ": " + root.error().message()};
    }
    accepted = judged_by(*root, *document, claim->name, out) && accepted;
    if (const auto own = codec::read_root(document->payload); own && document->kind == "root") {
        accepted = judged_by(*own, *document, claim->name, out) && accepted;
    }
    return Inspection{out.str(), accepted};
}

}  // namespace portcullis::sign
