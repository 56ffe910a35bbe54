#include "cli/orders_subcommands.hpp"

#include "cli/orders_command.hpp"

namespace portcullis::cli {

OrdersSubcommands::OrdersSubcommands(CLI::App& app)
    : orders_(app.add_subcommand("orders", "The orders that the gate holds")),
      import_(orders_->add_subcommand("import", "Take signed batches, one a line, or a snapshot from a file")) {
    orders_->require_subcommand(1);
    orders_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    import_->add_option("file", file_, "what portcullis-sign wrote; the daemon reads it")->required();
    import_->fallthrough();
}

std::optional<int> OrdersSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!orders_->parsed()) {
        return std::nullopt;
    }
    return import_orders(socket_, file_, out, errors);
}

}  // namespace portcullis::cli
