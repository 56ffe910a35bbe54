#include "gate/control_desk.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"

using namespace portcullis;
using gate::ControlDesk;

namespace {

struct Desk {
    ControlDesk desk;
    ControlDesk::Reply kept;

    Desk() {
        desk.add("status", [](const Value&, const ControlDesk::Reply& reply) { reply("good"); });
        desk.add("echo", [](const Value& question, const ControlDesk::Reply& reply) {
            reply(std::to_string(*question.find("number")->get<std::int64_t>()));
        });
        desk.add("later", [this](const Value&, const ControlDesk::Reply& reply) { kept = reply; });
    }

    std::string answer(std::string_view question) const {
        std::string answered = "nothing";
        desk.answer(question, [&](std::string text) { answered = std::move(text); });
        return answered;
    }
};

}  // namespace

TEST_CASE("A question is a name, or an object that names what is asked") {
    const Desk desk;
    CHECK(desk.answer("status") == "good");
    CHECK(desk.answer(R"({"ask":"status"})") == "good");
    CHECK(desk.answer(R"({"ask":"echo","number":7})") == "7");
}

TEST_CASE("What is no question is told what could be asked") {
    const Desk desk;
    const auto known = R"({"error":"this daemon answers: echo, later, status"})";
    CHECK(desk.answer("") == known);
    CHECK(desk.answer("statuss") == known);
    CHECK(desk.answer(R"({"number":7})") == known);
    CHECK(desk.answer(R"({"ask":7})") == known);
    CHECK(desk.answer(R"({"ask":"other"})") == known);
    CHECK_THAT(desk.answer(R"({"ask":"status","ask":"echo"})"), portcullis::testing::contains_text("twice"));
    CHECK_THAT(desk.answer("{"), portcullis::testing::contains_text("{\"error\":\"the question cannot be read"));
}

TEST_CASE("An answer may come when the question has long been passed on") {
    Desk desk;
    std::string answered;
    {
        const std::string question = R"({"ask":"later"})";
        desk.desk.answer(question, [&](std::string text) { answered = std::move(text); });
    }
    CHECK(answered.empty());
    desk.kept("now");
    CHECK(answered == "now");
}

TEST_CASE("No question has two answers") {
    Desk desk;
    CHECK_THROWS_AS(desk.desk.add("status", {}), std::logic_error);
}
