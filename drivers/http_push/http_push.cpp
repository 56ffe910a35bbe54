#include "drivers/http_push/http_push.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

class HttpPushPlan final : public DevicePlan {
public:
    explicit HttpPushPlan(HttpPushSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        return {{"path", settings_.path}, {"face", std::string{text_of(settings_.meaning.face)}}};
    }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return settings_.meaning.kind; }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<HttpPush>(buses.push_server(bus), context, settings_);
    }

private:
    HttpPushSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_http_push(const ConfigNode& options, const ConfigNode& profile,
                                           ConfigProblems& problems) {
    return std::make_unique<HttpPushPlan>(read_http_push_settings(options, profile, problems));
}

HttpPush::HttpPush(PushServer& server, const DeviceContext& context, HttpPushSettings settings)
    : server_(server),
      main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      silent_(context.main, context.clock, [this] {
          reporter_.health(DeviceState::offline, "nothing pushed for longer than `silent_after`", clock_.now().instant);
      }) {}

void HttpPush::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    listen();
}

void HttpPush::stop() {
    disable();
    reporter_.stop();
}

void HttpPush::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a reader");
}

void HttpPush::disable() {
    server_.remove(settings_.path);
    silent_.cancel();
}

void HttpPush::enable() {
    reporter_.forget_health();
    listen();
}

void HttpPush::listen() {
    server_.add(settings_.path, {.pushed = [this](std::string_view body, Instant at) { return pushed(body, at); },
                                 .refused = [this](std::string_view kind, Instant at) { refuse(kind, {}, at); },
                                 .listening =
                                     [this](const std::string& cause, Instant at) {
                                         if (!cause.empty()) {
                                             reporter_.health(DeviceState::offline, cause, at);
                                         }
                                     }});
}

PushTaken HttpPush::pushed(std::string_view body, Instant at) {
    auto reading = pushed_reading(body, settings_.meaning);
    if (!reading) {
        refuse(reading.error(), body, at);
        return reading.error() == "json" ? PushTaken::malformed : PushTaken::unprocessable;
    }
    silent_.set(settings_.silent_after ? std::optional{at + *settings_.silent_after} : std::nullopt);
    reporter_.good_exchange(at, {});
    reporter_.health(DeviceState::online, "reads", at);
    if (*reading) {
        reporter_.reading(std::move(**reading), at);
    }
    return PushTaken::yes;
}

void HttpPush::refuse(std::string_view kind, std::string_view body, Instant at) {
    constexpr std::size_t sample = 64;
    const auto begin = body.substr(0, sample);
    reporter_.failed_exchange();
    reporter_.bad_frame({.kind = kind, .bytes = {begin.begin(), begin.end()}, .at = at});
}

}  // namespace portcullis::drivers
