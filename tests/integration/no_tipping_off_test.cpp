// Nobody at the gate can find out whether a box that has not come yet was picked: every way to ask gives the same
// answer for one that was and for one that was not.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <regex>
#include <thread>

#include "console/control_socket.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/integration/programs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/support/mqtt_probe.hpp"

namespace portcullis::testing {
namespace {

const Truck plain{"闽D12345", "CSQU3054383"};
const Truck picked{"闽D67890", "MSKU0028235"};
const Truck unlisted{"闽D11111", "TCLU2422826"};

story::GivenOrder covert(const Truck& truck) {
    auto order = targeted(truck);
    order.visibility = "covert";
    order.methods = {"fumigation"};  // a word that no answer has by itself
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

/// A terminal operator's destination on the same broker, which leaves nothing out but what it may not see.
void add_terminal(GateBench& bench) {
    auto text = file_text(bench.gate().settings().string());
    const std::string behind = "uplink:\n";
    const auto place = text.find(behind);
    REQUIRE(place != std::string::npos);
    text.insert(place + behind.size(),
                "  - { name: terminal, broker: \"mqtt://127.0.0.1:" + std::to_string(bench.gate().broker().port()) +
                    "\", prefix: terminal/g1, required: false, redact: [personal, targeting] }\n");
    std::ofstream{bench.gate().settings()} << text;
}

/// All of these texts in one of the messages.
bool one_holds(const std::vector<std::string>& messages, const std::vector<std::string>& texts) {
    return std::ranges::any_of(messages, [&](const std::string& message) {
        return std::ranges::all_of(texts, [&](const auto& text) { return message.find(text) != std::string::npos; });
    });
}

class Gate {
public:
    explicit Gate(const std::function<void(GateBench&)>& prepare = {}) {
        if (prepare) {
            prepare(bench);
        }
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
            CHECK_THAT(of_picked, !contains_text("fumigation"));
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

TEST_CASE("Neither live state nor a terminal operator's stream tells that a box was picked") {
    Gate gate{add_terminal};
    auto& broker = gate.bench.gate().broker();
    MqttProbe state{broker.uri(), "state"};
    state.subscribe(gate.bench.gate().prefix() + "/state/#");
    MqttProbe terminal{broker.uri(), "terminal-operator"};
    terminal.subscribe("terminal/g1/#");

    gate.bench.lane().passes(plain);
    gate.bench.until_central_has("passage.ended");
    gate.bench.gate().publish_orders(
        "ciq", {R"({"op":"revoke","order":"T-)" + unlisted.container +
                R"(","reason":"wrong box","officer":"B007","decided":"2026-11-20T00:00:00.000Z"})"});
    gate.bench.until("the terminal operator has what central has", [&] {
        return one_holds(terminal.payloads("terminal/g1/event"), {"portcullis.order.batch", R"("number":2)"});
    });
    const auto told_nothing = [](const std::string& said) {
        CAPTURE(said);
        for (const auto& truck : {picked, unlisted}) {
            CHECK_THAT(said, !contains_text(truck.container));
            CHECK_THAT(said, !contains_text(truck.plate));
        }
        CHECK_THAT(said, !contains_text("argeting"));
    };
    for (const auto* probe : {&state, &terminal}) {
        for (const auto& message : probe->messages()) {
            told_nothing(message.topic + " " + message.payload);
        }
    }
    CHECK(state.messages().size() > 2);
    told_nothing(gate.programs.portcullis({"ruleset", "try", "docs/central/examples/ruleset.json", "--since",
                                           "2020-01-01", "--socket", gate.programs.socket()}));
    told_nothing(file_text(gate.bench.gate().log().string()));

    // It comes, and is decided: the operator sees that it is to be inspected, and not by whose word.
    gate.bench.lane().arrives();
    gate.bench.lane().is_read(picked);
    gate.bench.until("the terminal operator has the verdict", [&] {
        return one_holds(terminal.payloads("terminal/g1/event"), {"portcullis.verdict", R"("outcome":"inspect")"});
    });
    for (const auto& event : terminal.payloads("terminal/g1/event")) {
        CHECK_THAT(event, !contains_text("argeting"));
        CHECK_THAT(event, !contains_text("T-" + picked.container));
    }
}

TEST_CASE("Facts that somebody writes down decide the same whether the box was picked or drawn") {
    Gate gate;
    const auto explained = [&gate](const std::string& about, const std::string& order) {
        const auto file = gate.programs.file("facts.json");
        std::ofstream{file}
            << R"({"at":"2026-11-25T04:00:00.000Z","gate":"g07","lane":"out-1","way":"out","load":"one_40",)"
            << R"("containers":["CSQU3054383"],"plate":"闽D12345","about":[{"container":"CSQU3054383")" << about
            << R"(}],"orders":[{"authority":"ciq","order":"R-1","kind":"release","status":"released",)"
            << R"("movement":"import_laden","container":"CSQU3054383","declarations":["390200261000123"],)"
            << R"("valid_from":"2026-11-23T00:00:00.000Z","valid_to":"2026-12-23T00:00:00.000Z","officer":"A1",)"
            << R"("decided":"2026-11-22T08:00:00.000Z"})" << order << "]}";
        const auto by_the_gate = gate.programs.portcullis(
            {"explain", "--facts", file.string(), "--json", "--socket", gate.programs.socket()});
        return by_the_gate + gate.programs.portcullis({"explain", "--facts", file.string(), "--ruleset",
                                                       "docs/central/examples/ruleset.json", "--json"});
    };
    const auto said = explained("", "");
    CHECK_THAT(said, contains_text(R"("sampling":"withheld")"));
    CHECK(explained(R"(,"tickets":{"sampling":0,"rule:Q08":0})", "") == said);
    CHECK(explained(R"(,"tickets":{"sampling":999999})", "") == said);
    CHECK(explained("", R"(,{"authority":"ciq","order":"T-1","kind":"targeting","match":{"container":"CSQU3054383"},)"
                        R"("action":"hold","valid_from":"2026-11-23T00:00:00.000Z","officer":"B7",)"
                        R"("decided":"2026-11-22T08:00:00.000Z"})") == said);
}

TEST_CASE("What becomes of a targeting order is told only after a verdict has named it") {
    Gate gate;
    const auto withdrawn = [](const Truck& truck) {
        return R"({"op":"revoke","order":"T-)" + truck.container +
               R"(","reason":"over","officer":"B007","decided":"2026-11-23T00:00:00.000Z"})";
    };
    const auto with_status = [](const Truck& truck, const std::string& status) {
        auto order = released(truck);
        order.status = status;
        return order;
    };
    gate.bench.lane().passes(picked);
    gate.bench.until_central_has("passage.ended");
    // Of one the box has not come, of the other a verdict told; a release that is not to be inspected is no secret.
    gate.bench.order({with_status(plain, "held")});
    gate.bench.gate().publish_orders("ciq", {withdrawn(unlisted), withdrawn(picked)});
    gate.bench.until_central_has("order.changed", [](const auto& event) {
        return run::text_of(event, "order_id") == "T-" + picked.container &&
               run::text_of(event, "new_status") == "revoked";
    });
    gate.bench.until_central_has("order.changed", [](const auto& event) {
        return run::text_of(event, "key") == plain.container && run::text_of(event, "new_status") == "held";
    });
    gate.bench.order({with_status(plain, "inspect")});
    gate.bench.until_central_has("order.batch",
                                 [&](const auto&) { return gate.bench.events("order.batch").size() >= 4; });
    std::string written;
    for (const auto& row : gate.bench.journal()) {
        written += row.published + "\n";
    }
    CHECK_THAT(written, !contains_text(unlisted.container));
    CHECK(gate.bench.events("order.changed").size() == 2);
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
