#include "cli/sign/ruleset/passes_subcommands.hpp"

namespace portcullis::sign {

PassesSubcommands::PassesSubcommands(CLI::App& app) {
    auto* passes = app.add_subcommand("passes", "Pass lists: from the YAML that people write to a signed document");
    passes->require_subcommand(1);
    check_ = passes->add_subcommand("check", "Checks the YAML, and says what it is");
    build_ = passes->add_subcommand("build", "The same, and writes the payload that gates read");
    sign_ = passes->add_subcommand("sign", "Signs a payload that build wrote, with each of the keys");
    check_->add_option("file", options_.file, "YAML")->required();
    build_->add_option("file", options_.file, "YAML")->required();
    build_->add_option("--out", options_.out, "Where the payload goes; without it, standard output");
    sign_->add_option("file", options_.file, "Payload")->required();
    sign_->add_option("--key", options_.keys, "Key file of keygen; once for each signature")
        ->required()
        ->allow_extra_args(false);
    sign_->add_option("--out", options_.out, "Where the envelope goes; without it, standard output");
}

std::optional<int> PassesSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (check_->parsed()) {
        return check_passes(options_, out, errors);
    }
    if (build_->parsed()) {
        return build_passes(options_, out, errors);
    }
    if (sign_->parsed()) {
        return sign_passes(options_, out, errors);
    }
    return std::nullopt;
}

}  // namespace portcullis::sign
