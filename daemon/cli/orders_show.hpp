#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace portcullis::cli {

/// Which box's orders, what for, and who asks.
struct OrdersAsked {
    std::string container;
    std::string purpose;
    std::string actor;
};

/// `portcullis orders show`: 0 when the daemon answered.
[[nodiscard]] int show_orders(const std::filesystem::path& control_socket, const OrdersAsked& asked, bool json,
                              std::ostream& out, std::ostream& errors);

}  // namespace portcullis::cli
