#include "simulators/story/order_objects.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::story {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

struct Validity {
    WallTime from;
    WallTime to;
};

Validity validity(const std::string& words, WallTime now) {
    if (words == "until yesterday") {
        return {now - 72h, now - 24h};
    }
    if (words == "from tomorrow") {
        return {now + 24h, now + 48h};
    }
    return {now - 12h, now + 36h};
}

json::array plates(const GivenOrder& order) {
    return order.plate.empty() ? json::array{} : json::array{json::value(order.plate)};
}

json::object release(const GivenOrder& order) {
    json::object declared{{"order", "R-" + order.container},
                          {"kind", "release"},
                          {"status", order.status},
                          {"movement", order.movement.empty() ? "import_laden" : order.movement},
                          {"container", order.container},
                          {"tractor_plates", plates(order)},
                          {"uses", 1}};
    if (order.gross_kg) {
        declared["gross_kg"] = *order.gross_kg;
        declared["mass_basis"] = order.mass_basis;
    }
    if (order.box_tare_kg) {
        declared["box_tare_kg"] = *order.box_tare_kg;
    }
    return declared;
}

json::object movement(const GivenOrder& order) {
    return {{"order", "M-" + order.container}, {"kind", "movement"},
            {"movement", order.movement},      {"container", order.container},
            {"tractor_plates", plates(order)}, {"uses", 1}};
}

json::object targeting(const GivenOrder& order) {
    json::object object{{"order", "T-" + order.container},
                        {"kind", "targeting"},
                        {"match", json::object{{"container", order.container}}},
                        {"action", order.action},
                        {"method", json::array(order.methods.begin(), order.methods.end())},
                        {"once", order.once},
                        {"lifted_by", order.lifted_by},
                        {"visibility", order.visibility}};
    if (!order.zone.empty()) {
        object["zone"] = order.zone;
    }
    return object;
}

json::object object_of(const GivenOrder& order, WallTime now) {
    json::object object;
    if (order.kind == GivenOrder::Kind::revoke) {
        object = {{"order", "R-" + order.container}, {"reason", "declaration withdrawn"}};
        object["op"] = "revoke";
    } else {
        object = order.kind == GivenOrder::Kind::release    ? release(order)
                 : order.kind == GivenOrder::Kind::movement ? movement(order)
                                                            : targeting(order);
        const auto valid = validity(order.valid, now);
        object["op"] = "put";
        object["valid_from"] = time_text(valid.from);
        object["valid_to"] = time_text(valid.to);
    }
    object["officer"] = "A113";
    object["decided"] = time_text(now - 13h);
    return object;
}

}  // namespace

std::vector<AuthorityOrders> order_objects(const std::vector<GivenOrder>& given, WallTime now) {
    AuthorityOrders customs{"ciq", {}};
    AuthorityOrders terminal{"terminal", {}};
    for (const auto& order : given) {
        auto& authority = order.kind == GivenOrder::Kind::movement ? terminal : customs;
        authority.objects.push_back(json::serialize(object_of(order, now)));
    }
    std::vector<AuthorityOrders> all;
    for (auto* authority : {&customs, &terminal}) {
        if (!authority->objects.empty()) {
            all.push_back(std::move(*authority));
        }
    }
    return all;
}

}  // namespace portcullis::story
