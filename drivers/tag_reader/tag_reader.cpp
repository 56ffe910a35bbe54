#include "drivers/tag_reader/tag_reader.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

/// Rounds go from antenna to antenna: one good round does not mend the bad antenna of the round before.
constexpr std::chrono::seconds fault_stands{10};

TagReaderSettings read_tag_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                           ConfigProblems& problems) {
    constexpr std::int64_t highest_antenna = 255;
    TagReaderSettings settings;
    settings.facts = read_profile_facts(profile, {"framing", "tags"}, problems);
    settings.talk = read_talk(profile, problems);
    if (const auto* protocol = profile.require("protocol", problems)) {
        settings.protocol = protocol->word<TagProtocol>(problems).value_or(settings.protocol);
    }
    if (const auto* same = profile.find("same_again")) {
        settings.same_again = read_same_again(*same, problems);
    }
    if (const auto* face = options.find("face")) {
        settings.face = face->word<Face>(problems).value_or(settings.face);
    }
    if (const auto* antennas = options.find("antennas")) {
        for (const auto& item : antennas->items()) {
            settings.antennas.insert(static_cast<int>(item.integer(problems, 0, highest_antenna)));
        }
    }
    return settings;
}

class TagReaderPlan final : public DevicePlan {
public:
    explicit TagReaderPlan(TagReaderSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        std::string antennas;
        for (const auto antenna : settings_.antennas) {
            antennas += (antennas.empty() ? "" : ", ") + std::to_string(antenna);
        }
        return {{"face", std::string{portcullis::text_of(settings_.face)}}, {"antennas", "[" + antennas + "]"}};
    }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return ReadingKind::tag; }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<TagReader>(buses.stream(bus), context, settings_);
    }

private:
    TagReaderSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_tag_reader(const ConfigNode& options, const ConfigNode& profile,
                                            ConfigProblems& problems) {
    return std::make_unique<TagReaderPlan>(read_tag_reader_settings(options, profile, problems));
}

TagReader::TagReader(ByteStream& stream, const DeviceContext& context, TagReaderSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      seen_(settings_.same_again.window, settings_.same_again.refresh),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened =
                 [this](Instant) {
                     seen_.clear();
                     faulted_.reset();
                 },
             .gone = nullptr}) {}

void TagReader::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void TagReader::stop() {
    talk_.stop();
    reporter_.stop();
}

void TagReader::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a reader");
}

std::string TagReader::fault_at(Instant at) const {
    return faulted_ && at - *faulted_ < fault_stands ? "antenna" : "";
}

void TagReader::frame(const Frame& frame) {
    const auto read = read_tag_frame(settings_.protocol, frame.bytes);
    if (!read) {
        talk_.refuse(read.error(), frame.bytes, frame.at);
        return;
    }
    if (read->error) {
        talk_.refuse("reader_error", frame.bytes, frame.at);  // the sample has the code: no source explains it
    }
    if (read->antenna_fault) {
        faulted_ = frame.at;
    }
    if (read->ends_round) {
        talk_.answered(frame.at, fault_at(frame.at));
    } else {
        talk_.good(frame.at, fault_at(frame.at));
    }
    for (const auto& tag : read->tags) {
        const bool ours = settings_.antennas.empty() || (tag.antenna && settings_.antennas.contains(*tag.antenna));
        if (ours && seen_.see(tag.epc, frame.at)) {
            reporter_.reading({.kind = ReadingKind::tag,
                               .face = settings_.face,
                               .raw = tag.epc,
                               .confidence = std::nullopt,
                               .device_time = {},
                               .seal = std::nullopt},
                              frame.at);
        }
    }
}

}  // namespace portcullis::drivers
