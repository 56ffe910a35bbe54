#include "cli/sign/sign_snapshot.hpp"

#include <algorithm>
#include <istream>
#include <limits>
#include <ostream>
#include <utility>

#include "cli/sign/sign_document.hpp"
#include "codec/order_snapshot.hpp"
#include "codec/orders.hpp"
#include "core/utf8.hpp"
#include "store/order_row.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t most_problems = 100;    ///< beyond it the file as a whole is the problem
constexpr std::size_t longest_problem = 500;  ///< bytes

/// Orders without a container stand behind all others.
std::int64_t place_of(const Order& order) {
    const auto container = store::order_row(order, {}).container;
    return container ? static_cast<std::int64_t>(container->packed()) : std::numeric_limits<std::int64_t>::max();
}

/// Chunks as large as they may be, of whole lines.
std::vector<OrderSnapshot::Chunk> chunks_of(const std::vector<const std::string*>& lines) {
    std::vector<OrderSnapshot::Chunk> chunks;
    trust::Sha256 hash;
    OrderSnapshot::Chunk chunk;
    const auto close = [&] {
        if (chunk.lines > 0) {
            chunk.sha256 = hex_text(hash.value());
            chunks.push_back(std::exchange(chunk, {}));
            hash = trust::Sha256{};
        }
    };
    for (const auto* line : lines) {
        if (chunk.bytes + static_cast<std::int64_t>(line->size()) >=
            static_cast<std::int64_t>(codec::most_chunk_bytes)) {
            close();
        }
        hash.add(*line);
        hash.add("\n");
        chunk.bytes += static_cast<std::int64_t>(line->size()) + 1;
        ++chunk.lines;
    }
    close();
    return chunks;
}

}  // namespace

std::string OrderStand::take(std::string_view line) {
    auto operation = codec::read_order_operation(line, authority_);
    if (!operation) {
        return operation.error().message();
    }
    if (auto* order = std::get_if<Order>(&*operation)) {
        orders_[order->id.text()] = {place_of(*order), codec::write_cached_order(*order)};
    } else if (const auto* revoke = std::get_if<RevokeOrder>(&*operation)) {
        const auto known = orders_.find(revoke->id.text());
        if (known == orders_.end()) {
            return {};  // as at a gate: nothing to revoke
        }
        auto revoked = codec::read_cached_order(known->second.line);
        if (!revoked) {
            return revoked.error().message();
        }
        if (!revoked->revoked) {
            revoked->revoked = true;
            revoked->revoke_reason = revoke->reason;
            revoked->officer = revoke->officer;
            revoked->decided = revoke->decided;
            known->second.line = codec::write_cached_order(*revoked);
        }
    }
    return {};
}

std::vector<std::string> OrderStand::read(std::istream& in, const std::string& name) {
    std::vector<std::string> problems;
    std::size_t number = 0;
    for (std::string line; problems.size() < most_problems && std::getline(in, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        if (const auto problem = take(line); !problem.empty()) {
            problems.push_back(name + ":" + std::to_string(number) + ": " + clipped(problem, longest_problem));
        }
    }
    if (in.bad()) {
        problems.push_back(name + ": cannot be read to its end");
    }
    return problems;
}

Result<OrderSnapshot, std::string> OrderStand::write(OrderSnapshot head, const trust::SigningKey& key,
                                                     std::ostream& out) const {
    std::vector<const Standing*> standing;
    standing.reserve(orders_.size());
    for (const auto& [id, order] : orders_) {
        standing.push_back(&order);
    }
    std::stable_sort(standing.begin(), standing.end(),
                     [](const auto* left, const auto* right) { return left->place < right->place; });
    std::vector<const std::string*> lines;
    lines.reserve(standing.size());
    std::transform(standing.begin(), standing.end(), std::back_inserter(lines),
                   [](const auto* order) { return &order->line; });
    head.chunks = chunks_of(lines);
    const auto payload = codec::write_order_snapshot(head);
    if (const auto read = codec::read_order_snapshot(payload); !read) {
        return Failure{clipped(read.error().message(), longest_problem)};
    }
    out << sign_document(codec::snapshot_kind, payload, key) << '\n';
    for (const auto* line : lines) {
        out << *line << '\n';
    }
    return head;
}

}  // namespace portcullis::sign
