// Nobody at the gate can find out whether a box that has not come yet was picked: every way to ask gives the same
// answer for one that was and for one that was not.
#include <algorithm>
#include <atomic>
#include <regex>
#include <thread>

#include "console/control_socket.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/integration/programs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

const Truck plain{"闽D12345", "CSQU3054383"};
const Truck picked{"闽D67890", "MSKU0028235"};
const Truck unlisted{"闽D11111", "TCLU2422826"};

story::GivenOrder covert(const Truck& truck) {
    auto order = targeted(truck);
    order.visibility = "covert";
    return order;
}

/// What an answer says apart from which box and plate was asked about, and when.
std::string told(std::string answer, const Truck& truck) {
    for (const auto& [what, name] : {std::pair{truck.container, "BOX"}, std::pair{truck.plate, "PLATE"}}) {
        for (auto at = answer.find(what); at != std::string::npos; at = answer.find(what)) {
            answer.replace(at, what.size(), name);
        }
    }
    static const std::regex random{"[0-9a-f]{16,}"};
    static const std::regex moving{R"(\d{4}-\d\d-\d\dT[\d:.]+Z|\d+)"};
    return std::regex_replace(std::regex_replace(answer, random, "H"), moving, "N");
}

class Gate {
public:
    Gate() {
        bench.start();
        bench.order({released(plain), released(picked), covert(picked), covert(unlisted)});
    }
    std::string ask(const std::string& question) {
        std::string answer;
        std::atomic<bool> answered{false};
        std::thread asking{[&] {
            answer = console::ask_control_socket(programs.socket(), question);
            answered = true;
        }};
        bench.until("the daemon answers " + question, [&] { return answered.load(); });
        asking.join();
        return answer;
    }
    /// Every question that the control socket knows.
    std::vector<std::string> questions() {
        auto text = ask("nothing");
        const auto begin = text.find("answers: ");
        REQUIRE(begin != std::string::npos);
        text = text.substr(begin + 9);
        std::vector<std::string> names;
        static const std::regex word{"[a-z_]+"};
        for (std::sregex_iterator at{text.begin(), text.end(), word}; at != std::sregex_iterator{}; ++at) {
            names.push_back(at->str());
        }
        return names;
    }

    GateBench bench;
    Programs programs{bench};
};

/// The ways to put a question about a box: by its number, by the truck's plate, by an order that may be there.
std::vector<std::string> questions_about(const Truck& truck, const std::string& name) {
    const auto begin = R"({"actor":"A113","ask":")" + name + R"(",)";
    const auto end = R"(,"from":1,"purpose":"test","reason":"test","sequence":1})";
    return {begin + R"("container":")" + truck.container + "\"" + end,
            begin + R"("plate":")" + truck.plate + "\"" + end, begin + R"("order":"T-)" + truck.container + "\"" + end,
            begin + R"("facts":")" + truck.container + R"(","key":")" + truck.container + "\"" + end};
}

TEST_CASE("Every question at the control socket has one answer for a box that was picked and one that was not") {
    Gate gate;
    const auto questions = gate.questions();
    CHECK(std::find(questions.begin(), questions.end(), "orders_show") != questions.end());
    CHECK(std::find(questions.begin(), questions.end(), "status") != questions.end());
    for (const auto& name : questions) {
        CAPTURE(name);
        const auto about_plain = questions_about(plain, name);
        const auto about_picked = questions_about(picked, name);
        for (std::size_t i = 0; i < about_plain.size(); ++i) {
            const auto of_plain = gate.ask(about_plain[i]);
            const auto of_picked = gate.ask(about_picked[i]);
            CHECK(told(of_picked, picked) == told(of_plain, plain));
            CHECK_THAT(of_picked, !contains_text("argeting"));
            CHECK_THAT(of_picked, !contains_text("radiation"));
        }
        CHECK_THAT(gate.ask(name), !contains_text("T-" + picked.container));
    }
    gate.bench.ask_to_stop();
    CHECK(gate.bench.wait_for_exit() == 0);
}

TEST_CASE(
    "The commands of the gate have one answer for a box that was picked and one that was not, and each is on record") {
    Gate gate;
    const auto each = [&](const std::vector<std::string>& words, const Truck& truck) {
        auto arguments = words;
        for (auto& word : arguments) {
            word = word == "BOX"      ? truck.container
                   : word == "PLATE"  ? truck.plate
                   : word == "SOCKET" ? gate.programs.socket()
                                      : word;
        }
        return told(gate.programs.portcullis(arguments), truck);
    };
    const std::vector<std::vector<std::string>> ways{
        {"orders", "show", "BOX", "--purpose", "a driver asks", "--actor", "A113", "--socket", "SOCKET"},
        {"orders", "show", "BOX", "--purpose", "a driver asks", "--actor", "A113", "--json", "--socket", "SOCKET"},
        {"journal", "show", "--socket", "SOCKET", "--container", "BOX"},
        {"journal", "show", "--socket", "SOCKET", "--container", "BOX", "--json", "--type", "verdict"},
        {"journal", "show", "--socket", "SOCKET", "--plate", "PLATE"},
        {"journal", "show", "--socket", "SOCKET", "--type", "order.batch"},
        {"status", "--socket", "SOCKET", "--json"},
        {"zones", "--socket", "SOCKET"},
        {"uplink", "--socket", "SOCKET"},
        {"trust", "show", "--socket", "SOCKET"},
    };
    for (const auto& way : ways) {
        CAPTURE(way);
        CHECK(each(way, picked) == each(way, plain));
    }
    // A box that is only targeted is as unknown as one of which nobody has ever heard.
    const Truck nobody{"闽D22222", "TCNU6417851"};
    CHECK(each(ways[0], unlisted) == each(ways[0], nobody));
    CHECK_THAT(each(ways[0], unlisted), contains_text("no order names"));
    CHECK_THAT(each(ways[0], picked), contains_text("granted"));
    gate.bench.until_central_has("order.viewed", [](const auto& event) {
        return run::text_of(event, "key") == picked.container && run::text_of(event, "actor") == "A113" &&
               run::text_of(event, "purpose") == "a driver asks";
    });
    gate.programs.portcullis({"orders", "show", "CSQU3054384", "--purpose", "x", "--socket", gate.programs.socket()},
                             1);
    gate.programs.portcullis({"orders", "show", picked.container, "--socket", gate.programs.socket()}, 2);
    gate.bench.prove_stream();
    CHECK(gate.bench.events("order.viewed").size() == 8);
}

TEST_CASE("Before its passage nothing that the gate writes down names what a box was picked for") {
    Gate gate;
    // A batch that is refused must not tell by its reason what stood in it.
    gate.bench.gate().publish_orders(
        "ciq",
        {R"({"op":"put","order":"T-SECRET","kind":"targeting","match":{"container":")" + picked.container +
         R"("},"action":"inspct","visibility":"covert","valid_from":"2026-11-20T00:00:00.000Z","officer":"A1","decided":"2026-11-20T00:00:00.000Z"})"});
    gate.bench.until_central_has("document.refused");
    gate.bench.until("live state was told", [&] { return gate.bench.events().size() > 5; });
    std::string written;
    for (const auto& row : gate.bench.journal()) {
        written += row.published + "\n";
    }
    CHECK_THAT(written, contains_text("document.refused"));
    CHECK_THAT(written, !contains_text(picked.container));
    CHECK_THAT(written, !contains_text("T-" + picked.container));
    CHECK_THAT(written, !contains_text("T-SECRET"));
    const auto log = file_text(gate.bench.gate().log().string());
    CHECK_THAT(log, !contains_text(picked.container));
    CHECK_THAT(log, !contains_text("T-SECRET"));
    gate.bench.prove_stream();
}

TEST_CASE("A passage decides, and then the record says by what") {
    Gate gate;
    gate.bench.lane().passes(picked);
    gate.bench.until_central_has("verdict.issued");
    CHECK_THAT(gate.programs.portcullis({"journal", "show", "--socket", gate.programs.socket(), "--container",
                                         picked.container, "--json", "--type", "verdict"}),
               contains_text("targeting_inspect"));
    gate.bench.prove_stream();
}

}  // namespace
}  // namespace portcullis::testing
