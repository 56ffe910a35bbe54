#include "cli/orders_subcommands.hpp"

#include "cli/orders_command.hpp"
#include "cli/orders_show.hpp"
#include "cli/own_name.hpp"

namespace portcullis::cli {

OrdersSubcommands::OrdersSubcommands(CLI::App& app)
    : orders_(app.add_subcommand("orders", "The orders that the gate holds")),
      show_(orders_->add_subcommand("show", "Whether the orders of a container grant it; the look-up is recorded")),
      import_(orders_->add_subcommand("import", "Take signed batches, one a line, or a snapshot from a file")) {
    orders_->require_subcommand(1);
    orders_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    show_->add_option("container", container_, "its number")->required();
    show_->add_option("--purpose", purpose_, "what it is looked up for; it is recorded")->required();
    show_->add_option("--actor", actor_, "who asks; it is recorded")->default_val(own_name());
    show_->add_flag("--json", json_, "print the daemon's answer as it came");
    show_->fallthrough();
    import_->add_option("file", file_, "what portcullis-sign wrote; the daemon reads it")->required();
    import_->fallthrough();
}

std::optional<int> OrdersSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!orders_->parsed()) {
        return std::nullopt;
    }
    if (import_->parsed()) {
        return import_orders(socket_, file_, out, errors);
    }
    return show_orders(socket_, {container_, purpose_, actor_}, json_, out, errors);
}

}  // namespace portcullis::cli
