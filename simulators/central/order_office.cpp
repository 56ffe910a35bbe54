#include "simulators/central/order_office.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "core/time_text.hpp"

namespace portcullis::central {
namespace {

constexpr std::string_view payload_type = "application/vnd.portcullis.orders+json";

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
    if (chain == chains_.end() || number < 1 || number > static_cast<std::int64_t>(chain->second.envelopes.size())) {
        return {};
    }
    return {chain->second.envelopes.begin() + (number - 1), chain->second.envelopes.end()};
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
