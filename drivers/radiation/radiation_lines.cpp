#include "drivers/radiation/radiation_lines.hpp"

#include <numeric>
#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t samples_per_second = 5;

RadiationLinesSettings read_radiation_lines_settings(const ConfigNode& profile, ConfigProblems& problems) {
    RadiationLinesSettings settings;
    settings.facts = read_profile_facts(profile, {"framing", "records", "speed", "faults"}, problems);
    settings.talk = read_talk(profile, problems);
    if (!settings.talk.silent_after) {
        profile.report(problems, "nobody would see that the monitor has gone silent",
                       "write `silent_after`, three times as long as its background takes");
    }
    if (const auto* timeout = profile.find("sample_timeout")) {
        settings.sample_timeout = timeout->duration(problems, 500ms, 60s);
    }
    return settings;
}

/// Empty where the tag is of a good background.
std::string background_fault(TsaTag tag) {
    if (tag == TsaTag::gamma_high) {
        return "high_background";
    }
    if (tag == TsaTag::gamma_low) {
        return "low_background";
    }
    if (tag == TsaTag::neutron_high) {
        return "high_neutron_background";
    }
    return tag == TsaTag::neutron_low ? "low_neutron_background" : "";
}

class RadiationLinesPlan final : public DevicePlan {
public:
    explicit RadiationLinesPlan(RadiationLinesSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] bool measures_radiation() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<RadiationLines>(buses.stream(bus), context, settings_);
    }

private:
    RadiationLinesSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_radiation_lines(const ConfigNode& /*options*/, const ConfigNode& profile,
                                                 ConfigProblems& problems) {
    return std::make_unique<RadiationLinesPlan>(read_radiation_lines_settings(profile, problems));
}

RadiationLines::RadiationLines(ByteStream& stream, const DeviceContext& context, RadiationLinesSettings settings)
    : main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      teller_([this](const RadiationSeen& seen, Instant at) { reporter_.radiation(seen, at); }),
      no_sample_(context.main, context.clock, [this] { teller_.incomplete("end_not_seen", clock_.now().instant); }),
      talk_(stream, context, settings_.talk, reporter_,
            {.frame = [this](const Frame& given) { frame(given); },
             .opened = [this](Instant at) { opened(at); },
             .gone =
                 [this](const std::string& cause, Instant at) {
                     no_sample_.cancel();
                     gamma_fault_ = neutron_fault_ = cause == "silent" ? cause : "offline";
                     teller_.lost(gamma_fault_, at);
                 }}) {}

void RadiationLines::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    talk_.start();
}

void RadiationLines::stop() {
    no_sample_.cancel();
    talk_.stop();
    reporter_.stop();
}

void RadiationLines::disable() {
    no_sample_.cancel();
    teller_.lost("disabled", clock_.now().instant);
    talk_.stop();
}

void RadiationLines::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a radiation monitor");
}

/// What it was before is not known: it measures when it has shown a good background. That it was opened it says once;
/// so that holds until it says that it is closed.
void RadiationLines::opened(Instant at) {
    gamma_fault_ = neutron_fault_ = "no_background_yet";
    last_samples_.clear();
    say_watch(at);
}

void RadiationLines::frame(const Frame& frame) {
    const auto line = read_tsa_line(frame.content());
    if (!line) {
        talk_.refuse(line.error(), frame.bytes, frame.at);
        return;
    }
    const bool tampered = line->tag == TsaTag::tamper || (tampered_ && line->tag != TsaTag::tamper_cleared);
    talk_.good(frame.at, tampered ? "tamper" : "");
    take(*line, frame.at);
}

void RadiationLines::take(const TsaLine& line, Instant at) {
    switch (line.tag) {
        case TsaTag::gamma_background:
        case TsaTag::neutron_background:
        case TsaTag::gamma_high:
        case TsaTag::gamma_low:
        case TsaTag::neutron_high:
        case TsaTag::neutron_low:
            background(line, at);
            break;
        case TsaTag::gamma_sample:
        case TsaTag::gamma_alarm:
            gamma_sample(line, at);
            break;
        case TsaTag::neutron_sample:
        case TsaTag::neutron_alarm:
            neutron_sample(line, at);
            break;
        case TsaTag::speed:
            teller_.speed(*line.speed_mm_s, at);
            break;
        case TsaTag::end_of_occupancy:
            no_sample_.cancel();
            last_samples_.clear();
            teller_.ended(at);
            break;
        case TsaTag::tamper:
        case TsaTag::tamper_cleared:
            tampered_ = line.tag == TsaTag::tamper;
            say_watch(at);
            break;
        case TsaTag::setup:
            break;
    }
}

/// Background is told while nothing is there: in an occupancy it means that the line of its end is lost.
void RadiationLines::background(const TsaLine& line, Instant at) {
    no_sample_.cancel();
    last_samples_.clear();
    teller_.incomplete("end_not_seen", at);
    const bool is_gamma =
        line.tag == TsaTag::gamma_background || line.tag == TsaTag::gamma_high || line.tag == TsaTag::gamma_low;
    if (line.tag == TsaTag::gamma_background) {
        teller_.background(line.sum());
    }
    (is_gamma ? gamma_fault_ : neutron_fault_) = background_fault(line.tag);
    say_watch(at);
}

void RadiationLines::say_watch(Instant at) {
    if (tampered_) {
        teller_.watch("tamper", at);
    } else {
        teller_.watch(gamma_fault_.empty() ? neutron_fault_ : gamma_fault_, at);
    }
}

void RadiationLines::gamma_sample(const TsaLine& line, Instant at) {
    sampled(at);
    last_samples_.push_back(line.sum());
    if (last_samples_.size() > samples_per_second) {
        last_samples_.pop_front();
    }
    if (last_samples_.size() == samples_per_second) {
        teller_.gamma(std::accumulate(last_samples_.begin(), last_samples_.end(), std::int64_t{0}));
    }
    if (line.tag == TsaTag::gamma_alarm) {
        teller_.alarm(true, false, at);
    }
}

void RadiationLines::neutron_sample(const TsaLine& line, Instant at) {
    sampled(at);
    teller_.neutrons(line.sum());
    if (line.tag == TsaTag::neutron_alarm) {
        teller_.alarm(false, true, at);
    }
}

void RadiationLines::sampled(Instant at) {
    teller_.began(at);
    no_sample_.set(at + settings_.sample_timeout);
}

}  // namespace portcullis::drivers
