#include <algorithm>
#include <sstream>

#include "cli/device/watch_device.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::cli {

namespace {

using portcullis::testing::contains_text;

SeenFrame frame_at(int ms, SeenFrame::Way way, std::vector<std::uint8_t> bytes) {
    return {way, std::chrono::milliseconds{ms}, std::move(bytes), {}};
}

/// A poll of eight inputs of this unit, and its answer.
void add_poll(WireLook& look, int ms, std::uint8_t unit, std::uint8_t inputs) {
    look.frames.push_back(frame_at(ms, SeenFrame::Way::out, {0, 1, 0, 0, 0, 6, unit, 2, 0, 0, 0, 8}));
    look.frames.push_back(frame_at(ms + 1, SeenFrame::Way::in, {0, 1, 0, 0, 0, 4, unit, 2, 1, inputs}));
}

WireLook look_of_tcp() {
    WireLook look;
    look.transport = "modbus_tcp";
    look.unit = 1;
    look.now = std::chrono::seconds{10};
    look.wall = std::chrono::milliseconds{1'790'000'000'000};
    return look;
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("A watch shows a poll that brings something new, with what lanes were told, and counts the others") {
    WatchLines lines{false};
    auto look = look_of_tcp();
    add_poll(look, 10, 1, 0);
    add_poll(look, 20, 1, 0);
    add_poll(look, 25, 2, 7);
    add_poll(look, 30, 1, 1);
    look.said.push_back({std::chrono::milliseconds{31}, "di0 on"});
    std::ostringstream out;
    lines.show(look, out);
    CHECK(lines_in(out.str()) == 6);
    CHECK_THAT(out.str(), contains_text("(1 polls brought nothing new)"));
    CHECK_THAT(out.str(), contains_text("00 01 00 00 00 04 01 02 01 01") && contains_text("unit 1: 1000 0000\n"));
    CHECK(out.str().find("unit 2") == std::string::npos);
    CHECK(out.str().find("di0 on") > out.str().find("unit 1: 1000 0000"));
}

TEST_CASE("A watch of everything shows every poll, and one of a stream its text") {
    WatchLines lines{true};
    auto look = look_of_tcp();
    add_poll(look, 10, 1, 0);
    add_poll(look, 20, 1, 0);
    std::ostringstream out;
    lines.show(look, out);
    CHECK(lines_in(out.str()) == 4);
    WatchLines of_stream{false};
    WireLook stream;
    stream.transport = "serial";
    stream.frames = {frame_at(1, SeenFrame::Way::in, {0x02, 'A', 0x1B, 0x03}),
                     {SeenFrame::Way::note, std::chrono::milliseconds{2}, {}, "lost"}};
    stream.missed = 3;
    std::ostringstream text;
    of_stream.show(stream, text);
    CHECK_THAT(text.str(), contains_text("02 41 1B 03") && contains_text("‹STX›A·‹ETX›"));
    CHECK_THAT(text.str(), contains_text("-- ") && contains_text("lost"));
    CHECK_THAT(text.str(), contains_text("(3 frames went by"));
}

TEST_CASE("A question without an answer is shown when the next one is asked") {
    WatchLines lines{false};
    auto look = look_of_tcp();
    look.frames.push_back(frame_at(10, SeenFrame::Way::out, {0, 1, 0, 0, 0, 6, 1, 2, 0, 0, 0, 8}));
    add_poll(look, 300, 1, 0);
    std::ostringstream out;
    lines.show(look, out);
    CHECK(lines_in(out.str()) == 3);
}

}  // namespace portcullis::cli
