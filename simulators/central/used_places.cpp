#include "simulators/central/used_places.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string_view>

namespace portcullis::central {
namespace {

/// Of these a gate keeps places for itself; nobody sends batches for them.
constexpr std::array<std::string_view, 3> inner_authorities{"zone_result", "targeting", "pass"};

std::string text_of(const boost::json::object& object, const char* name) {
    return std::string{object.at(name).as_string()};
}

}  // namespace

std::optional<UsedPlace> used_place(const std::string& event) {
    const auto read = boost::json::parse(event).as_object();
    if (read.at("type").as_string() != "portcullis.order.used.v1") {
        return std::nullopt;
    }
    const auto& data = read.at("data").as_object();
    const auto authority = text_of(data, "authority");
    if (std::find(inner_authorities.begin(), inner_authorities.end(), authority) != inner_authorities.end()) {
        return std::nullopt;
    }
    const auto source = text_of(read, "source");  // /portcullis/{terminal}/{gate}
    boost::json::object used{{"op", "used"},
                             {"order", data.at("order_id")},
                             {"control_point", data.at("control_point")},
                             {"gate", source.substr(source.rfind('/') + 1)},
                             {"passage", data.at("passage")},
                             {"at", read.at("time")}};
    if (text_of(data, "container") != "none") {
        used["container"] = data.at("container");
    }
    if (const auto* place = data.if_contains("place")) {
        used["place"] = *place;
    }
    return UsedPlace{authority, boost::json::serialize(used)};
}

}  // namespace portcullis::central
