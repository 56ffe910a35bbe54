#pragma once

#include <memory>
#include <optional>
#include <set>

#include "drivers/device.hpp"
#include "drivers/device_plan.hpp"
#include "drivers/device_reporter.hpp"
#include "drivers/framed_stream.hpp"
#include "drivers/seen_window.hpp"
#include "drivers/tag_reader/tag_frame.hpp"
#include "drivers/text_reader/profile.hpp"

namespace portcullis::drivers {

struct TagReaderSettings {
    ProfileFacts facts;
    TalkSettings talk;
    TagProtocol protocol = TagProtocol::a0;
    SameAgain same_again{std::chrono::seconds{5}, std::chrono::seconds{2}};
    Face face = Face::not_applicable;
    std::set<int> antennas;  ///< tags of others are not ours; empty = all are
};

/// The registry's row: always a plan; what is wrong is in `problems`.
[[nodiscard]] std::unique_ptr<DevicePlan> plan_tag_reader(const ConfigNode& options, const ConfigNode& profile,
                                                          ConfigProblems& problems);

/// A reader of UHF tags. A tag is seen tens of times a second and told when it comes into view, again every `refresh`
/// as long as it stays, and anew when it was away for `window`. No tag proves nothing. An antenna that the reader calls
/// bad is a fault, until none is for a while.
class TagReader final : public Device {
public:
    TagReader(ByteStream& stream, const DeviceContext& context, TagReaderSettings settings);

    void start(ObservationSink sink) override;
    void stop() override;
    void perform(const PointCommand& command, CommandDone done) override;
    void disable() override { talk_.stop(); }
    void enable() override { talk_.start(); }
    [[nodiscard]] DeviceView view() const override { return reporter_.view(); }

private:
    void frame(const Frame& frame);
    [[nodiscard]] std::string fault_at(Instant at) const;

    boost::asio::io_context& main_;
    TagReaderSettings settings_;
    DeviceReporter reporter_;
    SeenWindow seen_;
    std::optional<Instant> faulted_;  ///< when an antenna was last called bad
    FramedStream talk_;
};

}  // namespace portcullis::drivers
