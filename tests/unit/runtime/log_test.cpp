#include "runtime/log.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "core/ids.hpp"
#include "core/observation.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::runtime;

TEST_CASE("a log line is a message and key=value pairs") {
    CHECK(log_line("device online", {{"device", DeviceName{"io"}}, {"polls", 3}, {"state", DeviceState::online}}) ==
          "device online device=io polls=3 state=online");
    CHECK(log_line("lost", {{"cause", "no answer in 500 ms"}, {"detail", ""}}) ==
          R"(lost cause="no answer in 500 ms" detail="")");
}

TEST_CASE("text from outside cannot forge a log line") {
    CHECK(log_line("read", {{"raw", "A\n<2>level=\"x\"\x1b[0m\\"}}) == R"(read raw="A\x0a<2>level=\"x\"\x1b[0m\\")");
    CHECK(log_line("read", {{"plate", "闽D12345"}}) == "read plate=闽D12345");
}

TEST_CASE("lines below the least level are not written") {
    std::ostringstream out;
    auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::info);
    const Log log{logger};
    log.debug("hidden");
    log.info("100 % {} shown", {{"n", 1}});
    CHECK(out.str() == "info 100 % {} shown n=1\n");
}

TEST_CASE("a repeating line is written first, every Nth, and summed up") {
    RepeatBound bound{100};
    int written = 0;
    for (int i = 0; i < 250; ++i) {
        written += bound.admit() ? 1 : 0;
    }
    CHECK(written == 3);
    CHECK(bound.finish() == 250);
    CHECK_FALSE(bound.finish());
    CHECK(bound.admit());
    CHECK_FALSE(bound.finish());
}
