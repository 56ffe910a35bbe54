#include "drivers/template_driver/template_driver.hpp"

#include <array>
#include <string>
#include <utility>

#include "core/utf8.hpp"
#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::uint8_t acknowledged = 0x06;  // ACK

// A plan is what `portcullis check` makes, too: everything is read and nothing is opened.
class TemplateDriverPlan final : public DevicePlan {
public:
    explicit TemplateDriverPlan(TemplateDriverSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return settings_.kind; }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<TemplateDriver>(buses.stream(bus), context, settings_);
    }

private:
    TemplateDriverSettings settings_;
};

}  // namespace

TemplateDriverSettings read_template_driver_settings(const ConfigNode& /*options*/, const ConfigNode& profile,
                                                     ConfigProblems& problems) {
    TemplateDriverSettings settings;
    settings.talk = read_talk(profile, problems);
    if (const auto* kind = profile.require("kind", problems)) {
        settings.kind = kind->word<ReadingKind>(problems).value_or(settings.kind);
    }
    settings.facts = read_profile_facts(profile, {"framing", "acknowledgement"}, problems);
    return settings;
}

std::unique_ptr<DevicePlan> plan_template_driver(const ConfigNode& options, const ConfigNode& profile,
                                                 ConfigProblems& problems) {
    return std::make_unique<TemplateDriverPlan>(read_template_driver_settings(options, profile, problems));
}

TemplateDriver::TemplateDriver(ByteStream& stream, const DeviceContext& context, TemplateDriverSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened = [this](Instant) { last_.reset(); },  // a device that was away may count from 0 again
             .gone = nullptr}) {}

void TemplateDriver::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void TemplateDriver::stop() {
    talk_.stop();
    reporter_.stop();
}

void TemplateDriver::perform(const PointCommand& command, CommandDone done) {
    // Answered later, as every command: whoever asks is in the middle of something.
    refuse_output(main_, command, std::move(done), "a reader");
}

void TemplateDriver::frame(const Frame& frame) {
    const auto content = frame.content();
    if (content.size() < 2 || content.front() < '0' || content.front() > '9') {
        talk_.refuse("content", frame.bytes, frame.at);
        return;
    }
    const std::string text{content.begin() + 1, content.end()};
    if (!is_utf8(text)) {
        talk_.refuse("encoding", frame.bytes, frame.at);
        return;
    }
    talk_.good(frame.at);
    acknowledge(content.front());
    if (last_ != content.front()) {  // else it has not heard us and says it once more
        last_ = content.front();
        Reading reading;
        reading.kind = settings_.kind;
        reading.raw = text;
        reporter_.reading(std::move(reading), frame.at);
    }
}

void TemplateDriver::acknowledge(std::uint8_t number) {
    // What cannot be written now is asked for again by the device itself.
    (void)talk_.send(std::array{acknowledged, number});
}

}  // namespace portcullis::drivers
