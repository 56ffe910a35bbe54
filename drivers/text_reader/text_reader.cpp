#include "drivers/text_reader/text_reader.hpp"

#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

#include "drivers/buses.hpp"
#include "drivers/confidence.hpp"

namespace portcullis::drivers {

namespace {

class TextReaderPlan final : public DevicePlan {
public:
    explicit TextReaderPlan(TextReaderSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        return {{"face", std::string{portcullis::text_of(settings_.face)}}};
    }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return settings_.kind; }

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
    : stream_(stream),
      main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      decoder_(settings_.encoding),
      reporter_(context.name, context.main, context.clock),
      splitter_(settings_.framing,
                {.line = [this](const std::vector<std::uint8_t>& bytes) { line(bytes); },
                 .refused = [this](std::string_view kind,
                                   std::vector<std::uint8_t> bytes) { refuse(kind, std::move(bytes)); }}),
      idle_(context.main, context.clock, [this] {
          at_ = clock_.now().instant;
          splitter_.silence();
      }) {}

void TextReader::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    stream_.start({.opened = [this](Instant) { splitter_.reset(); },
                   .bytes = [this](std::span<const std::uint8_t> bytes, Instant at) { received(bytes, at); },
                   .damaged =
                       [this](Instant at) {
                           at_ = at;
                           splitter_.damaged();
                           idle_.set(at + settings_.idle);
                       },
                   .lost =
                       [this](const std::string& cause, Instant at) {
                           idle_.cancel();
                           reporter_.failed_exchange();
                           reporter_.health(DeviceState::offline, cause, at);
                       }});
}

void TextReader::stop() {
    idle_.cancel();
    stream_.stop();
    reporter_.stop();
}

void TextReader::perform(const PointCommand& command, CommandDone done) {
    boost::asio::post(main_, [id = command.id, done = std::move(done)] {
        done({.id = id, .write = WriteOutcome::failed, .cause = "a reader has no outputs"});
    });
}

void TextReader::received(std::span<const std::uint8_t> bytes, Instant at) {
    at_ = at;
    splitter_.bytes(bytes);
    idle_.set(splitter_.partial() ? std::optional{at + settings_.idle} : std::nullopt);
}

void TextReader::refuse(std::string_view kind, std::vector<std::uint8_t> bytes) {
    reporter_.bad_frame({.kind = kind, .bytes = std::move(bytes), .at = at_});
}

void TextReader::line(const std::vector<std::uint8_t>& bytes) {
    if (bytes.empty()) {
        refuse("empty", {});
        return;
    }
    const auto text = decoder_.decode(bytes);
    if (!text) {
        refuse("encoding", bytes);
        return;
    }
    const auto fields = settings_.pattern.match(*text);
    auto reading = fields ? reading_of(*fields) : std::nullopt;
    if (!reading) {
        refuse("pattern", bytes);
        return;
    }
    reporter_.health(DeviceState::online, "reads", at_);
    reporter_.reading(std::move(*reading), at_);
}

std::optional<Reading> TextReader::reading_of(const LineFields& fields) const {
    Reading reading{.kind = settings_.kind,
                    .face = settings_.face,
                    .raw = settings_.unread.contains(fields.text) ? std::string{} : fields.text,
                    .confidence = std::nullopt,
                    .device_time = fields.time};
    if (fields.confidence && !fields.confidence->empty()) {
        double given = 0;
        const auto* const end = fields.confidence->data() + fields.confidence->size();
        const auto [last, failed] = std::from_chars(fields.confidence->data(), end, given);
        if (failed != std::errc{} || last != end) {
            return std::nullopt;
        }
        reading.confidence = confidence_of(given, settings_.confidence_scale);
        if (!reading.confidence) {
            return std::nullopt;
        }
    }
    return reading;
}

}  // namespace portcullis::drivers
