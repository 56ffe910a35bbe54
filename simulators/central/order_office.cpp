#include "simulators/central/order_office.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

#include "core/time_text.hpp"
#include "simulators/central/canonical_json.hpp"

namespace portcullis::central {
namespace {

constexpr std::string_view payload_type = "application/vnd.portcullis.orders+json";
constexpr std::string_view snapshot_type = "application/vnd.portcullis.snapshot+json";

boost::json::object batch_of(const std::string& envelope) {
    const auto outer = boost::json::parse(envelope);
    return boost::json::parse(payload_of(std::string{outer.as_object().at("payload").as_string()})).as_object();
}

/// Orders by id as they stand after a batch: put replaces, a revocation is said beside the order, and so is each place
/// that was used.
using Standing = std::map<std::string, boost::json::object>;

void stand(Standing& standing, const std::string& authority, boost::json::object order) {
    const std::string id{order.at("order").as_string()};
    const auto known = standing.find(id);
    const std::string operation{order.at("op").as_string()};
    order.erase("op");
    if (operation == "put") {
        order["authority"] = authority;
        if (known != standing.end() && known->second.contains("used")) {
            order["used"] = known->second.at("used");
        }
        standing[id] = std::move(order);
    } else if (known == standing.end()) {
        return;  // as at a gate: nothing to revoke
    } else if (operation == "used") {
        order.erase("order");
        auto& used = known->second["used"];
        if (!used.is_array()) {
            used.emplace_array();
        }
        used.get_array().push_back(std::move(order));
    } else if (!known->second.contains("revoked")) {
        known->second["revoked"] = order.at("reason");
        known->second["officer"] = order.at("officer");
        known->second["decided"] = order.at("decided");
    }
}

/// By what a snapshot is ordered: number order is text order, and orders without a container are last.
std::string place_of(const boost::json::object& order) {
    const auto* named = &order;
    if (const auto* match = order.if_contains("match"); match != nullptr && match->is_object()) {
        named = &match->get_object();
    }
    const auto* container = named->if_contains("container");
    return container != nullptr && container->is_string() ? std::string{container->get_string()} : "~";
}

}  // namespace

std::string OrderOffice::issue(const Issue& issue) {
    auto& chain = chains_[issue.authority];
    boost::json::array orders;
    for (const auto& text : issue.orders) {
        boost::json::error_code error;
        auto order = boost::json::parse(text, error);
        if (error || !order.is_object()) {
            throw std::invalid_argument("no order object: " + text);
        }
        orders.push_back(std::move(order));
    }
    const boost::json::object batch{{"kind", "orders"},
                                    {"authority", issue.authority},
                                    {"terminal", terminal_},
                                    {"gates", boost::json::array(issue.gates.begin(), issue.gates.end())},
                                    {"number", static_cast<std::int64_t>(chain.envelopes.size()) + 1},
                                    {"previous", chain.previous},
                                    {"issued", time_text(issue.issued)},
                                    {"expires", time_text(issue.expires)},
                                    {"orders", std::move(orders)}};
    const auto payload = boost::json::serialize(batch);
    chain.previous = hex(sha256(payload));
    chain.envelopes.push_back(key_.envelope(payload_type, payload));
    return chain.envelopes.back();
}

std::vector<std::string> OrderOffice::from(const std::string& authority, std::int64_t number) const {
    const auto chain = chains_.find(authority);
    if (chain == chains_.end() || number <= chain->second.forgotten ||
        number > static_cast<std::int64_t>(chain->second.envelopes.size())) {
        return {};
    }
    return {chain->second.envelopes.begin() + (number - 1), chain->second.envelopes.end()};
}

std::optional<OrderOffice::Snapshot> OrderOffice::snapshot(const std::string& authority, WallTime issued,
                                                           WallTime expires, std::size_t orders_in_chunk) const {
    const auto chain = chains_.find(authority);
    if (chain == chains_.end() || chain->second.envelopes.empty()) {
        return std::nullopt;
    }
    Standing standing;
    for (const auto& envelope : chain->second.envelopes) {
        const auto batch = batch_of(envelope);
        for (const auto& order : batch.at("orders").as_array()) {
            stand(standing, authority, order.as_object());
        }
    }
    std::multimap<std::string, std::string> lines;
    for (const auto& [id, order] : standing) {
        lines.emplace(place_of(order), canonical_json(order) + "\n");
    }
    Snapshot snapshot;
    snapshot.number = static_cast<std::int64_t>(chain->second.envelopes.size());
    snapshot.pieces.emplace_back();
    boost::json::array chunks;
    for (auto line = lines.begin(); line != lines.end();) {
        std::string bytes;
        std::int64_t count = 0;
        for (; line != lines.end() && count < static_cast<std::int64_t>(orders_in_chunk); ++line, ++count) {
            bytes += line->second;
        }
        chunks.push_back(boost::json::object{
            {"sha256", hex(sha256(bytes))}, {"bytes", static_cast<std::int64_t>(bytes.size())}, {"lines", count}});
        snapshot.pieces.push_back(std::move(bytes));
    }
    const boost::json::object head{{"kind", "snapshot"},          {"authority", authority},
                                   {"terminal", terminal_},       {"gates", boost::json::array{"*"}},
                                   {"number", snapshot.number},   {"hash", chain->second.previous},
                                   {"issued", time_text(issued)}, {"expires", time_text(expires)},
                                   {"chunks", std::move(chunks)}};
    snapshot.pieces.front() = key_.envelope(snapshot_type, boost::json::serialize(head));
    return snapshot;
}

void OrderOffice::take_over(const std::string& envelope) {
    const auto outer = boost::json::parse(envelope);
    const auto payload = payload_of(std::string{outer.as_object().at("payload").as_string()});
    const auto batch = boost::json::parse(payload);
    auto& chain = chains_[std::string{batch.as_object().at("authority").as_string()}];
    const auto number = batch.as_object().at("number").to_number<std::int64_t>();
    if (number != static_cast<std::int64_t>(chain.envelopes.size()) + 1 ||
        batch.as_object().at("previous").as_string() != chain.previous) {
        throw std::invalid_argument("batch " + std::to_string(number) + " does not follow the one before it");
    }
    chain.previous = hex(sha256(payload));
    chain.envelopes.push_back(envelope);
}

}  // namespace portcullis::central
