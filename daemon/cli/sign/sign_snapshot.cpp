#include "cli/sign/sign_snapshot.hpp"

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

/// Cuts lines into chunks as large as they may be.
class Chunking {
public:
    void add(const std::string& line) {
        const auto bytes = static_cast<std::int64_t>(line.size()) + 1;
        if (chunk_.bytes + bytes > static_cast<std::int64_t>(codec::most_chunk_bytes)) {
            close();
        }
        hash_.add(line);
        hash_.add("\n");
        chunk_.bytes += bytes;
        ++chunk_.lines;
    }
    [[nodiscard]] std::vector<OrderSnapshot::Chunk> take() {
        close();
        return std::move(chunks_);
    }

private:
    void close() {
        if (chunk_.lines > 0) {
            chunk_.sha256 = hex_text(hash_.value());
            chunks_.push_back(std::exchange(chunk_, {}));
            hash_ = trust::Sha256{};
        }
    }

    std::vector<OrderSnapshot::Chunk> chunks_;
    OrderSnapshot::Chunk chunk_;
    trust::Sha256 hash_;
};

std::string problem_of(const std::optional<store::StoreFailure>& failure) {
    return failure ? failure->message : std::string{};
}

/// The line of a snapshot: the order, and which of its places were used.
std::string line_of(const store::StandingOrders::Standing& standing, const Authority& authority) {
    if (standing.notes.empty()) {
        return standing.line;
    }
    const auto order = codec::read_cached_order(standing.line);
    std::vector<UsedOrder> used;
    for (const auto& note : standing.notes) {
        auto operation = codec::read_order_operation(note, authority);
        if (auto* one = operation ? std::get_if<UsedOrder>(&*operation) : nullptr) {
            used.push_back(std::move(*one));
        }
    }
    // Both were read before they were kept.
    return codec::write_snapshot_line(order.value(), used);
}

}  // namespace

Result<std::unique_ptr<OrderStand>, std::string> OrderStand::begin(Authority authority,
                                                                   const std::filesystem::path& file) {
    auto orders = store::StandingOrders::begin(file);
    if (!orders) {
        return Failure{orders.error().message};
    }
    return std::unique_ptr<OrderStand>{new OrderStand{std::move(authority), std::move(orders).value()}};
}

std::string OrderStand::put(const Order& order) {
    return problem_of(orders_->put(order.id.text(), place_of(order), codec::write_cached_order(order)));
}

/// As at a gate: what nobody ordered, and what is revoked already, is not revoked.
std::string OrderStand::revoke(const RevokeOrder& revocation) {
    const auto known = orders_->line_of(revocation.id.text());
    if (!known || !*known) {
        return known ? std::string{} : known.error().message;
    }
    auto revoked = codec::read_cached_order(**known);
    if (!revoked) {
        return revoked.error().message();
    }
    if (revoked->revoked) {
        return {};
    }
    revoked->revoked = true;
    revoked->revoke_reason = revocation.reason;
    revoked->officer = revocation.officer;
    revoked->decided = revocation.decided;
    return problem_of(orders_->rewrite(revocation.id.text(), codec::write_cached_order(*revoked)));
}

/// A place of one passage is taken once, however often that is said.
std::string OrderStand::use(const UsedOrder& used, std::string_view line) {
    const auto container = used.container ? used.container->text() : std::string{};
    const auto key =
        used.passage.text() + "/" + std::to_string(used.place) + "/" + used.control_point.text() + "/" + container;
    return problem_of(orders_->note(used.id.text(), key, line));
}

std::string OrderStand::take(std::string_view line) {
    const auto operation = codec::read_order_operation(line, authority_);
    if (!operation) {
        return operation.error().message();
    }
    if (const auto* order = std::get_if<Order>(&*operation)) {
        return put(*order);
    }
    if (const auto* revocation = std::get_if<RevokeOrder>(&*operation)) {
        return revoke(*revocation);
    }
    return use(std::get<UsedOrder>(*operation), line);
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

Result<OrderStand::Written, std::string> OrderStand::write(OrderSnapshot head, const trust::SigningKey& key,
                                                           std::ostream& out) {
    if (const auto failed = orders_->sort()) {
        return Failure{failed->message};
    }
    Chunking chunking;
    const auto counted = orders_->each([&](const auto& standing) { chunking.add(line_of(standing, authority_)); });
    if (counted) {
        return Failure{counted->message};
    }
    head.chunks = chunking.take();
    const auto payload = codec::write_order_snapshot(head);
    if (const auto read = codec::read_order_snapshot(payload); !read) {
        return Failure{clipped(read.error().message(), longest_problem)};
    }
    out << sign_document(codec::snapshot_kind, payload, key) << '\n';
    std::int64_t orders = 0;
    const auto written = orders_->each([&](const auto& standing) {
        out << line_of(standing, authority_) << '\n';
        ++orders;
    });
    if (written) {
        return Failure{written->message};
    }
    return Written{std::move(head), orders};
}

}  // namespace portcullis::sign
