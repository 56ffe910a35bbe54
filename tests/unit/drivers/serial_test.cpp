#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "device_rig.hpp"
#include "drivers/transport/line_settings.hpp"
#include "drivers/transport/marked_bytes.hpp"
#include "drivers/transport/serial_port.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using portcullis::testing::DeviceRig;

namespace {

/// A pty: the test holds the master, as a device would, and finds the slave under a name that stays.
class Pty {
public:
    Pty() : link_("/tmp/portcullis-pty-" + std::to_string(::getpid())) { plug(); }
    ~Pty() { unplug(); }
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;

    void plug() {
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        REQUIRE(master_ >= 0);
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
        std::array<char, 64> name{};
        REQUIRE(::ptsname_r(master_, name.data(), name.size()) == 0);
        REQUIRE(::symlink(name.data(), link_.c_str()) == 0);
    }
    void unplug() {
        if (master_ >= 0) {
            ::close(master_);
            ::unlink(link_.c_str());
            master_ = -1;
        }
    }
    void write(const std::string& bytes) const {
        REQUIRE(::write(master_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] const std::string& path() const { return link_; }

private:
    std::string link_;
    int master_ = -1;
};

struct Rig : DeviceRig {
    Pty pty;
    Device& device =
        add("plate", "{ serial: " + pty.path() + ", line: 9600 8N1 }", "{ face: front }", "plate-line-gbk");

    Rig() = default;
    ~Rig() { stop(); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    /// Writes until the port is open and a line has come through: what comes before it is opened is dropped.
    void until_it_reads() {
        const auto before = readings().size();
        until([this, before] {
            pty.write("A,1\r\n");
            return readings().size() > before;
        });
        until([this, seen = std::size_t{0}]() mutable {
            return std::exchange(seen, readings().size()) == readings().size();
        });
    }
    [[nodiscard]] std::vector<Reading> readings() const { return all<Reading>("plate"); }
    [[nodiscard]] std::vector<std::string> bad_kinds() const {
        std::vector<std::string> kinds;
        for (const auto& frames : all<BadFrames>("plate")) {
            kinds.push_back(frames.kind);
        }
        return kinds;
    }
    [[nodiscard]] bool read(const std::string& raw) const {
        const auto seen = readings();
        return !seen.empty() && seen.back().raw == raw;
    }
};

/// What came before was told once a kind, and the next line is read as ever.
void check_counted_and_nothing_else(Rig& rig, const std::vector<std::string>& kinds, std::int64_t count) {
    rig.until([&] { return rig.device.view().bad_frames == count; });
    const auto readings = rig.readings().size();
    rig.pty.write(
        "\xBB\xA6"
        "A12345,99\r\n");
    rig.until([&] { return rig.read("沪A12345"); });
    CHECK(rig.readings().size() == readings + 1);
    CHECK(rig.bad_kinds() == kinds);
    CHECK(rig.all<HealthChanged>("plate").size() == 1);
    CHECK(rig.device.view().bad_frames == count);
    rig.stop();
    std::int64_t told = 0;
    for (const auto& frames : rig.all<BadFrames>("plate")) {
        told += frames.count;
    }
    CHECK(told == count);
}

}  // namespace

TEST_CASE("line settings are read as they are written, and nothing else") {
    const auto line = parse_line_settings("19200 7E2");
    REQUIRE(line);
    CHECK(line->baud == 19200);
    CHECK(line->data_bits == 7);
    CHECK(line->parity == LineSettings::Parity::even);
    CHECK(line->stop_bits == 2);
    CHECK(line->text() == "19200 7E2");
    for (const auto* wrong : {"", "9600", "09600 8N1", "9600 8N", "9600 8N3", "9600 9N1", "9600 8X1", "12345 8N1",
                              "9600  8N1", "9600 8N1 "}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_line_settings(wrong));
    }
}

TEST_CASE("a port is set raw, with damaged bytes marked and the modem lines left alone") {
    termios attributes{};
    attributes.c_iflag = IXON | ICRNL | IGNPAR;
    attributes.c_lflag = ECHO | ICANON | ISIG;
    attributes.c_cflag = HUPCL | CRTSCTS;
    const auto line = *parse_line_settings("4800 7O2");
    apply(line, attributes);
    CHECK((attributes.c_iflag & (IXON | ICRNL | IGNPAR)) == 0);
    CHECK((attributes.c_iflag & (PARMRK | INPCK)) == (PARMRK | INPCK));
    CHECK((attributes.c_lflag & (ECHO | ICANON | ISIG)) == 0);
    CHECK((attributes.c_cflag & (HUPCL | CRTSCTS)) == 0);
    CHECK((attributes.c_cflag & CSIZE) == CS7);
    CHECK((attributes.c_cflag & (PARENB | PARODD | CSTOPB | CREAD | CLOCAL)) ==
          (PARENB | PARODD | CSTOPB | CREAD | CLOCAL));
    CHECK(::cfgetispeed(&attributes) == B4800);
    CHECK(attributes.c_cc[VMIN] == 1);
    CHECK_FALSE(not_taken(line, attributes));

    ::cfsetispeed(&attributes, B9600);
    CHECK_THAT(*not_taken(line, attributes), contains_text("4800 baud"));
    apply(line, attributes);
    attributes.c_cflag &= ~static_cast<tcflag_t>(PARENB);
    CHECK_THAT(*not_taken(line, attributes), contains_text("does not take 4800 7O2"));
}

TEST_CASE("a port that silently takes other settings is refused") {
    const Pty pty;
    const auto opened = open_serial(pty.path(), *parse_line_settings("9600 7E1"));
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error(), contains_text("does not take 9600 7E1"));
}

TEST_CASE("a port is ours alone") {
    const Pty pty;
    const auto line = *parse_line_settings("9600 8N1");
    const auto first = open_serial(pty.path(), line);
    REQUIRE(first);
    const auto second = open_serial(pty.path(), line);
    CHECK_FALSE(second);
    ::close(*first);
    const auto third = open_serial(pty.path(), line);
    REQUIRE(third);
    ::close(*third);
    CHECK_THAT(open_serial("/dev/null", line).error(), contains_text("exclusive") || contains_text("no serial port"));
}

TEST_CASE("a byte with a parity error never becomes text, wherever it is cut") {
    const std::vector<std::uint8_t> wire{'A', 0xFF, 0x00, 'B', 'C', 0xFF, 0xFF, 'D', 0xFF, 0x00, 0x00};
    for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
        MarkedBytes marked;
        std::string out;
        const auto good = [&out](std::span<const std::uint8_t> run) { out.append(run.begin(), run.end()); };
        const auto damaged = [&out] { out += "<!>"; };
        marked.read(std::span{wire}.first(cut), good, damaged);
        marked.read(std::span{wire}.subspan(cut), good, damaged);
        CHECK(out ==
              "A<!>C\xFF"
              "D<!>");
    }
}

TEST_CASE("a plate comes over a serial line, in pieces, and several in one piece") {
    Rig rig;
    rig.start();
    rig.until_it_reads();
    CHECK(rig.is("plate", DeviceState::online));
    const auto before = rig.readings().size();
    rig.pty.write("\xC3");  // 闽 is C3 F6
    rig.pty.write(
        "\xF6"
        "D12345,9");
    rig.pty.write(
        "6\r\n\xBB\xA6"
        "A12345,\r\nnoplate,0\r\n");
    rig.until([&] { return rig.readings().size() == before + 3; });
    const auto readings = rig.readings();
    CHECK(readings[before].raw == "闽D12345");
    CHECK(readings[before].confidence == 96);
    CHECK(readings[before].kind == ReadingKind::plate);
    CHECK(readings[before].face == Face::front);
    CHECK(readings[before + 1].raw == "沪A12345");
    CHECK_FALSE(readings[before + 1].confidence);
    CHECK(readings[before + 2].raw.empty());
}

TEST_CASE("noise on a line is counted, summed up, and changes nothing else") {
    Rig rig;
    rig.start();
    rig.until_it_reads();
    rig.pty.write("no fields\r\n");
    rig.pty.write("\x80\x01 \xFE,\x7F\r\n");
    rig.pty.write("A,101\r\n");
    check_counted_and_nothing_else(rig, {"pattern", "encoding"}, 3);
}

TEST_CASE("a wrong encoding is counted, summed up, and changes nothing else") {
    Rig rig;
    rig.start();
    rig.until_it_reads();
    rig.pty.write(
        "\xFF\x20"
        "D12345,96\r\n");
    check_counted_and_nothing_else(rig, {"encoding"}, 1);
}

TEST_CASE("a line without an end is counted, summed up, and changes nothing else") {
    Rig rig;
    rig.start();
    rig.until_it_reads();
    rig.pty.write(std::string(300, 'x') + "\r\n");
    rig.pty.write("unfinished");
    rig.until([&] { return rig.device.view().bad_frames == 2; });
    check_counted_and_nothing_else(rig, {"too_long", "no_end"}, 2);
}

TEST_CASE("a reader that is pulled out is lost once, and found again by its name") {
    Rig rig;
    rig.start();
    rig.until_it_reads();
    rig.pty.unplug();
    rig.until([&] { return rig.is("plate", DeviceState::offline); });
    const auto errors = [&] { return rig.device.view().errors; };
    rig.until([&] { return errors() >= 3; });
    CHECK(rig.all<HealthChanged>("plate").size() == 2);
    rig.pty.plug();
    rig.until_it_reads();
    CHECK(rig.is("plate", DeviceState::online));
    CHECK(rig.all<HealthChanged>("plate").size() == 3);
    // Opened with a back-off: a loop that reads a dead port again and again would have counted thousands.
    CHECK(errors() < 20);
}
