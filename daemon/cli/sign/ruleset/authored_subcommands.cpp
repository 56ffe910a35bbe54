#include "cli/sign/ruleset/authored_subcommands.hpp"

#include <utility>

#include "cli/sign/ruleset/passes_command.hpp"
#include "cli/sign/ruleset/ruleset_command.hpp"
#include "cli/sign/ruleset/vehicles_command.hpp"

namespace portcullis::sign {

AuthoredKind authored_rulesets() {
    return {.name = "ruleset",
            .about = "Rulesets: from the YAML that people write to a signed document",
            .check_about = "Checks the YAML, runs its cases, and says what it is",
            .check = check_ruleset,
            .build = build_ruleset,
            .sign = sign_ruleset};
}

AuthoredKind authored_passes() {
    return {.name = "passes",
            .about = "Pass lists: from the YAML that people write to a signed document",
            .check_about = "Checks the YAML, and says what it is",
            .check = check_passes,
            .build = build_passes,
            .sign = sign_passes};
}

AuthoredKind authored_vehicles() {
    return {.name = "vehicles",
            .about = "Vehicle lists, plate to tare: from the YAML that people write to a signed document",
            .check_about = "Checks the YAML, and says what it is",
            .check = check_vehicles,
            .build = build_vehicles,
            .sign = sign_vehicles};
}

AuthoredSubcommands::AuthoredSubcommands(CLI::App& app, AuthoredKind kind) : kind_(std::move(kind)) {
    auto* command = app.add_subcommand(kind_.name, kind_.about);
    command->require_subcommand(1);
    check_ = command->add_subcommand("check", kind_.check_about);
    build_ = command->add_subcommand("build", "The same, and writes the payload that gates read");
    sign_ = command->add_subcommand("sign", "Signs a payload that build wrote, with each of the keys");
    check_->add_option("file", options_.file, "YAML")->required();
    build_->add_option("file", options_.file, "YAML")->required();
    build_->add_option("--out", options_.out, "Where the payload goes; without it, standard output");
    sign_->add_option("file", options_.file, "Payload")->required();
    sign_->add_option("--key", options_.keys, "Key file of keygen; once for each signature")
        ->required()
        ->allow_extra_args(false);
    sign_->add_option("--out", options_.out, "Where the envelope goes; without it, standard output");
}

std::optional<int> AuthoredSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (check_->parsed()) {
        return kind_.check(options_, out, errors);
    }
    if (build_->parsed()) {
        return kind_.build(options_, out, errors);
    }
    if (sign_->parsed()) {
        return kind_.sign(options_, out, errors);
    }
    return std::nullopt;
}

}  // namespace portcullis::sign
