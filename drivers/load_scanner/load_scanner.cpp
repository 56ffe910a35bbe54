#include "drivers/load_scanner/load_scanner.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

LoadScannerSettings read_load_scanner(const ConfigNode& profile, ConfigProblems& problems) {
    LoadScannerSettings settings;
    settings.facts = read_profile_facts(profile, {"framing", "words"}, problems);
    settings.talk = read_talk(profile, problems);
    if (!settings.talk.silent_after && !settings.talk.poll) {
        profile.report(problems, "a scanner that died would show the load of the last vehicle for ever",
                       "write `silent_after` of one that talks by itself, or `poll`");
    }
    const auto* words = profile.require("words", problems);
    if (words != nullptr && words->expect(ConfigNode::Kind::map, problems)) {
        for (const auto& [word, node] : words->members()) {
            settings.words.emplace(word, read_load(node, problems));
        }
    }
    return settings;
}

class LoadScannerPlan final : public DevicePlan {
public:
    explicit LoadScannerPlan(LoadScannerSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] bool sees_load() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<LoadScanner>(buses.stream(bus), context, settings_);
    }

private:
    LoadScannerSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_load_scanner(const ConfigNode& /*options*/, const ConfigNode& profile,
                                              ConfigProblems& problems) {
    return std::make_unique<LoadScannerPlan>(read_load_scanner(profile, problems));
}

LoadScanner::LoadScanner(ByteStream& stream, const DeviceContext& context, LoadScannerSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      teller_(reporter_),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened = nullptr,
             .gone = [this](const std::string& /*cause*/, Instant at) { teller_.gone(at); }}) {}

void LoadScanner::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void LoadScanner::stop() {
    talk_.stop();
    reporter_.stop();
}

void LoadScanner::disable() {
    talk_.stop();
    teller_.forget();
}

void LoadScanner::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a scanner");
}

void LoadScanner::frame(const Frame& frame) {
    const auto content = frame.content();
    const std::string word{content.begin(), content.end()};
    const auto meant = settings_.words.find(word);
    if (meant == settings_.words.end()) {
        talk_.refuse("word", frame.bytes, frame.at);
        return;
    }
    talk_.answered(frame.at);
    teller_.saw(meant->second, frame.at);
}

}  // namespace portcullis::drivers
