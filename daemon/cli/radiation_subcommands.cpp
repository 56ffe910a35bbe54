#include "cli/radiation_subcommands.hpp"

#include <ostream>

#include "cli/daemon_answer.hpp"
#include "cli/own_name.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {

namespace {

std::optional<Value> asked(const std::filesystem::path& socket, Object question, std::ostream& errors) {
    const auto text = codec::canonical_text(Value{std::move(question)});
    if (!text) {
        errors << "portcullis: " << text.error().message() << '\n';
        return std::nullopt;
    }
    const auto answer = ask_daemon(socket, *text, errors);
    return answer ? read_answer(*answer, errors) : std::nullopt;
}

}  // namespace

RadiationSubcommands::RadiationSubcommands(CLI::App& app)
    : radiation_(app.add_subcommand("radiation", "Radiation monitors: acknowledge an alarm, announce a test object")),
      acknowledge_(radiation_->add_subcommand(
          "acknowledge", "Say that a person knows of a lane's radiation alarm; nothing opens by it")),
      test_(radiation_->add_subcommand(
          "test", "Announce a test object: what the monitor sees next is no vehicle's, and must be an alarm")) {
    radiation_->require_subcommand(1);
    radiation_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    acknowledge_->add_option("lane", name_, "the lane")->required();
    acknowledge_->add_option("--reason", reason_, "what was found; it is recorded")->required();
    test_->add_option("monitor", name_, "a portal, a lane with a monitor of its own, or the monitor")->required();
    test_->add_option("--reason", reason_, "which object; it is recorded")->capture_default_str();
    for (auto* const command : {acknowledge_, test_}) {
        command->add_option("--actor", actor_, "who; it is recorded")->default_val(own_name());
        command->fallthrough();
    }
}

std::optional<int> RadiationSubcommands::run(std::ostream& out, std::ostream& errors) const {
    if (!radiation_->parsed()) {
        return std::nullopt;
    }
    return acknowledge_->parsed() ? acknowledge(out, errors) : test(out, errors);
}

int RadiationSubcommands::acknowledge(std::ostream& out, std::ostream& errors) const {
    const auto answer =
        asked(socket_, {{"ask", "radiation_acknowledge"}, {"lane", name_}, {"actor", actor_}, {"reason_text", reason_}},
              errors);
    if (!answer) {
        return 1;
    }
    out << "the radiation alarm of lane " << shown(*answer, "lane") << " is acknowledged; nothing opens by it\n";
    return 0;
}

int RadiationSubcommands::test(std::ostream& out, std::ostream& errors) const {
    const auto answer = asked(
        socket_, {{"ask", "radiation_test"}, {"name", name_}, {"actor", actor_}, {"reason_text", reason_}}, errors);
    if (!answer) {
        return 1;
    }
    out << "bring the test object through " << shown(*answer, "device") << " within " << shown(*answer, "within_s")
        << " s; until then nothing that passes is monitored\n";
    return 0;
}

}  // namespace portcullis::cli
