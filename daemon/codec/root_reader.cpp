#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "codec/document_head.hpp"
#include "codec/json.hpp"
#include "codec/order_authority.hpp"
#include "codec/order_words.hpp"
#include "codec/trust_documents.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr JsonLimits root_limits{most_trust_payload_bytes, 6};

bool is_keyid(std::string_view text) {
    return bytes_from_hex<8>(text).has_value();
}

RootKey read_key(ObjectReader reader) {
    RootKey key;
    key.keyid = reader.text("keyid");
    if (!is_keyid(key.keyid)) {
        reader.refuse("keyid", "must be 16 lower-case hex digits");
    }
    key.name = reader.text("name", longest_identifier);
    const auto bytes = bytes_from_hex<32>(reader.text("key"));
    if (bytes) {
        key.key = *bytes;
    } else {
        reader.refuse("key", "must be 64 lower-case hex digits");
    }
    reader.refuse_unknown_members();
    return key;
}

std::vector<RootKey> read_keys(ObjectReader& reader) {
    std::vector<RootKey> keys;
    const auto& items = reader.array("keys");
    if (items.size() > most_root_keys) {
        reader.refuse("keys", "more than " + std::to_string(most_root_keys), RefusalCause::limits);
        return keys;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        keys.push_back(read_key(ObjectReader{items[i], pointer_to("/keys", i), reader.refusal()}));
        if (!seen.insert(keys.back().keyid).second) {
            reader.refuse_item("keys", i, "is there twice");
        }
    }
    return keys;
}

RootRole read_role(ObjectReader reader, const std::vector<RootKey>& keys) {
    RootRole role;
    role.keyids = reader.optional_texts("keys", most_role_keys).value_or(std::vector<std::string>{});
    std::set<std::string> seen;
    for (std::size_t i = 0; i < role.keyids.size(); ++i) {
        const auto& keyid = role.keyids[i];
        if (std::none_of(keys.begin(), keys.end(), [&](const RootKey& key) { return key.keyid == keyid; })) {
            reader.refuse_item("keys", i, "\"" + keyid + "\" is no key of this root");
        }
        if (!seen.insert(keyid).second) {
            reader.refuse_item("keys", i, "is there twice: a key counts once");
        }
    }
    role.threshold = reader.integer("threshold", 1, most_role_keys);
    if (role.threshold > static_cast<std::int64_t>(role.keyids.size())) {
        reader.refuse("threshold", "is more than there are keys: no signatures could ever be enough");
    }
    reader.refuse_unknown_members();
    return role;
}

void read_order_roles(const json::value& value, const std::string& pointer, FirstRefusal& refusal, RootDocument& root) {
    const auto* authorities = value.if_object();
    if (authorities == nullptr || authorities->size() > most_authorities) {
        refusal.add({RefusalCause::parse, pointer,
                     "must be an object of at most " + std::to_string(most_authorities) + " authorities"});
        return;
    }
    for (const auto& [name, role] : *authorities) {
        const std::string authority{name};
        const auto place = pointer_to(pointer, authority);
        if (!is_order_authority(authority)) {
            refusal.add({RefusalCause::parse, place, is_not(order_authority_form)});
        }
        root.orders.emplace(Authority{authority}, read_role(ObjectReader{role, place, refusal}, root.keys));
    }
}

void read_roles(ObjectReader& reader, RootDocument& root) {
    const auto* value = reader.find("roles");
    if (value == nullptr) {
        reader.refuse("roles", "is missing");
        return;
    }
    ObjectReader roles{*value, "/roles", reader.refusal()};
    for (const auto& [kind, word] : enum_texts<DocumentKind>) {
        const auto* role = roles.find(word);
        const auto pointer = pointer_to("/roles", word);
        if (kind == DocumentKind::orders) {
            if (role != nullptr) {
                read_order_roles(*role, pointer, reader.refusal(), root);
            }
        } else if (role != nullptr) {
            root.roles.emplace(kind, read_role(ObjectReader{*role, pointer, reader.refusal()}, root.keys));
        } else if (kind == DocumentKind::root || kind == DocumentKind::timestamp) {
            roles.refuse(word, "is missing: without it no root could follow, or nothing would say what is newest");
        }
    }
    roles.refuse_unknown_members();
}

Value role_value(const RootRole& role) {
    List keyids;
    for (const auto& keyid : role.keyids) {
        keyids.emplace_back(keyid);
    }
    return Object{{"keys", std::move(keyids)}, {"threshold", role.threshold}};
}

}  // namespace

Result<RootDocument, Refusal> read_root(std::string_view payload) {
    const auto document = parse_json(payload, root_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    RootDocument root;
    root.head = read_document_head(reader, DocumentKind::root);
    root.keys = read_keys(reader);
    read_roles(reader, root);
    reader.refuse_unknown_members();
    if (refusal) {
        return Failure{refusal.get()};
    }
    return root;
}

std::string write_root(const RootDocument& root) {
    List keys;
    for (const auto& key : root.keys) {
        keys.emplace_back(Object{{"keyid", key.keyid}, {"name", key.name}, {"key", hex_text(key.key)}});
    }
    Object roles;
    for (const auto& [kind, role] : root.roles) {
        roles.emplace_back(text_of(kind), role_value(role));
    }
    if (!root.orders.empty()) {
        Object orders;
        for (const auto& [authority, role] : root.orders) {
            orders.emplace_back(authority.text(), role_value(role));
        }
        roles.emplace_back(text_of(DocumentKind::orders), std::move(orders));
    }
    auto members = document_head_members(root.head, DocumentKind::root);
    members.emplace_back("keys", std::move(keys));
    members.emplace_back("roles", std::move(roles));
    const auto text = canonical_text(Value{std::move(members)});
    if (!text) {
        throw std::invalid_argument{"root document: " + text.error().message()};
    }
    return *text;
}

}  // namespace portcullis::codec
