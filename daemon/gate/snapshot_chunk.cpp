#include "gate/snapshot_chunk.hpp"

#include <string>

#include "codec/orders.hpp"
#include "store/order_row.hpp"

namespace portcullis::gate {
namespace {

using codec::Refusal;
using codec::RefusalCause;

constexpr auto misplaced = "its container stands before the one of the order before it";

/// Goods codes are digits: a blank stands between them.
std::string joined(const std::vector<std::string>& codes) {
    std::string text;
    for (const auto& code : codes) {
        text += (text.empty() ? "" : " ") + code;
    }
    return text;
}

/// Adds an order whatever it says, or tells what is wrong with it.
std::string add_any(std::string_view text, const ChunkInto& into) {
    const auto line = codec::read_snapshot_line(text);
    if (!line) {
        return line.error().message();
    }
    const auto& order = line->order;
    if (order.authority != into.authority) {
        return "/authority: is not " + into.authority.text();
    }
    into.used.insert(into.used.end(), line->used.begin(), line->used.end());
    const auto row = store::order_row(order, codec::write_cached_order(order));
    const auto hs = joined(row.hs);
    store::SnapshotRow view{.id = row.id.text(), .status = row.status, .body = row.body, .container = row.container};
    view.enterprise = row.enterprise ? std::string_view{*row.enterprise} : std::string_view{};
    view.origin = row.origin ? std::string_view{*row.origin} : std::string_view{};
    view.hs = hs;
    view.decided = order.decided;
    view.valid_to = order.valid_to;
    view.plates = row.plates;
    view.targeting = row.targeting ? &*row.targeting : nullptr;
    if (order.revoked) {
        view.status = "revoked";
        view.revoke_reason = order.revoke_reason;
        view.officer = order.officer;
    }
    return into.fill.add(view) ? std::string{} : misplaced;
}

std::string add_line(std::string_view line, const ChunkInto& into) {
    const auto plain = into.reader.read(line, into.authority.text());
    if (!plain) {
        return add_any(line, into);
    }
    store::SnapshotRow row{.id = plain->id,
                           .status = plain->status,
                           .body = line,
                           .container = plain->container,
                           .decided = plain->decided};
    row.enterprise = plain->enterprise;
    row.origin = plain->origin;
    row.hs = plain->hs;
    row.valid_to = plain->valid_to;
    return into.fill.add(row) ? std::string{} : misplaced;
}

}  // namespace

Result<std::int64_t, Refusal> fill_chunk(std::string_view chunk, const ChunkInto& into) {
    std::int64_t lines = 0;
    while (!chunk.empty()) {
        const auto end = chunk.find('\n');
        ++lines;
        auto problem =
            end == std::string_view::npos ? std::string{"does not end"} : add_line(chunk.substr(0, end), into);
        if (!problem.empty()) {
            return Failure{Refusal{RefusalCause::parse, "line " + std::to_string(lines), std::move(problem)}};
        }
        chunk.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace portcullis::gate
