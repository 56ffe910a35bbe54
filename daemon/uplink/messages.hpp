#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_text.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "uplink/delivery.hpp"
#include "uplink/order_requests.hpp"

namespace portcullis::uplink {

/// Why a message on a down topic was refused; it changed nothing (contracts.md 1).
enum class InboundCause : std::uint8_t {
    retained,
    too_large,
    not_utf8,
    not_json,
    unknown_topic,
    other_stream,
    beyond_last,
    other_bytes,
    flood,
    unsupported,
};
}  // namespace portcullis::uplink
template <>
inline constexpr auto portcullis::enum_texts<portcullis::uplink::InboundCause> =
    std::to_array<portcullis::EnumText<portcullis::uplink::InboundCause>>({
        {portcullis::uplink::InboundCause::retained, "retained"},
        {portcullis::uplink::InboundCause::too_large, "too_large"},
        {portcullis::uplink::InboundCause::not_utf8, "not_utf8"},
        {portcullis::uplink::InboundCause::not_json, "not_json"},
        {portcullis::uplink::InboundCause::unknown_topic, "unknown_topic"},
        {portcullis::uplink::InboundCause::other_stream, "other_stream"},
        {portcullis::uplink::InboundCause::beyond_last, "beyond_last"},
        {portcullis::uplink::InboundCause::other_bytes, "other_bytes"},
        {portcullis::uplink::InboundCause::flood, "flood"},
        {portcullis::uplink::InboundCause::unsupported, "unsupported"},
    });
namespace portcullis::uplink {

/// Something wrong with one inbound message.
struct InboundDefect {
    InboundCause cause = InboundCause::not_json;
    std::string detail;
    std::optional<std::string> payload =
        std::nullopt;  ///< of a refused command that is not too long: says which it was
};

/// How much of a refused message is kept.
inline constexpr std::size_t longest_sample = std::size_t{8} * 1024;

/// `ack`: the consumer stored everything up to `sequence`, whose bytes have this SHA-256. A consumer that gets them
/// redacted may leave it out.
struct AckMessage {
    StreamId stream;
    Sequence sequence = 0;
    std::optional<Hash256> sha256;
};

/// `replay`: the consumer asks again from a sequence.
struct ReplayMessage {
    StreamId stream;
    Sequence from = 1;
};

/// An `ack` or a `replay` is never longer.
inline constexpr std::size_t longest_control_message = 1024;

/// Strict: the named members and nothing else, within `longest_control_message`.
[[nodiscard]] Result<AckMessage, InboundDefect> read_ack(std::string_view payload);
[[nodiscard]] Result<ReplayMessage, InboundDefect> read_replay(std::string_view payload);

/// One start of a daemon: two boxes with one image have the same stream, and two daemons on one machine the same boot.
using ProcessId = Id128<struct ProcessIdTag>;

/// Which life of which journal speaks, over which connection.
struct SessionIdentity {
    StreamId stream;
    BootId boot;
    ProcessId process;
    std::int64_t connection = 0;
};

/// The retained `status` after a connect.
struct Birth {
    SessionIdentity session;
    std::string version;
    Sequence first = 1;
    Sequence last = 0;
    Sequence acknowledged = 0;
    WallTime time;
};

/// Whose `status` it is.
struct StatusOwner {
    ProcessId process;  ///< all zeros: of a version that does not say it
    StreamId stream;
    std::int64_t connection = 0;
    friend bool operator==(const StatusOwner&, const StatusOwner&) = default;
};
/// Tolerant: any gate's, also a newer one's.
[[nodiscard]] Result<StatusOwner, InboundDefect> read_status(std::string_view payload);

[[nodiscard]] std::string write_birth(const Birth& birth);
/// The will, and what a clean stop leaves: `{state:"offline", stream, boot, process, connection}`.
[[nodiscard]] std::string write_offline(const SessionIdentity& session);
/// `{need:"orders", authority, from}`
[[nodiscard]] std::string write_snapshot_request(const SnapshotNeed& need);
[[nodiscard]] std::string write_document_request(std::string_view kind);
[[nodiscard]] std::string write_orders_request(const Authority& authority, std::int64_t from);

}  // namespace portcullis::uplink
