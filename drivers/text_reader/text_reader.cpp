#include "drivers/text_reader/text_reader.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

class TextReaderPlan final : public DevicePlan {
public:
    explicit TextReaderPlan(TextReaderSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        std::vector<std::pair<std::string, std::string>> keys{
            {"face", std::string{portcullis::text_of(settings_.meaning.face)}}};
        if (settings_.clock) {
            keys.emplace_back("clock_offset", settings_.clock->offset_text());
        }
        return keys;
    }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return settings_.meaning.kind; }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<TextReader>(buses.stream(bus), context, settings_);
    }

private:
    TextReaderSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_text_reader(const ConfigNode& options, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    return std::make_unique<TextReaderPlan>(read_text_reader_settings(options, profile, problems));
}

TextReader::TextReader(ByteStream& stream, const DeviceContext& context, TextReaderSettings settings)
    : main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      meaning_(settings_.meaning),
      reporter_(context.name, context.main, context.clock),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened =
                 [this](Instant) {
                     if (seen_) {
                         seen_->clear();
                     }
                 },
             .gone = nullptr}) {
    if (settings_.same_again) {
        seen_.emplace(settings_.same_again->window, settings_.same_again->refresh);
    }
}

void TextReader::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void TextReader::stop() {
    talk_.stop();
    reporter_.stop();
}

void TextReader::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a reader");
}

void TextReader::frame(const Frame& frame) {
    auto readings = meaning_.readings_of(frame);
    if (!readings) {
        talk_.refuse(readings.error(), frame.bytes, frame.at);
        return;
    }
    talk_.answered(frame.at);
    compare_clock(readings->front(), frame.at);
    for (auto& reading : *readings) {
        tell(std::move(reading), frame.at);
    }
}

void TextReader::tell(Reading reading, Instant at) {
    const auto kind = std::string{portcullis::text_of(reading.kind)};
    if (!seen_ || reading.raw.empty() || seen_->see(kind + " " + reading.raw, at)) {
        reporter_.reading(std::move(reading), at);
    }
}

void TextReader::compare_clock(const Reading& reading, Instant at) {
    const auto told = settings_.clock ? settings_.clock->time_of(reading.device_time) : std::nullopt;
    if (told) {
        const auto now = clock_.now();
        const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(now.instant - at);
        reporter_.clock_skew(*told - (now.wall - ago));
    }
}

}  // namespace portcullis::drivers
