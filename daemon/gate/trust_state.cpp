#include "gate/trust_state.hpp"

#include <algorithm>
#include <utility>

#include "codec/envelope.hpp"
#include "codec/trust_documents.hpp"
#include "core/time_text.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using codec::Refusal;
using codec::RefusalCause;
using trust::Standing;

const DocumentName root_name{DocumentKind::root, {}};
const DocumentName timestamp_name{DocumentKind::timestamp, {}};

DocumentRefused refused_kind(std::string_view received, DocumentKind kind, const Refusal& refusal) {
    return refused_document(received, text_of(kind), refusal);
}

DocumentMark taken_of(const trust::Floors& floors, const DocumentName& name) {
    const auto found = floors.taken.find(name);
    return found == floors.taken.end() ? DocumentMark{} : found->second.mark;
}

/// The payload of a document that this gate stored itself.
std::optional<std::string> stored_payload(const store::DocumentRow& row, const trust::Floors& floors) {
    const auto kind = enum_from<DocumentKind>(row.kind);
    if (!kind || taken_of(floors, {*kind, {}}) != DocumentMark{row.version, row.hash}) {
        return std::nullopt;
    }
    auto sealed = read_sealed(row.envelope, row.kind, codec::most_trust_envelope_bytes);
    if (!sealed || sealed->payload_hash != row.hash) {
        return std::nullopt;
    }
    return std::move(sealed->payload);
}

Refusal expired(const DocumentHead& head) {
    return {RefusalCause::expiry, "/expires", "expired at " + time_text(head.expires)};
}

}  // namespace

TrustState::TrustState(Audience audience, trust::Floors floors, const std::vector<store::DocumentRow>& documents)
    : audience_(std::move(audience)), floors_(std::move(floors)) {
    for (const auto& row : documents) {
        const bool is_root = row.kind == text_of(DocumentKind::root);
        if (!is_root && row.kind != text_of(DocumentKind::timestamp)) {
            continue;
        }
        const auto payload = stored_payload(row, floors_);
        if (payload && is_root) {
            takes_root(*payload);
        } else if (payload) {
            if (auto timestamp = codec::read_timestamp(*payload)) {
                timestamp_ = std::move(timestamp).value();
            }
        }
    }
}

/// Keeps the root only when its reader takes it, which it did when it was stored.
void TrustState::takes_root(const std::string& payload) {
    auto root = codec::read_root(payload);
    if (!root) {
        return;
    }
    if (auto roles = trust::Roles::of(*root)) {
        root_ = std::move(root).value();
        roles_ = std::move(roles).value();
    }
}

Provision TrustState::provision() const {
    if (root_) {
        return Provision::provisioned;
    }
    return floors_.taken.contains(root_name) ? Provision::root_missing : Provision::unprovisioned;
}

bool TrustState::timestamp_holds(WallTime wall) const {
    return timestamp_ && time(wall) < timestamp_->head.expires;
}

OrderTrust TrustState::orders(WallTime wall) const {
    OrderTrust orders;
    orders.time_floor = floors_.time;
    for (const auto& [name, mark] : floors_.named) {
        if (name.kind == DocumentKind::orders) {
            orders.named.emplace(name.authority, mark);
        }
    }
    const bool names_all =
        timestamp_ && std::all_of(floors_.named.begin(), floors_.named.end(), [&](const auto& named) {
            return named.first.kind != DocumentKind::orders || timestamp_->newest.contains(named.first);
        });
    if (names_all && !orders.named.empty()) {
        orders.named_at = timestamp_->head.issued;
    }
    if (!root_) {
        orders.keys.none_because = "this gate has no root: it is " + std::string{text_of(provision())};
    } else if (root_->head.expires <= time(wall)) {
        orders.keys.none_because = "the gate's root expired at " + time_text(root_->head.expires);
    } else {
        orders.keys.by_authority = roles_->of_orders();
        orders.keys.none_because = "not signed by the keys that the root names for an authority";
    }
    return orders;
}

std::optional<Refusal> TrustState::audience_of(const DocumentHead& head) const {
    return audience_refusal(head.terminal, head.gates, audience_.terminal, audience_.gate);
}

std::optional<DocumentRefused> TrustState::standing_refusal(std::string_view received, const DocumentName& name,
                                                            const DocumentMark& mark, WallTime issued,
                                                            bool held) const {
    const auto refusal = [&](RefusalCause cause, std::string why, std::optional<codec::BatchPlace> place) {
        auto refused = refused_kind(received, name.kind, {cause, "/version", std::move(why)});
        refused.number = mark.version;
        refused.place = place;
        return std::optional{std::move(refused)};
    };
    const auto newest = std::to_string(taken_of(floors_, name).version);
    switch (trust::standing_of(floors_, name, mark, issued)) {
        case Standing::newer:
            return std::nullopt;
        case Standing::repeated:
            if (!held) {
                return std::nullopt;
            }
            return refusal(RefusalCause::version, "is already in force", codec::BatchPlace::repeated);
        case Standing::older:
            return refusal(RefusalCause::version, "is older than what was taken: " + newest, std::nullopt);
        case Standing::other_hash:
            return refusal(RefusalCause::chain, "is known with other bytes", codec::BatchPlace::forked);
        case Standing::below_named:
            return refusal(RefusalCause::version,
                           "is older than what the timestamp names: " + std::to_string(floors_.named.at(name).version),
                           std::nullopt);
        case Standing::before_rotation:
            return refusal(RefusalCause::version, "was issued before its keys were replaced", std::nullopt);
    }
    return std::nullopt;
}

Result<TrustState::Opened, DocumentRefused> TrustState::unseal(std::string_view received, DocumentKind kind,
                                                               std::size_t most_bytes, WallTime wall) const {
    auto sealed = read_sealed(received, text_of(kind), most_bytes);
    if (!sealed) {
        return Failure{sealed.error()};
    }
    const auto refuse = [&](RefusalCause cause, std::string why) {
        return Failure{refused_kind(received, kind, {cause, "/signatures", std::move(why)})};
    };
    if (!root_) {
        return refuse(RefusalCause::signature, "this gate has no root: it is " + std::string{text_of(provision())});
    }
    if (kind != DocumentKind::root && root_->head.expires <= time(wall)) {
        return refuse(RefusalCause::expiry, "the gate's root expired at " + time_text(root_->head.expires));
    }
    const auto* const keys = roles_->of_kind(kind);
    if (keys == nullptr) {
        return refuse(RefusalCause::signature, "the root names no keys for this kind");
    }
    auto signers = sealed->signers(*keys);
    if (!signers) {
        return refuse(RefusalCause::signature, "not signed by enough of the keys that the root names");
    }
    return Opened{std::move(sealed).value(), std::move(*signers)};
}

TrustState::Step TrustState::step(std::string_view received, const DocumentName& name, const DocumentHead& head,
                                  Opened opened) const {
    const auto hash = opened.sealed.payload_hash;
    TakenDocument taken{name,
                        head,
                        taken_of(floors_, name).version,
                        hash,
                        std::move(opened.signers),
                        std::move(opened.sealed.payload),
                        {std::string{text_of(name.kind)}, {}, head.version, hash, std::string{received}}};
    auto after = std::make_shared<TrustState>(*this);
    if (name == timestamp_name) {
        after->timestamp_ = codec::read_timestamp(taken.payload).value();
        after->floors_ = trust::with_timestamp(floors_, *after->timestamp_, hash);
    } else if (name == root_name) {
        after->takes_root(taken.payload);
        after->floors_ = trust::with_root(floors_, root_ ? &*root_ : nullptr, *after->root_, hash);
        if (after->floors_.taken[timestamp_name].mark.version == 0) {
            after->timestamp_.reset();
        }
    } else {
        after->floors_ = trust::with_taken(floors_, name, {head.version, hash});
    }
    return {std::move(taken), std::move(after)};
}

Result<TrustState::Step, DocumentRefused> TrustState::begin(std::string_view received, WallTime wall) const {
    const auto refuse = [&](const Refusal& refusal) {
        return Failure{refused_kind(received, DocumentKind::root, refusal)};
    };
    if (provision() != Provision::unprovisioned) {
        return refuse({RefusalCause::version, "/version",
                       "this gate has a root already; a new one follows the old, signed by the keys of both"});
    }
    auto sealed = read_sealed(received, text_of(DocumentKind::root), codec::most_trust_envelope_bytes);
    if (!sealed) {
        return Failure{sealed.error()};
    }
    const auto root = codec::read_root(sealed->payload);
    if (!root) {
        return refuse(root.error());
    }
    const auto roles = trust::Roles::of(*root);
    if (!roles) {
        return refuse({RefusalCause::parse, "/keys", roles.error()});
    }
    auto signers = sealed->signers(*roles->of_kind(DocumentKind::root));
    if (!signers) {
        return refuse({RefusalCause::signature, "/signatures", "not signed by enough of its own root keys"});
    }
    if (const auto wrong = audience_of(root->head)) {
        return refuse(*wrong);
    }
    if (root->head.expires <= time(wall)) {
        return refuse(expired(root->head));
    }
    return step(received, root_name, root->head, {std::move(sealed).value(), std::move(*signers)});
}

/// The floors have outlived the root: its hash says which one it was, and nothing else can take its place.
Result<TrustState::Step, DocumentRefused> TrustState::root_by_hash(std::string_view received,
                                                                   const SealedDocument& sealed) const {
    const auto mark = taken_of(floors_, root_name);
    auto root = codec::read_root(sealed.payload);
    if (sealed.payload_hash != mark.hash || !root || root->head.version != mark.version) {
        return Failure{refused_kind(received, DocumentKind::root,
                                    {RefusalCause::chain, "/version",
                                     "the gate's root is missing: version " + std::to_string(mark.version) +
                                         " with SHA-256 " + hex_text(mark.hash) + " must come first"})};
    }
    const auto roles = trust::Roles::of(*root);
    auto signers = roles ? sealed.signers(*roles->of_kind(DocumentKind::root)) : std::nullopt;
    if (!signers) {
        return Failure{refused_kind(received, DocumentKind::root,
                                    {RefusalCause::signature, "/signatures", "not signed by its own root keys"})};
    }
    auto step = this->step(received, root_name, root->head, {sealed, std::move(*signers)});
    auto after = std::make_shared<TrustState>(*step.after);
    after->floors_ = floors_;  // nothing new was taken: what was known before still holds
    ++after->floors_.serial;
    step.after = std::move(after);
    return step;
}

Result<TrustState::Step, DocumentRefused> TrustState::open_root(std::string_view received, bool last,
                                                                WallTime wall) const {
    if (provision() == Provision::root_missing) {
        const auto sealed = read_sealed(received, text_of(DocumentKind::root), codec::most_trust_envelope_bytes);
        if (!sealed) {
            return Failure{sealed.error()};
        }
        return root_by_hash(received, *sealed);
    }
    auto opened = unseal(received, DocumentKind::root, codec::most_trust_envelope_bytes, wall);
    if (!opened) {
        return Failure{opened.error()};
    }
    const auto refuse = [&](const Refusal& refusal) {
        return Failure{refused_kind(received, DocumentKind::root, refusal)};
    };
    const auto root = codec::read_root(opened->sealed.payload);
    if (!root) {
        return refuse(root.error());
    }
    const auto roles = trust::Roles::of(*root);
    if (!roles) {
        return refuse({RefusalCause::parse, "/keys", roles.error()});
    }
    if (!opened->sealed.signers(*roles->of_kind(DocumentKind::root))) {
        return refuse({RefusalCause::signature, "/signatures", "not signed by enough of its own root keys"});
    }
    if (const auto wrong = audience_of(root->head)) {
        return refuse(*wrong);
    }
    if (auto wrong = standing_refusal(received, root_name, {root->head.version, opened->sealed.payload_hash},
                                      root->head.issued, true);
        wrong && !(wrong->place != codec::BatchPlace::forked && root->head.version == root_->head.version + 1)) {
        return Failure{std::move(*wrong)};
    }
    if (root->head.version != root_->head.version + 1) {
        return refuse({RefusalCause::chain, "/version",
                       "does not follow " + std::to_string(root_->head.version) + ": no root may be left out"});
    }
    const bool renews_time =
        trust::replaced(root_->roles.at(DocumentKind::timestamp), root->roles.at(DocumentKind::timestamp));
    if (last && root->head.expires <= (renews_time ? wall : time(wall))) {
        return refuse(expired(root->head));
    }
    return step(received, root_name, root->head, std::move(opened).value());
}

Result<TrustState::Step, DocumentRefused> TrustState::open_timestamp(std::string_view received, WallTime wall) const {
    auto opened = unseal(received, DocumentKind::timestamp, codec::most_trust_envelope_bytes, wall);
    if (!opened) {
        return Failure{opened.error()};
    }
    const auto refuse = [&](const Refusal& refusal) {
        return Failure{refused_kind(received, DocumentKind::timestamp, refusal)};
    };
    const auto timestamp = codec::read_timestamp(opened->sealed.payload);
    if (!timestamp) {
        return refuse(timestamp.error());
    }
    const auto& head = timestamp->head;
    if (const auto wrong = audience_of(head)) {
        return refuse(*wrong);
    }
    if (auto wrong = standing_refusal(received, timestamp_name, {head.version, opened->sealed.payload_hash},
                                      head.issued, timestamp_.has_value())) {
        return Failure{std::move(*wrong)};
    }
    if (const auto wrong = trust::contradiction(floors_, *timestamp)) {
        return refuse({RefusalCause::version, "/documents", *wrong});
    }
    if (head.expires <= time(wall)) {
        return refuse(expired(head));
    }
    return step(received, timestamp_name, head, std::move(opened).value());
}

Result<TrustState::Addressed, DocumentRefused> TrustState::unseal_and_read(std::string_view received, DocumentKind kind,
                                                                           std::size_t most_bytes,
                                                                           const HeadReader& read,
                                                                           WallTime wall) const {
    auto opened = unseal(received, kind, most_bytes, wall);
    if (!opened) {
        return Failure{opened.error()};
    }
    const auto head = read(opened->sealed.payload);
    if (!head) {
        return Failure{refused_kind(received, kind, head.error())};
    }
    if (const auto wrong = audience_of(*head)) {
        return Failure{refused_kind(received, kind, *wrong)};
    }
    return Addressed{std::move(opened).value(), *head};
}

Result<TrustState::Step, DocumentRefused> TrustState::open(std::string_view received, DocumentKind kind,
                                                           std::size_t most_bytes, const HeadReader& read,
                                                           const Holding& held, WallTime wall) const {
    auto addressed = unseal_and_read(received, kind, most_bytes, read, wall);
    if (!addressed) {
        return Failure{addressed.error()};
    }
    auto& [opened, head] = *addressed;
    const DocumentName name{kind, {}};
    const DocumentMark mark{head.version, opened.sealed.payload_hash};
    const bool comes_again = held.lost && *held.lost == mark && trust::only_outdone(floors_, name, mark, head.issued);
    auto wrong = standing_refusal(received, name, mark, head.issued, held.newest);
    if (wrong && !comes_again) {
        return Failure{std::move(*wrong)};
    }
    if (head.expires <= time(wall)) {
        return Failure{refused_kind(received, kind, expired(head))};
    }
    auto step = this->step(received, name, head, std::move(opened));
    if (comes_again) {
        step.after = std::make_shared<TrustState>(*this);  // its floor does not fall
    }
    return step;
}

Result<TrustState::Step, DocumentRefused> TrustState::open_unnumbered(std::string_view received, DocumentKind kind,
                                                                      std::size_t most_bytes, const HeadReader& read,
                                                                      WallTime wall) const {
    auto addressed = unseal_and_read(received, kind, most_bytes, read, wall);
    if (!addressed) {
        return Failure{addressed.error()};
    }
    auto& [opened, head] = *addressed;
    if (head.expires <= time(wall)) {
        return Failure{refused_kind(received, kind, expired(head))};
    }
    auto step = this->step(received, {kind, {}}, head, std::move(opened));
    step.after = std::make_shared<TrustState>(*this);
    return step;
}

}  // namespace portcullis::gate
