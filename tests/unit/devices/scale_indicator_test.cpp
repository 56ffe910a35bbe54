#include "simulators/devices/scale_indicator.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/support/catch.hpp"

namespace portcullis::simulators {
namespace {

using namespace std::chrono_literals;

/// What an indicator sends when it is asked for `frames` frames, or with `ask`.
std::string sent_by(ScaleIndicator& scale, boost::asio::io_context& context, const std::string& ask = {}) {
    const int line = ::open(scale.path().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(line >= 0);
    if (!ask.empty()) {
        REQUIRE(::write(line, ask.data(), ask.size()) == static_cast<ssize_t>(ask.size()));
    }
    scale.tick();
    std::string received;
    for (int i = 0; i < 20; ++i) {
        context.restart();
        context.run_for(5ms);
        std::array<char, 64> buffer{};
        const auto count = ::read(line, buffer.data(), buffer.size());
        received.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    ::close(line);
    return received;
}

}  // namespace

TEST_CASE("simulated indicators send the frames that manuals and users print") {
    boost::asio::io_context context;
    ScaleIndicator toledo{context, ScaleSpeech::toledo};
    toledo.show(40'120, false);
    CHECK(sent_by(toledo, context) == "\x02\x2A\x30 040120000000\r\x30");
    toledo.show(39'880, true);
    CHECK(sent_by(toledo, context) == "\x02\x2A\x38 039880000000\r\x13");
    ScaleIndicator yaohua{context, ScaleSpeech::yaohua};
    yaohua.show(40'120, true);
    CHECK(sent_by(yaohua, context) == "\x02+04012001C\x03");
    ScaleIndicator sics{context, ScaleSpeech::sics};
    sics.show(40'120, false);
    CHECK(sent_by(sics, context).empty());
    CHECK(sent_by(sics, context, "SI\r\n") == "S S      40120 kg\r\n");
    sics.show(39'880, true);
    CHECK(sent_by(sics, context, "SI\r\n") == "S D      39880 kg\r\n");
}

TEST_CASE("a simulated indicator can be silent, stuck, over its range, never still, or wrong in its check") {
    boost::asio::io_context context;
    ScaleIndicator scale{context, ScaleSpeech::toledo};
    scale.faults.silent = true;
    CHECK(sent_by(scale, context).empty());
    scale.faults = {.stuck = true};
    scale.show(12'000, false);
    CHECK(sent_by(scale, context).substr(4, 6) == "000000");
    scale.faults = {.over = true};
    CHECK(sent_by(scale, context).at(2) == '\x34');
    scale.faults = {.never_still = true};
    scale.show(12'000, false);
    CHECK(sent_by(scale, context).at(2) == '\x38');
    scale.faults = {};
    const auto good = sent_by(scale, context);
    scale.faults = {.wrong_check = true};
    CHECK(sent_by(scale, context) != good);
}

}  // namespace portcullis::simulators
