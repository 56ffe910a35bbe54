#include "drivers/framed_stream.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

using std::chrono::milliseconds;

namespace {

constexpr int misses_of_the_gone = 3;

std::optional<PollSettings> read_poll(const ConfigNode& node, ConfigProblems& problems) {
    constexpr std::size_t longest_request = 64;
    PollSettings poll;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    if (const auto* request = node.require("request", problems)) {
        const auto bytes = hex_bytes(request->text(problems));
        if (bytes && !bytes->empty() && bytes->size() <= longest_request) {
            poll.request = *bytes;
        } else {
            request->report(problems, "not 1 to 64 bytes in hex", "write them like \"53 49 0D 0A\"");
        }
    }
    if (const auto* every = node.require("every", problems)) {
        poll.every = every->duration(problems, milliseconds{20}, milliseconds{60'000});
    }
    if (const auto* timeout = node.require("timeout", problems)) {
        poll.timeout = timeout->duration(problems, milliseconds{20}, milliseconds{10'000});
    }
    return poll;
}

}  // namespace

TalkSettings read_talk(const ConfigNode& profile, ConfigProblems& problems) {
    TalkSettings talk{.framing = read_framing(profile, problems), .poll = std::nullopt, .silent_after = std::nullopt};
    if (const auto* poll = profile.find("poll")) {
        talk.poll = read_poll(*poll, problems);
    }
    if (const auto* silent = profile.find("silent_after")) {
        talk.silent_after = silent->duration(problems, milliseconds{100}, milliseconds{3'600'000});
    }
    return talk;
}

FramedStream::FramedStream(ByteStream& stream, const DeviceContext& context, TalkSettings talk,
                           DeviceReporter& reporter, Events events)
    : stream_(stream),
      clock_(context.clock),
      talk_(std::move(talk)),
      reporter_(reporter),
      events_(std::move(events)),
      framer_(talk_.framing,
              {.frame = [this](const Frame& frame) { events_.frame(frame); },
               .refused = [this](std::string_view kind,
                                 std::vector<std::uint8_t> bytes) { refuse(kind, std::move(bytes), at_); }}),
      idle_(context.main, context.clock,
            [this] {
                at_ = clock_.now().instant;
                framer_.silence();
            }),
      silent_(context.main, context.clock, [this] { gone("silent", clock_.now().instant); }),
      poll_(context.main, context.clock, [this] { asked_ ? unanswered() : ask(); }) {}

void FramedStream::start() {
    stream_.start({.opened = [this](Instant at) { opened(at); },
                   .bytes = [this](std::span<const std::uint8_t> bytes, Instant at) { received(bytes, at); },
                   .damaged =
                       [this](Instant at) {
                           at_ = at;
                           framer_.damaged(at);
                           idle_.set(at + talk_.framing.idle);
                       },
                   .lost = [this](const std::string& cause, Instant at) { lost(cause, at); }});
}

void FramedStream::stop() {
    idle_.cancel();
    silent_.cancel();
    poll_.cancel();
    asked_.reset();
    stream_.stop();
}

void FramedStream::opened(Instant at) {
    framer_.reset();
    misses_ = 0;
    back_off_.reset();
    asked_.reset();
    watch_silence(at);
    if (events_.opened) {
        events_.opened(at);
    }
    if (talk_.poll) {
        poll_.set(at);
    }
}

void FramedStream::received(std::span<const std::uint8_t> bytes, Instant at) {
    at_ = at;
    framer_.bytes(bytes, at);
    idle_.set(framer_.partial() ? std::optional{at + talk_.framing.idle} : std::nullopt);
}

void FramedStream::lost(const std::string& cause, Instant at) {
    idle_.cancel();
    silent_.cancel();
    poll_.cancel();
    asked_.reset();
    reporter_.failed_exchange();
    gone(cause, at);
}

void FramedStream::gone(const std::string& cause, Instant at) {
    reporter_.health(DeviceState::offline, cause, at);
    if (events_.gone) {
        events_.gone(cause, at);
    }
}

void FramedStream::watch_silence(Instant at) {
    if (talk_.silent_after) {
        silent_.set(at + *talk_.silent_after);
    }
}

void FramedStream::good(Instant at, const std::string& fault) {
    watch_silence(at);
    if (fault.empty()) {
        reporter_.health(DeviceState::online, talk_.poll ? "answers" : "reads", at);
    } else {
        reporter_.health(DeviceState::fault, fault, at);
    }
}

void FramedStream::answered(Instant at, const std::string& fault) {
    good(at, fault);
    if (talk_.poll && asked_ && at >= *asked_) {
        reporter_.good_exchange(at, std::chrono::duration_cast<milliseconds>(at - *asked_));
        misses_ = 0;
        back_off_.reset();
        poll_.set(std::max(*asked_ + talk_.poll->every, clock_.now().instant));
        asked_.reset();
    }
}

void FramedStream::refuse(std::string_view kind, std::vector<std::uint8_t> bytes, Instant at) {
    reporter_.bad_frame({.kind = kind, .bytes = std::move(bytes), .at = at});
}

void FramedStream::ask() {
    if (!talk_.poll) {
        return;
    }
    const auto now = clock_.now().instant;
    asked_ = now;
    // What cannot be written counts as not answered: the same pause, the same end.
    poll_.set(stream_.send(talk_.poll->request) ? now + talk_.poll->timeout : now);
}

void FramedStream::unanswered() {
    const auto now = clock_.now().instant;
    asked_.reset();
    reporter_.failed_exchange();
    poll_.set(now + back_off_.fail());
    if (++misses_ >= misses_of_the_gone) {
        gone("no answer", now);
    }
}

}  // namespace portcullis::drivers
