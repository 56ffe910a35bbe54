#include "gate/sampling_keys.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/hash256.hpp"
#include "gate/box_measures.hpp"
#include "store/state_directory.hpp"
#include "supervision/declared.hpp"
#include "trust/base64.hpp"
#include "trust/draw.hpp"

namespace portcullis::gate {
namespace {

constexpr std::string_view root_attribute = "declaration_root";

/// The first of each chain of declarations that the orders of a box name, sorted.
std::vector<std::string> roots_of(const std::vector<const ReleaseOrder*>& orders) {
    std::set<std::string> roots;
    for (const auto* order : orders) {
        const auto declarations = order->declarations.value_or(std::vector<std::string>{});
        const auto root = order->attributes.find(root_attribute);
        if (!declarations.empty() && root != order->attributes.end()) {
            roots.insert(root->second);
        } else {
            roots.insert(declarations.begin(), declarations.end());
        }
    }
    return {roots.begin(), roots.end()};
}

/// The smallest ticket of all declarations: any that is drawn draws the box.
struct Smallest {
    std::int64_t ticket = trust::never_drawn + 1;
    std::string declaration;
};

Smallest smallest_of(const trust::SamplingSecret& key, const std::vector<std::string>& declarations,
                     const std::string& purpose, const std::string& terminal, const std::string& container,
                     std::int64_t boxes_ppm) {
    Smallest smallest;
    for (const auto& declaration : declarations) {
        const auto ticket = trust::box_ticket(key, {purpose, terminal, declaration, container}, boxes_ppm);
        if (ticket < smallest.ticket) {
            smallest = {ticket, declaration};
        }
    }
    return smallest;
}

}  // namespace

Result<trust::BoxKeyPair, store::StoreFailure> open_box_key(const std::filesystem::path& state, const IdSource& ids) {
    const auto file = state / "box.key";
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) {
        const auto secret = hex_text(ids()) + hex_text(ids());
        if (auto failure = store::write_small_file(file, secret + "\n")) {
            return Failure{std::move(*failure)};
        }
        return trust::BoxKeyPair::parse(secret).value();
    }
    auto text = store::read_small_file(file);
    if (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    auto key = trust::BoxKeyPair::parse(text);
    if (!key) {
        return Failure{store::StoreFailure{store::StoreFault::not_ours,
                                           file.string() + ": cannot be read, or is not 64 hex digits; restore it, or "
                                                           "move it away to begin with a new key, to which "
                                                           "central must seal the sampling keys again"}};
    }
    return std::move(*key);
}

SamplingKeys::SamplingKeys(trust::BoxKeyPair box, std::string terminal, std::string gate)
    : box_(std::move(box)), terminal_(std::move(terminal)), gate_(std::move(gate)) {}

std::optional<trust::SamplingSecret> SamplingKeys::opened(const codec::SamplingKeyDocument& document) const {
    const auto sealed = trust::from_base64(document.sealed);
    return sealed ? box_.open(*sealed) : std::nullopt;
}

std::optional<codec::Refusal> SamplingKeys::refusal_of(const codec::SamplingKeyDocument& document) const {
    using codec::RefusalCause;
    if (document.terminal != terminal_) {
        return codec::Refusal{RefusalCause::audience, "/terminal", "is not for " + terminal_};
    }
    if (document.gate != gate_) {
        return codec::Refusal{RefusalCause::audience, "/gate", "is not for " + gate_};
    }
    if (!opened(document)) {
        return codec::Refusal{RefusalCause::signature, "/sealed", "was not sealed to this gate's key " + public_key()};
    }
    return std::nullopt;
}

std::optional<codec::Refusal> SamplingKeys::take(const codec::SamplingKeyDocument& document, const Hash256& payload) {
    if (auto refused = refusal_of(document)) {
        return refused;
    }
    const auto gone = gone_for(document);
    keys_.insert_or_assign(document.key_id, Held{document.to, opened(document).value(), payload});
    if (gone) {
        keys_.erase(*gone);
    }
    return std::nullopt;
}

std::optional<std::string> SamplingKeys::gone_for(const codec::SamplingKeyDocument& document) const {
    if (keys_.size() < most_keys || keys_.contains(document.key_id)) {
        return std::nullopt;
    }
    const auto first = std::min_element(keys_.begin(), keys_.end(), [](const auto& left, const auto& right) {
        return left.second.to < right.second.to;
    });
    return first->second.to < document.to ? first->first : document.key_id;
}

bool SamplingKeys::holds(const std::string& key_id, const Hash256& payload) const {
    const auto held = keys_.find(key_id);
    return held != keys_.end() && held->second.payload == payload;
}

const trust::SamplingSecret* SamplingKeys::key_at(const Sampling& sampling, const DecisionBasis& basis,
                                                  std::string& key_id) const {
    const auto row = std::find_if(sampling.keys.begin(), sampling.keys.end(), [&](const SamplingKey& key) {
        return key.gate == gate_ && key.from <= basis.now.wall - basis.clock_band &&
               basis.now.wall + basis.clock_band < key.to;
    });
    if (row == sampling.keys.end()) {
        return nullptr;
    }
    const auto held = keys_.find(row->id);
    if (held == keys_.end() || held->second.secret.commitment() != row->commitment) {
        return nullptr;
    }
    key_id = row->id;
    return &held->second.secret;
}

void SamplingKeys::draw(const supervision::CompiledRuleset& ruleset, const OrdersFound& found,
                        const DecisionBasis& basis, PassageFacts& facts) const {
    const auto& sampling = ruleset.ruleset().sampling;
    DrawBasis draw;
    const auto* key = key_at(sampling, basis, draw.key_id);
    if (key == nullptr) {
        return;
    }
    draw.boxes_ppm = sampling.boxes_ppm;
    for (const auto& box : facts.identity.containers) {
        draw.declarations = roots_of(supervision::orders_that_count(found.orders, box.number, facts, basis));
        if (draw.declarations.empty()) {
            continue;
        }
        const auto ticket = [&](const std::string& purpose) {
            return smallest_of(*key, draw.declarations, purpose, terminal_, box.number.text(), sampling.boxes_ppm);
        };
        auto& measures = measures_of(facts, box.number);
        const auto sampled = ticket("sampling");
        draw.declaration = sampled.declaration;
        measures.tickets = {{"sampling", sampled.ticket}};
        for (const auto& rule : ruleset.rules()) {
            if (rule.rule->outcome == VerdictOutcome::inspect && rule.rule->rate_ppm < trust::draw_range) {
                measures.tickets.push_back({rule.key, ticket(rule.key).ticket});
            }
        }
        measures.draw = draw;
    }
}

void SamplingKeys::tell(const PassageFacts& facts, Verdict& verdict) {
    for (auto& box : verdict.boxes) {
        for (const auto& measures : facts.measures.boxes) {
            if (box.container == measures.container) {
                box.draw = measures.draw;
            }
        }
    }
}

}  // namespace portcullis::gate
