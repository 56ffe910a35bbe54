#include "cli/journal_subcommands.hpp"

#include <unistd.h>

#include <ostream>

#include "cli/own_name.hpp"
#include "cli/time_option.hpp"

namespace portcullis::cli {

JournalSubcommands::JournalSubcommands(CLI::App& app)
    : journal_(app.add_subcommand("journal", "Check, show, export, send again or erase what the gate has recorded")) {
    journal_->require_subcommand(1);
    verify_ = journal_->add_subcommand("verify", "Check every entry, the chain and the heads; exit code 1 on a defect");
    add_place(*verify_);
    verify_->add_option("file", verified_.file, "an export; without one the journal itself");
    verify_->add_option("--heads", verified_.heads, "heads that were kept elsewhere, one envelope a line");
    verify_->add_option("--key", verified_.keys, "the gate's head key, 64 hex digits: no other counts then");

    show_ = journal_->add_subcommand("show", "Show events, one a line");
    add_place(*show_);
    show_->add_option("--from", filter_.from, "events of this time and later")->transform(as_time());
    show_->add_option("--to", filter_.before, "events before this time")->transform(as_time());
    add_filter(*show_);
    show_->add_option("--lane", filter_.lane, "of one lane");
    show_->add_option("--container", filter_.container, "that name this container, as CSQU3054383");
    show_->add_option("--type", filter_.type, "of this type (passage.ended) or kind (passage)");
    show_->add_flag("--json", json_, "print the events as they are published");

    export_ = journal_->add_subcommand("export", "Write entries, chain and heads as JSON Lines");
    add_place(*export_);
    export_->add_option("--from", exported_.from, "the first entry; begins at the signed one before")
        ->check(CLI::PositiveNumber);
    export_->add_option("--to", exported_.to, "the last entry")->check(CLI::PositiveNumber);
    export_->add_option("-o,--output", exported_.file, "the file to write; default: standard output");

    replay_ = journal_->add_subcommand("replay-from", "Ask the running daemon to send again; nothing is acknowledged");
    replay_->add_option("--socket", place_.control_socket, "the daemon's control socket")->capture_default_str();
    replay_->add_option("sequence", replay_from_, "the first entry to send again")
        ->required()
        ->check(CLI::PositiveNumber);
    replay_->add_option("--destination", destination_, "to this one; default: to all");

    erase_ = journal_->add_subcommand("erase", "Erase personal values of entries that central has stored");
    erase_->add_option("--socket", place_.control_socket, "the daemon's control socket")->capture_default_str();
    erase_->add_option("--before", filter_.before, "of entries before this time")->transform(as_time());
    add_filter(*erase_);
    erase_->add_option("--reason", erased_.reason, "why; it is recorded")->required();
    erase_->add_option("--actor", erased_.actor, "who asks for it; it is recorded")->default_val(own_name());
}

void JournalSubcommands::add_place(CLI::App& command) {
    command.add_option("--socket", place_.control_socket, "the daemon's control socket")->capture_default_str();
    command.add_option("--state", place_.state, "read the file in this state directory, of a gate that is stopped");
}

void JournalSubcommands::add_filter(CLI::App& command) {
    command.add_option("--passage", filter_.passage, "of one passage, by its id");
    command.add_option("--plate", filter_.plate, "that name this plate, as it was recognised");
}

std::optional<int> JournalSubcommands::run(std::ostream& out, std::ostream& errors) {
    if (!journal_->parsed()) {
        return std::nullopt;
    }
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    if (watched) {
        place_.progress = [&errors](std::int64_t done, std::int64_t of) {
            errors << '\r' << done << (of > 0 ? " of " + std::to_string(of) : std::string{}) << " entries "
                   << std::flush;
        };
    }
    if (verify_->parsed()) {
        return verify_journal(place_, verified_, out, errors);
    }
    if (show_->parsed()) {
        return show_journal(place_, filter_, json_, out, errors);
    }
    if (export_->parsed()) {
        return export_journal_file(place_, exported_, out, errors);
    }
    if (replay_->parsed()) {
        return replay_journal(place_, replay_from_, destination_, out, errors);
    }
    erased_.which = filter_;
    return erase_in_journal(place_, erased_, out, errors);
}

}  // namespace portcullis::cli
