#include "drivers/device_reporter.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

namespace {

constexpr std::chrono::seconds frames_every{60};
constexpr std::size_t longest_sample = 64;

}  // namespace

Instant summary_due(const Now& now) {
    constexpr std::chrono::milliseconds hour = std::chrono::hours{1};
    constexpr std::chrono::minutes told_just_now{1};
    auto left = hour - now.wall.time_since_epoch() % hour;
    if (left < told_just_now) {
        left += hour;  // the wall clock runs behind the steady one by that much: this hour's end was told
    }
    return now.instant + left;
}

DeviceReporter::DeviceReporter(DeviceName device, boost::asio::io_context& context, const runtime::Clock& clock)
    : device_(std::move(device)),
      clock_(clock),
      frames_due_(context, clock, [this] { report_frames(clock_.now().instant, false); }),
      window_due_(context, clock, [this] { summarise(); }) {}

void DeviceReporter::start(ObservationSink sink) {
    sink_ = std::move(sink);
    const auto now = clock_.now();
    window_began_ = now.instant;
    window_due_.set(summary_due(now));
}

void DeviceReporter::stop() {
    report_frames(clock_.now().instant, true);
    frames_due_.cancel();
    window_due_.cancel();
    sink_ = nullptr;
}

void DeviceReporter::emit(PointName point, Instant at, decltype(Observation::what) what) {
    if (sink_) {
        sink_({.device = device_, .point = std::move(point), .at = at, .what = std::move(what)});
    }
}

void DeviceReporter::health(DeviceState state, const std::string& cause, Instant at) {
    if (view_.state == state) {
        return;
    }
    view_.state = state;
    view_.cause = cause;
    view_.since = at;
    emit({}, at, HealthChanged{.state = state, .cause = cause});
}

void DeviceReporter::bad_frames(const std::vector<BadFrame>& frames) {
    for (const auto& frame : frames) {
        bad_frame(frame);
    }
}

void DeviceReporter::bad_frame(const BadFrame& frame) {
    ++view_.bad_frames;
    auto& summed = frames_[std::string{frame.kind}];
    if (summed.frames.count++ == 0) {
        const auto length = std::min(frame.bytes.size(), longest_sample);
        summed.frames.kind = frame.kind;
        summed.frames.sample.assign(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(length));
    }
    report_frames(frame.at, false);
}

void DeviceReporter::report_frames(Instant now, bool all) {
    std::optional<Instant> next;
    for (auto& [kind, summed] : frames_) {
        if (summed.frames.count == 0) {
            continue;
        }
        const auto due = summed.reported ? *summed.reported + frames_every : now;
        if (all || due <= now) {
            summed.reported = now;
            emit({}, now, std::exchange(summed.frames, {}));
        } else {
            next = next ? std::min(*next, due) : due;
        }
    }
    frames_due_.set(next);
}

void DeviceReporter::good_exchange(Instant at, std::chrono::milliseconds took) {
    view_.last_good = at;
    ++view_.polls;
    ++window_.polls;
    const auto last = static_cast<std::int64_t>(window_.took_ms.size()) - 1;
    const auto bucket = std::clamp<std::int64_t>(took.count(), 0, last);
    ++window_.took_ms.at(static_cast<std::size_t>(bucket));
}

void DeviceReporter::failed_exchange() {
    ++view_.polls;
    ++view_.errors;
    ++window_.polls;
    ++window_.errors;
}

void DeviceReporter::input(const PointName& point, InputSeen seen, Instant at) {
    emit(point, at, seen);
}

void DeviceReporter::reading(Reading reading, Instant at) {
    ++view_.readings;
    ++window_.readings;
    view_.last_good = at;
    emit({}, at, std::move(reading));
}

void DeviceReporter::picture(Picture picture, Instant at) {
    if (picture.missing.empty()) {
        ++view_.readings;
        ++window_.readings;
    }
    emit({}, at, std::move(picture));
}

void DeviceReporter::radiation(const RadiationSeen& seen, Instant at) {
    emit({}, at, seen);
}

void DeviceReporter::weight(const WeightSeen& weight, Instant at) {
    emit({}, at, weight);
}

void DeviceReporter::load(const LoadSeen& load, Instant at) {
    emit({}, at, load);
}

void DeviceReporter::identity(const DeviceIdentity& identity, Instant at) {
    if (identity == identity_) {
        return;
    }
    identity_ = identity;
    emit({}, at, identity);
}

void DeviceReporter::forget_health() {
    view_.state.reset();
    view_.cause.clear();
    view_.since.reset();
}

std::chrono::milliseconds DeviceReporter::p99() const {
    const auto good = window_.polls - window_.errors;
    std::int64_t counted = 0;
    for (std::size_t ms = 0; ms < window_.took_ms.size(); ++ms) {
        counted += window_.took_ms[ms];
        if (counted * 100 >= good * 99) {
            return std::chrono::milliseconds{ms};
        }
    }
    return std::chrono::milliseconds{window_.took_ms.size()};
}

void DeviceReporter::summarise() {
    const auto now = clock_.now();
    emit({}, now.instant,
         DeviceSummary{.window = std::chrono::duration_cast<std::chrono::seconds>(now.instant - window_began_),
                       .polls = window_.polls,
                       .errors = window_.errors,
                       .readings = window_.readings,
                       .p99 = p99(),
                       .clock_skew = window_.clock_skew});
    window_ = {};
    window_began_ = now.instant;
    window_due_.set(summary_due(now));
}

}  // namespace portcullis::drivers
