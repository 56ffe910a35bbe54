#include "drivers/weighbridge/weighbridge.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using namespace std::chrono_literals;

WeighbridgeSettings read_weighbridge_settings(const ConfigNode& profile, ConfigProblems& problems) {
    WeighbridgeSettings settings;
    settings.facts = read_profile_facts(profile, {"framing", "weight"}, problems);
    settings.talk = read_talk(profile, problems);
    if (const auto* protocol = profile.require("protocol", problems)) {
        settings.protocol = protocol->word<WeightProtocol>(problems).value_or(settings.protocol);
    }
    if (settings.protocol != WeightProtocol::yaohua) {
        return settings;
    }
    if (const auto* unit = profile.require("unit", problems)) {
        settings.unit = unit->word<MassUnit>(problems).value_or(settings.unit);
    }
    if (const auto* steady = profile.require("steady_for", problems)) {
        settings.steady_for = steady->duration(problems, 500ms, 10s);
    }
    return settings;
}

class WeighbridgePlan final : public DevicePlan {
public:
    explicit WeighbridgePlan(WeighbridgeSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] bool weighs() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<Weighbridge>(buses.stream(bus), context, settings_);
    }

private:
    WeighbridgeSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_weighbridge(const ConfigNode& /*options*/, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    return std::make_unique<WeighbridgePlan>(read_weighbridge_settings(profile, problems));
}

Weighbridge::Weighbridge(ByteStream& stream, const DeviceContext& context, WeighbridgeSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      teller_(context, reporter_, settings_.steady_for),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened = nullptr,
             .gone = [this](const std::string& /*cause*/, Instant at) { teller_.gone(at); }}) {}

void Weighbridge::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void Weighbridge::stop() {
    talk_.stop();
    teller_.forget();
    reporter_.stop();
}

void Weighbridge::disable() {
    talk_.stop();
    teller_.forget();
}

void Weighbridge::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a weighbridge");
}

void Weighbridge::frame(const Frame& frame) {
    const auto read = read_weight_frame(settings_.protocol, settings_.unit, frame.content());
    if (!read) {
        talk_.refuse(read.error(), frame.bytes, frame.at);
        return;
    }
    // The state first: a device that was away is there before it says anything.
    talk_.answered(frame.at, read->fault);
    teller_.saw(read->seen, frame.at);
}

}  // namespace portcullis::drivers
