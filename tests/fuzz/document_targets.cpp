// Documents and commands that come over the uplink or from a file.
#include <string>

#include "codec/command_claim.hpp"
#include "codec/envelope.hpp"
#include "codec/order_snapshot.hpp"
#include "codec/orders.hpp"
#include "codec/passes_document.hpp"
#include "codec/ruleset.hpp"
#include "codec/sampling_key_document.hpp"
#include "codec/trust_documents.hpp"
#include "codec/vehicles_document.hpp"
#include "codec/zone_result_document.hpp"
#include "target.hpp"
#include "trust/base64.hpp"

namespace portcullis::fuzz {

namespace {

using codec::Refusal;

template <class Value>
void require_reason(const Result<Value, Refusal>& read) {
    require(read.ok() || !read.error().reason.empty());
}

/// What is written of a document that was read is read as the same document.
template <class Value>
void require_same_again(const Result<Value, Refusal>& read, Result<Value, Refusal> (*reader)(std::string_view),
                        std::string (*writer)(const Value&)) {
    require_reason(read);
    if (read) {
        const auto written = writer(*read);
        const auto again = reader(written);
        require(again.ok() && writer(*again) == written);
    }
}

}  // namespace

void fuzz_documents(Input input) {
    enum Kind : std::uint8_t {
        ruleset,
        passes,
        zone_result,
        root,
        timestamp,
        sampling_key,
        snapshot,
        vehicles,
        claim,
        kinds
    };
    const auto kind = static_cast<Kind>(input.byte() % kinds);
    const auto text = input.text();
    switch (kind) {
        case ruleset:
            require_same_again(codec::read_ruleset(text), codec::read_ruleset, codec::write_ruleset);
            require(codec::ruleset_refusals(text, 5).size() <= 5);
            break;
        case passes:
            require_same_again(codec::read_passes(text), codec::read_passes, codec::write_passes);
            break;
        case zone_result:
            require_same_again(codec::read_zone_result(text), codec::read_zone_result, codec::write_zone_result);
            break;
        case root:
            require_same_again(codec::read_root(text), codec::read_root, codec::write_root);
            break;
        case timestamp:
            require_same_again(codec::read_timestamp(text), codec::read_timestamp, codec::write_timestamp);
            break;
        case sampling_key:
            require_same_again(codec::read_sampling_key(text), codec::read_sampling_key, codec::write_sampling_key);
            break;
        case snapshot:
            require_same_again(codec::read_order_snapshot(text), codec::read_order_snapshot,
                               codec::write_order_snapshot);
            break;
        case vehicles:
            require_same_again(codec::read_vehicles(text), codec::read_vehicles, codec::write_vehicles);
            break;
        case claim:
        case kinds:
            require_reason(codec::read_payload_claim(text));
            break;
    }
}

void fuzz_order_lines(Input input) {
    const auto kind = input.byte() % 3;
    const auto text = input.text();
    if (kind == 0) {
        require_reason(codec::read_order_batch(text));
    } else if (kind == 1) {
        require_reason(codec::read_snapshot_line(text));
    } else {
        const auto order = codec::read_cached_order(text);
        require_reason(order);
        if (order) {
            const auto written = codec::write_cached_order(*order);
            const auto again = codec::read_cached_order(written);
            require(again.ok() && codec::write_cached_order(*again) == written);
        }
    }
}

void fuzz_envelopes(Input input) {
    constexpr std::size_t most = 4096;
    const auto envelope = codec::read_envelope(input.text(), "orders", most);
    require_reason(envelope);
    if (envelope) {
        const auto written = codec::write_envelope(*envelope);
        const auto again = codec::read_envelope(written, "orders", most * 2);
        require(again.ok() && codec::write_envelope(*again) == written);
    }
    if (const auto bytes = trust::from_base64(input.text())) {
        require(trust::to_base64(*bytes) == input.text());
    }
}

void fuzz_commands(Input input) {
    const auto claim = codec::read_command_claim(input.text());
    require_reason(claim);
    if (claim) {
        require(!claim->command.empty() && claim->command.size() <= 64);
        require(!claim->verb.empty() && claim->verb.size() <= 64);
    }
}

}  // namespace portcullis::fuzz
