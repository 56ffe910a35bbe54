#include "cli/sign/sampling_subcommands.hpp"

#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/sampling_key_file.hpp"
#include "cli/sign/sign_document.hpp"
#include "codec/sampling_key_document.hpp"
#include "codec/zone_result_document.hpp"
#include "core/time_text.hpp"
#include "core/utf8.hpp"
#include "trust/base64.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t longest_problem = 500;  ///< bytes
constexpr auto time_form = " takes a time in UTC with milliseconds, such as 2026-12-01T00:00:00.000Z";

}  // namespace

SamplingSubcommands::SamplingSubcommands(CLI::App& app)
    : key_(app.add_subcommand("sampling-key", "Keys of the draw, one a gate and period")),
      make_(key_->add_subcommand("new", "Makes a key; prints the ruleset's row that commits to it")),
      seal_(key_->add_subcommand("seal", "Signs the key for its gate, which alone can open it")),
      reveal_(key_->add_subcommand("reveal", "Prints a key whose period is over, for everyone to draw again")),
      audit_(
          app.add_subcommand("audit-sampling", "Draws everything again from exported events, and says what differs")),
      zone_result_(app.add_subcommand("zone-result", "Signs what an inspection of a container concluded")) {
    key_->require_subcommand(1);
    make_->add_option("--id", id_, "Its name in the ruleset, e.g. g07-2026-12")->required();
    make_->add_option("--terminal", terminal_, "The gate's terminal")->required();
    make_->add_option("--gate", gate_, "The gate")->required();
    make_->add_option("--from", from_, "Begin of its period, UTC")->required();
    make_->add_option("--to", to_, "End of its period, not included")->required();
    make_->add_option("--out", out_, "New file for the secret key (mode 0600)")->required();
    seal_->add_option("--key", signing_key_, "Key file of keygen: signs the document")->required();
    seal_->add_option("--to", gate_key_, "The gate's public box key: `box_key` of its state/gate")->required();
    seal_->add_option("file", file_, "File of sampling-key new")->required();
    reveal_->add_option("--at", at_, "Now, UTC: refused before the period is over")->required();
    reveal_->add_option("file", file_, "File of sampling-key new")->required();
    audit_->add_option("--key", audited_.keys, "Keys of the periods, as sampling-key reveal prints them")->required();
    audit_->add_option("--ruleset", audited_.ruleset, "The ruleset that judged: payload or envelope")->required();
    audit_->add_flag("--json", audited_.json, "Print the figures as one line of JSON");
    audit_->add_option("events", audited_.events, "Exported events, one a line, in order")->required();
    audit_->footer("Exit code: 0 nothing differs and nothing was left out, 1 otherwise, 2 wrong usage.");
    zone_result_->add_option("--key", signing_key_, "Key file of keygen")->required();
    zone_result_->add_option("file", file_, "The payload as JSON (docs/central)")->required();
}

std::string SamplingSubcommands::make_key(std::ostream& out) const {
    const auto from = time_from_text(from_);
    const auto to = time_from_text(to_);
    if (!from || !to) {
        return (from ? "--to" : "--from") + std::string{time_form};
    }
    const trust::Sodium sodium;
    const SamplingKeyFile key{terminal_, gate_, id_, *from, *to, trust::SamplingSecret::generate(sodium)};
    // What no gate would take is not made: a document with a sealed key of zeros stands for the real one.
    const auto read =
        codec::read_sampling_key(codec::write_sampling_key({terminal_, gate_, id_, *from, *to, std::string(108, 'A')}));
    if (!read) {
        return clipped(read.error().message(), longest_problem);
    }
    if (auto problem = write_secret_file(out_, sampling_key_text(key)); !problem.empty()) {
        return problem;
    }
    out << commitment_row(key) << "\n";
    return {};
}

std::string SamplingSubcommands::seal_key(std::ostream& out) const {
    const auto signing = read_key_file(signing_key_);
    if (!signing) {
        return signing.error();
    }
    const auto gate = trust::BoxPublicKey::parse(gate_key_);
    if (!gate) {
        return "--to is no public key of a gate: 64 hex digits, as the gate shows it";
    }
    const auto key = read_sampling_key_file(file_);
    if (!key) {
        return key.error();
    }
    const trust::Sodium sodium;
    const auto payload = codec::write_sampling_key(
        {key->terminal, key->gate, key->key_id, key->from, key->to, trust::to_base64(gate->seal(sodium, key->secret))});
    out << sign_document(codec::sampling_key_kind, payload, *signing) << std::flush;
    return {};
}

std::string SamplingSubcommands::reveal_key(std::ostream& out) const {
    const auto at = time_from_text(at_);
    if (!at) {
        return std::string{"--at"} + time_form;
    }
    const auto key = read_sampling_key_file(file_);
    if (!key) {
        return key.error();
    }
    if (*at < key->to) {
        return "key " + key->key_id + " is in force until " + time_text(key->to) +
               ": whoever knows it before knows every draw to come";
    }
    out << sampling_key_text(*key);
    return {};
}

std::string SamplingSubcommands::sign_result(std::ostream& out) const {
    const auto signing = read_key_file(signing_key_);
    if (!signing) {
        return signing.error();
    }
    std::ifstream file{file_};
    if (!file) {
        return file_.string() + ": cannot be read";
    }
    const std::string payload{std::istreambuf_iterator<char>{file}, {}};
    if (const auto read = codec::read_zone_result(payload); !read) {
        return file_.string() + ": " + clipped(read.error().message(), longest_problem) + "; nothing was signed";
    }
    out << sign_document(codec::zone_result_kind, payload, *signing) << std::flush;
    return {};
}

std::optional<int> SamplingSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (audit_->parsed()) {
        return audit_sampling(audited_, out, errors);
    }
    std::string problem;
    if (make_->parsed()) {
        problem = make_key(out);
    } else if (seal_->parsed()) {
        problem = seal_key(out);
    } else if (reveal_->parsed()) {
        problem = reveal_key(out);
    } else if (zone_result_->parsed()) {
        problem = sign_result(out);
    } else {
        return std::nullopt;
    }
    if (problem.empty() && !out.good()) {
        problem = "standard output cannot be written";
    }
    if (!problem.empty()) {
        errors << "portcullis-sign: " << problem << "\n";
        return 1;
    }
    return 0;
}

}  // namespace portcullis::sign
