#include "drivers/line_sign/line_sign.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using namespace std::chrono_literals;

/// The line took nothing: so long until it is tried again.
constexpr auto again_after = 500ms;

class LineSignPlan final : public DevicePlan {
public:
    explicit LineSignPlan(LineSignSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] bool shows_text() const override { return true; }
    [[nodiscard]] std::string shown_of(std::string_view words) const override { return shown_as(settings_, words); }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<LineSign>(buses.stream(bus), context, settings_);
    }

private:
    LineSignSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_line_sign(const ConfigNode& /*options*/, const ConfigNode& profile,
                                           ConfigProblems& problems) {
    return std::make_unique<LineSignPlan>(read_line_sign_settings(profile, problems));
}

LineSign::LineSign(ByteStream& stream, const DeviceContext& context, LineSignSettings settings)
    : stream_(stream),
      main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      next_(context.main, context.clock, [this] { due(); }) {}

void LineSign::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    connect();
}

void LineSign::stop() {
    disconnect();
    reporter_.stop();
}

void LineSign::connect() {
    stream_.start({.opened =
                       [this](Instant at) {
                           open_ = true;
                           waits_ = face_.has_value();
                           send(at);
                       },
                   .bytes = [](std::span<const std::uint8_t>, Instant) {},  // no answer of a sign is known well enough
                   .damaged = [](Instant) {},
                   .lost =
                       [this](const std::string& cause, Instant at) {
                           open_ = false;
                           next_.cancel();
                           reporter_.failed_exchange();
                           reporter_.health(DeviceState::offline, cause, at);
                       }});
}

void LineSign::disconnect() {
    open_ = false;
    next_.cancel();
    stream_.stop();
}

void LineSign::disable() {
    disconnect();
    reporter_.forget_health();
}

void LineSign::enable() {
    connect();
}

void LineSign::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a sign");
}

void LineSign::show(const SignFace& face) {
    if (face_ == face) {
        return;
    }
    face_ = face;
    waits_ = true;
    const auto now = clock_.now().instant;
    if (open_ && sent_at_ && now - *sent_at_ < settings_.pause) {
        next_.set(*sent_at_ + settings_.pause);
        return;
    }
    send(now);
}

void LineSign::due() {
    waits_ = face_.has_value();
    send(clock_.now().instant);
}

void LineSign::send(Instant now) {
    if (!open_ || !waits_) {
        return;
    }
    const auto frame = sign_frame(settings_, *face_);
    if (!stream_.send(frame)) {
        reporter_.failed_exchange();
        next_.set(now + again_after);
        return;
    }
    waits_ = false;
    sent_at_ = now;
    reporter_.good_exchange(now, 0ms);
    reporter_.health(DeviceState::online, "sent_unproved", now);
    next_.set(settings_.refresh ? std::optional{now + *settings_.refresh} : std::nullopt);
}

}  // namespace portcullis::drivers
