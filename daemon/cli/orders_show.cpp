#include "cli/orders_show.hpp"

#include <ostream>

#include "cli/daemon_answer.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {

int show_orders(const std::filesystem::path& control_socket, const OrdersAsked& asked, bool json, std::ostream& out,
                std::ostream& errors) {
    const auto question = codec::canonical_text(Value{Object{
        {"ask", "orders_show"}, {"container", asked.container}, {"purpose", asked.purpose}, {"actor", asked.actor}}});
    if (!question) {
        errors << question.error().message() << '\n';
        return 1;
    }
    const auto answer = ask_daemon(control_socket, *question, errors);
    const auto read = answer ? read_answer(*answer, errors) : std::nullopt;
    if (!read) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
        return 0;
    }
    const auto& orders = list_in(*read, "orders");
    if (orders.empty()) {
        out << "no order names " << asked.container << '\n';
    }
    for (const auto& order : orders) {
        out << shown(order, "authority") << ' ' << shown(order, "order_id") << " (" << shown(order, "kind")
            << "): " << (shown(order, "granted") == "yes" ? "granted" : "not granted") << ", valid from "
            << shown(order, "valid_from") << " to " << shown(order, "valid_to") << '\n';
    }
    return 0;
}

}  // namespace portcullis::cli
