#include "drivers/transport/owed_answers.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis::drivers;

namespace {

constexpr ModbusFunction registers = ModbusFunction::read_holding_registers;
const ModbusRequest five{.unit = 3, .function = registers, .address = 10, .operand = 5};

}  // namespace

TEST_CASE("a unit that has answered owes nothing") {
    OwedAnswers owed;
    owed.asked(five);
    owed.answered(five);
    CHECK_FALSE(owed.plan(five).first);
    CHECK_FALSE(owed.plan(five).listen_on);
}

TEST_CASE("a unit that owes an answer is first asked for less") {
    OwedAnswers owed;
    owed.asked(five);
    const auto plan = owed.plan(five);
    REQUIRE(plan.first);
    CHECK(*plan.first == ModbusRequest{.unit = 3, .function = registers, .address = 10, .operand = 4});
    owed.asked(*plan.first);
    owed.answered(*plan.first);
    CHECK_FALSE(owed.plan(five).first);
}

TEST_CASE("what one unit owes stands in the way of no other") {
    OwedAnswers owed;
    owed.asked(five);
    auto other = five;
    other.unit = 4;
    CHECK_FALSE(owed.plan(other).first);
    CHECK_FALSE(owed.plan({.unit = 3, .function = registers, .address = 0, .operand = 2}).first);
}

TEST_CASE("each question of a unit that stays silent has another shape than the last") {
    OwedAnswers owed;
    owed.asked(five);
    std::vector<std::uint16_t> counts;
    for (int i = 0; i < 6; ++i) {
        const auto plan = owed.plan(five);
        REQUIRE(plan.first);
        counts.push_back(plan.first->operand);
        owed.asked(*plan.first);
    }
    CHECK(counts == std::vector<std::uint16_t>{4, 3, 2, 1, 4, 3});
}

TEST_CASE("a question that has no smaller form listens to the end") {
    const auto request =
        GENERATE(ModbusRequest{3, registers, 0, 1}, ModbusRequest{3, ModbusFunction::read_coils, 0, 8},
                 write_coil(3, 0, true), write_registers(3, 0, {1, 2}), raw_request(3, {5, 2, 0, 0, 7}));
    OwedAnswers owed;
    owed.asked(request);
    CHECK_FALSE(owed.plan(request).first);
    CHECK(owed.plan(request).listen_on);
}

TEST_CASE("bits are asked for by the byte less") {
    OwedAnswers owed;
    const ModbusRequest twelve{
        .unit = 3, .function = ModbusFunction::read_discrete_inputs, .address = 0, .operand = 12};
    owed.asked(twelve);
    REQUIRE(owed.plan(twelve).first);
    CHECK(owed.plan(twelve).first->operand == 4);
}

TEST_CASE("what a unit owes stays bounded") {
    OwedAnswers owed;
    for (int i = 0; i < 1000; ++i) {
        owed.asked(five);
        owed.asked(write_coil(3, 0, true));
    }
    CHECK(owed.plan(five).first);
    owed.answered(five);
    CHECK_FALSE(owed.plan(five).first);
}
