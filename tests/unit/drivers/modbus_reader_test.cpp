#include <algorithm>

#include "device_rig.hpp"
#include "drivers/modbus_reader/reading_registers.hpp"
#include "tests/support/modbus_stub.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::DeviceRig;
using portcullis::testing::ModbusStub;

namespace {

constexpr std::size_t acknowledge_register = 100;

void show(ModbusStub& stub, std::uint16_t sequence, const std::string& text, std::uint16_t confidence) {
    stub.change([&](ModbusStub::Memory& memory) {
        auto& words = memory.registers;
        words[0] = sequence;
        words[1] = static_cast<std::uint16_t>(text.size());
        words[2] = confidence;
        for (std::size_t i = 0; i < 32; ++i) {
            const auto at = [&text](std::size_t index) {
                return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
            };
            words[3 + i] = static_cast<std::uint16_t>(at(2 * i) << 8U | at(2 * i + 1));
        }
    });
}

struct Rig : DeviceRig {
    ModbusStub stub;

    Rig() {
        add("ocr", "{ modbus_tcp: 127.0.0.1:" + std::to_string(stub.port()) + " }",
            "{ poll: 10 ms, timeout: 1 s, stale_after: 4 s, face: rear }", "container-registers");
    }
    [[nodiscard]] std::uint16_t acknowledged() {
        std::uint16_t value = 0;
        stub.change([&value](ModbusStub::Memory& memory) { value = memory.registers[acknowledge_register]; });
        return value;
    }
    void until_acknowledged(std::uint16_t sequence) {
        until([this, sequence] { return acknowledged() == sequence; });
    }
    [[nodiscard]] std::size_t acknowledgements() {
        const auto requests = stub.requests();
        return static_cast<std::size_t>(
            std::count_if(requests.begin(), requests.end(), [](const auto& request) { return request[7] == 6; }));
    }
    [[nodiscard]] std::vector<Reading> readings() const { return all<Reading>("ocr"); }
};

}  // namespace

TEST_CASE("a sequence that grows is a new reading, also over its end, and zero or less is a restart") {
    CHECK(step_of(7, 7) == SequenceStep::same);
    CHECK(step_of(7, 8) == SequenceStep::next);
    CHECK(step_of(7, 9) == SequenceStep::next);
    CHECK(step_of(7, 6) == SequenceStep::restarted);
    CHECK(step_of(7, 0) == SequenceStep::restarted);
    CHECK(step_of(0, 1) == SequenceStep::next);
    CHECK(step_of(0xFFFF, 1) == SequenceStep::next);
    CHECK(step_of(0xFFFF, 0) == SequenceStep::restarted);
    CHECK(step_of(40'000, 1) == SequenceStep::restarted);
}

TEST_CASE("each new sequence is one reading, and is given back") {
    Rig rig;
    show(rig.stub, 5, "MSKU1234565", 80);
    rig.start();
    rig.until_acknowledged(5);
    CHECK(rig.readings().empty());  // it stood there when we came: of which truck, nobody knows

    show(rig.stub, 6, "CSQU3054383", 97);
    rig.until_acknowledged(6);
    REQUIRE(rig.readings().size() == 1);
    const auto reading = rig.readings().front();
    CHECK(reading.raw == "CSQU3054383");
    CHECK(reading.kind == ReadingKind::container);
    CHECK(reading.face == Face::rear);
    CHECK(reading.confidence == 97);

    show(rig.stub, 7, "", 0);
    rig.until_acknowledged(7);
    REQUIRE(rig.readings().size() == 2);
    CHECK(rig.readings().back().raw.empty());
}

TEST_CASE("an acknowledge that is refused or lost is written again until it is taken, and then no more") {
    const auto act = GENERATE(ModbusStub::Act::send, ModbusStub::Act::silence);
    Rig rig;
    rig.start();
    rig.until([&] { return rig.is("ocr", DeviceState::online); });
    rig.stub.script([act, failures = 0](const auto& request, const auto& honest) mutable {
        if (request[7] != 6 || ++failures > 2) {
            return ModbusStub::Reply{ModbusStub::Act::send, honest};
        }
        return ModbusStub::Reply{act, {request[0], request[1], 0, 0, 0, 3, request[6], 0x86, 6}};
    });
    show(rig.stub, 1, "CSQU3054383", 97);
    rig.until([&] { return rig.acknowledgements() == 3; });
    const auto polled = rig.stub.requests().size();
    rig.until([&] { return rig.stub.requests().size() > polled + 10; });
    CHECK(rig.acknowledgements() == 3);
    CHECK(rig.readings().size() == 1);
}

TEST_CASE("text that is none is counted, given back, and no reading") {
    Rig rig;
    rig.start();
    rig.until([&] { return rig.is("ocr", DeviceState::online); });
    show(rig.stub, 1, "CSQU\xC0\xAF", 97);
    rig.until_acknowledged(1);
    rig.stub.change([](ModbusStub::Memory& memory) {
        memory.registers[0] = 2;
        memory.registers[1] = 65;
    });
    rig.until_acknowledged(2);
    show(rig.stub, 3, "CSQU3054383", 101);
    rig.until_acknowledged(3);
    REQUIRE(rig.readings().size() == 1);
    CHECK_FALSE(rig.readings().front().confidence);
    const auto bad = rig.all<BadFrames>("ocr");
    REQUIRE(bad.size() == 2);
    CHECK(bad[0].kind == "encoding");
    CHECK(bad[1].kind == "text_length");
    CHECK(bad[0].sample.size() <= 64);
}

TEST_CASE("what a reader kept while it was away is of an unknown truck") {
    Rig rig;
    rig.start();
    rig.until([&] { return rig.is("ocr", DeviceState::online); });
    rig.stub.go_away();
    rig.until([&] { return rig.is("ocr", DeviceState::offline); });
    show(rig.stub, 9, "CSQU3054383", 97);
    rig.stub.come_back();
    rig.until_acknowledged(9);
    CHECK(rig.readings().empty());
    show(rig.stub, 10, "MSKU1234565", 97);
    rig.until_acknowledged(10);
    REQUIRE(rig.readings().size() == 1);
    CHECK(rig.readings().front().raw == "MSKU1234565");
}

TEST_CASE("registers hold text in either byte order, to its length or its first NUL") {
    TextDecoder decoder{Encoding::utf8};
    ModbusReaderSettings settings;
    settings.text_registers = 6;
    const std::vector<std::uint16_t> high{0x4353, 0x5155, 0x3330, 0x3534, 0x3338, 0x3300};
    const std::vector<std::uint16_t> low{0x5343, 0x5551, 0x3033, 0x3435, 0x3833, 0x0033};
    CHECK(std::get<Reading>(reading_in(settings, high, decoder)).raw == "CSQU3054383");
    settings.byte_order = ByteOrder::low_first;
    CHECK(std::get<Reading>(reading_in(settings, low, decoder)).raw == "CSQU3054383");
    CHECK_FALSE(std::get<Reading>(reading_in(settings, low, decoder)).confidence);
}
