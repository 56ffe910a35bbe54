#include "runtime/log.hpp"
#include "runtime/fault_line.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>
#include <string>

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

TEST_CASE("a fault is told when it begins, when its cause is another, and how often it came when it is over") {
    std::ostringstream out;
    auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    logger->set_pattern("%l %v");
    FaultLine line{Log{logger}, LogLevel::error, "no commit", 1000};
    for (int i = 0; i < 900; ++i) {
        line.failed("disk full");
    }
    line.failed("disk gone");
    CHECK(out.str() == "error no commit cause=\"disk full\"\nerror no commit cause=\"disk gone\"\n");
    line.over();
    line.failed("disk full");
    CHECK_THAT(out.str(), testing::contains_text("info no commit: how often cause=\"disk full\" times=900\n"
                                                 "error no commit cause=\"disk full\"\n"));
}

TEST_CASE("causes that never repeat do not fill the log") {
    std::ostringstream out;
    auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    FaultLine line{Log{logger}, LogLevel::error, "refused", 1000};
    for (int i = 0; i < 900; ++i) {
        line.failed("packet " + std::to_string(i));
    }
    const auto text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 9);
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
