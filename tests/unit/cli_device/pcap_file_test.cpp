#include "cli/device/pcap_file.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Reads a capture file back, byte by byte, by what the format and RFC 791 and 793 say.
class Reader {
public:
    explicit Reader(const std::string& text) : bytes_(text.begin(), text.end()) {}

    std::uint32_t low(int width) {
        std::uint32_t value = 0;
        for (int i = 0; i < width; ++i) {
            value |= std::uint32_t{bytes_.at(at_++)} << (8U * static_cast<unsigned>(i));
        }
        return value;
    }
    std::uint32_t high(int width) {
        std::uint32_t value = 0;
        for (int i = 0; i < width; ++i) {
            value = value << 8U | bytes_.at(at_++);
        }
        return value;
    }
    Bytes take(std::size_t count) {
        const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
        at_ += count;
        return {from, from + static_cast<std::ptrdiff_t>(count)};
    }
    [[nodiscard]] bool over() const { return at_ == bytes_.size(); }
    [[nodiscard]] std::size_t at() const { return at_; }

private:
    Bytes bytes_;
    std::size_t at_ = 0;
};

/// RFC 1071: with its own checksum in it, a header sums up to FFFF.
std::uint32_t summed(const Bytes& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        sum += static_cast<std::uint32_t>(bytes[i] << 8U) + (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
    }
    while (sum > 0xFFFF) {
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    }
    return sum;
}

void check_head(Reader& reader, std::uint32_t link) {
    CHECK(reader.low(4) == 0xA1B2C3D4);
    CHECK(reader.low(2) == 2);
    CHECK(reader.low(2) == 4);
    CHECK(reader.low(4) == 0);
    CHECK(reader.low(4) == 0);
    CHECK(reader.low(4) == 65'535);
    CHECK(reader.low(4) == link);
}

struct Segment {
    std::uint32_t from = 0, to = 0, from_port = 0, to_port = 0, sequence = 0, acknowledged = 0;
    Bytes payload;
};

Segment read_segment(Reader& reader, std::uint32_t seconds, std::uint32_t microseconds) {
    CHECK(reader.low(4) == seconds);
    CHECK(reader.low(4) == microseconds);
    const auto length = reader.low(4);
    CHECK(reader.low(4) == length);
    (void)reader.take(12);
    CHECK(reader.high(2) == 0x0800);
    const auto ip = reader.take(20);
    CHECK(summed(ip) == 0xFFFF);
    CHECK(ip[0] == 0x45);
    CHECK(ip[9] == 6);
    Reader of_ip{{ip.begin(), ip.end()}};
    (void)of_ip.take(2);
    CHECK(of_ip.high(2) == length - 14);
    (void)of_ip.take(8);
    Segment segment;
    segment.from = of_ip.high(4);
    segment.to = of_ip.high(4);
    const auto tcp = reader.take(length - 34);
    Bytes with_pseudo_header{ip.begin() + 12, ip.end()};
    with_pseudo_header.insert(with_pseudo_header.end(), {0, 6, static_cast<std::uint8_t>(tcp.size() >> 8U),
                                                         static_cast<std::uint8_t>(tcp.size())});
    with_pseudo_header.insert(with_pseudo_header.end(), tcp.begin(), tcp.end());
    CHECK(summed(with_pseudo_header) == 0xFFFF);
    Reader of_tcp{{tcp.begin(), tcp.end()}};
    segment.from_port = of_tcp.high(2);
    segment.to_port = of_tcp.high(2);
    segment.sequence = of_tcp.high(4);
    segment.acknowledged = of_tcp.high(4);
    CHECK(of_tcp.high(2) == 0x5018);
    (void)of_tcp.take(6);
    segment.payload = of_tcp.take(tcp.size() - 20);
    return segment;
}

const Bytes question{0, 1, 0, 0, 0, 6, 1, 1, 0, 0, 0, 6};
const Bytes answer{0, 1, 0, 0, 0, 4, 1, 1, 1, 5};

}  // namespace

TEST_CASE("A trace of Modbus TCP is a TCP connection to port 502 whose every byte can be read back") {
    std::ostringstream out;
    PcapFile file{out, PcapFile::Form::modbus_tcp, "192.0.2.10:5020"};
    file.write(true, question, std::chrono::microseconds{1'790'000'000'000'007});
    file.write(false, answer, std::chrono::microseconds{1'790'000'000'123'456});
    CHECK(file.frames() == 2);
    CHECK(file.size() == out.str().size());
    Reader reader{out.str()};
    check_head(reader, 1);
    const auto asked = read_segment(reader, 1'790'000'000, 7);
    CHECK(asked.to == 0xC000020A);
    CHECK(asked.to_port == 502);
    CHECK(asked.payload == question);
    const auto answered = read_segment(reader, 1'790'000'000, 123'456);
    CHECK(answered.from == 0xC000020A);
    CHECK(answered.from_port == 502);
    CHECK(answered.to_port == asked.from_port);
    CHECK(answered.acknowledged == asked.sequence + question.size());
    CHECK(answered.sequence == asked.acknowledged);
    CHECK(answered.payload == answer);
    CHECK(reader.over());
}

// Wireshark's own dissector, where this machine has it.
TEST_CASE("Wireshark reads the functions of a trace of Modbus TCP") {
    if (std::system("command -v tshark > /dev/null 2>&1") != 0) {
        WARN("tshark is not installed: not tried");
        return;
    }
    const store::testing::TemporaryDirectory folder;
    const auto trace = (folder / "trace.pcap").string();
    {
        std::ofstream out{trace, std::ios::binary};
        PcapFile file{out, PcapFile::Form::modbus_tcp, "192.0.2.10:502"};
        file.write(true, question, std::chrono::microseconds{7});
        file.write(false, answer, std::chrono::microseconds{9});
    }
    const auto said = (folder / "said").string();
    REQUIRE(std::system(("tshark -r " + trace + " -T fields -e modbus.func_code > " + said).c_str()) == 0);
    std::ifstream functions{said};
    std::string first;
    std::string second;
    CHECK((functions >> first >> second));
    CHECK(first == "1");
    CHECK(second == "1");
}

TEST_CASE("A trace of RTU frames stands on its own port, and one of a device without an address has a stand-in") {
    std::ostringstream out;
    PcapFile file{out, PcapFile::Form::modbus_rtu, "/dev/serial/by-path/usb-0:1.2"};
    const Bytes frame{0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3A};
    file.write(true, frame, std::chrono::microseconds{5});
    Reader reader{out.str()};
    check_head(reader, 1);
    const auto asked = read_segment(reader, 0, 5);
    CHECK(asked.to == 0xC0000202);
    CHECK(asked.to_port == PcapFile::rtu_port);
    CHECK(asked.payload == frame);
}

TEST_CASE("A trace of a stream has a byte for the direction before those of the wire") {
    std::ostringstream out;
    PcapFile file{out, PcapFile::Form::stream, "192.0.2.11:4001"};
    file.write(false, Bytes{0x02, 0x41, 0x03}, std::chrono::microseconds{1'000'001});
    file.write(true, Bytes{0x06}, std::chrono::microseconds{2'000'000});
    Reader reader{out.str()};
    check_head(reader, 147);
    CHECK(reader.low(4) == 1);
    CHECK(reader.low(4) == 1);
    CHECK(reader.low(4) == 4);
    CHECK(reader.low(4) == 4);
    CHECK(reader.take(4) == Bytes{0, 0x02, 0x41, 0x03});
    CHECK(reader.low(4) == 2);
    CHECK(reader.low(4) == 0);
    CHECK(reader.low(4) == 2);
    CHECK(reader.low(4) == 2);
    CHECK(reader.take(2) == Bytes{1, 0x06});
    CHECK(reader.over());
}

TEST_CASE("What a frame adds to a trace is known before it is written") {
    std::ostringstream out;
    for (const auto form : {PcapFile::Form::modbus_tcp, PcapFile::Form::stream}) {
        PcapFile file{out, form, "192.0.2.10:502"};
        const auto before = file.size();
        const auto room = file.room_for(question.size());
        file.write(true, question, std::chrono::microseconds{1});
        CHECK(file.size() == before + room);
    }
}

}  // namespace portcullis::cli
