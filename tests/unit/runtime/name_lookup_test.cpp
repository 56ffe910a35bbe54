#include "runtime/name_lookup.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::runtime {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;

/// Name servers that answer when the test says so.
class Servers {
public:
    Servers() { state_->answer_of_dead = promise_.get_future().share(); }
    ~Servers() {
        if (!revived_) {
            promise_.set_value({});  // nothing hangs beyond the test
        }
    }
    Servers(const Servers&) = delete;
    Servers& operator=(const Servers&) = delete;
    Servers(Servers&&) = delete;
    Servers& operator=(Servers&&) = delete;
    [[nodiscard]] NameLookup::Ask ask() const {
        return [state = state_](const std::string& host) {
            ++state->asked;
            return host == "dead.example" ? state->answer_of_dead.get() : std::string{};
        };
    }
    void revive(const std::string& problem = {}) {
        revived_ = true;
        promise_.set_value(problem);
    }
    [[nodiscard]] int asked() const { return state_->asked; }

private:
    struct State {
        std::atomic<int> asked = 0;
        std::shared_future<std::string> answer_of_dead;
    };
    std::promise<std::string> promise_;
    bool revived_ = false;
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// A look-up on a context that the test turns, and its answers.
struct Desk {
    explicit Desk(NameLookup::Ask ask) { names.emplace(context, clock, std::move(ask)); }
    void find(const std::string& host, std::chrono::milliseconds limit) {
        names->find(host, limit, [this](const std::string& problem) { answers.push_back(problem); });
    }
    void turn_until_answers(std::size_t count) {
        const auto patience = clock.now().instant + 20s;
        while (answers.size() < count && clock.now().instant < patience) {
            context.restart();
            context.run_one_for(10ms);
        }
        REQUIRE(answers.size() == count);
    }
    SystemClock clock;
    boost::asio::io_context context;
    std::optional<NameLookup> names;
    std::vector<std::string> answers;
};

}  // namespace

TEST_CASE("a name that the system knows is found") {
    Desk desk{ask_system_for};
    desk.find("localhost", 10s);
    desk.turn_until_answers(1);
    CHECK(desk.answers.front().empty());
}

TEST_CASE("a name that cannot be is answered with why") {
    Desk desk{ask_system_for};
    desk.find("no such name", 10s);
    desk.turn_until_answers(1);
    CHECK_THAT(desk.answers.front(), contains_text("cannot look up no such name: "));
}

TEST_CASE("an address is no question for anybody") {
    const Servers servers;
    Desk desk{servers.ask()};
    desk.find("192.0.2.1", 10s);
    desk.find("2001:db8::1", 10s);
    CHECK(desk.answers == std::vector<std::string>{"", ""});
    CHECK(servers.asked() == 0);
}

TEST_CASE("name servers that keep silent are waited for to the limit and asked once") {
    Servers servers;
    Desk desk{servers.ask()};
    desk.find("dead.example", 30ms);
    desk.turn_until_answers(1);
    CHECK_THAT(desk.answers.back(), contains_text("cannot look up dead.example: no answer within 30 ms"));
    desk.find("dead.example", 30ms);
    desk.turn_until_answers(2);
    CHECK_THAT(desk.answers.back(), contains_text("no answer"));
    CHECK(servers.asked() == 1);
    SECTION("meanwhile another name is looked up") {
        desk.find("good.example", 20s);
        desk.turn_until_answers(3);
        CHECK(desk.answers.back().empty());
    }
    SECTION("their late answer is taken") {
        desk.find("dead.example", 20s);
        servers.revive("revived");
        desk.turn_until_answers(3);
        CHECK(desk.answers.back() == "cannot look up dead.example: revived");
        CHECK(servers.asked() == 1);
    }
}

TEST_CASE("a late answer to an older question is none to the newest") {
    Servers servers;
    Desk desk{servers.ask()};
    desk.find("dead.example", 20s);
    desk.find("good.example", 20s);
    desk.turn_until_answers(1);
    servers.revive("too late");
    desk.context.restart();
    desk.context.run_for(50ms);
    CHECK(desk.answers == std::vector<std::string>{""});
}

TEST_CASE("a look-up that hangs outlives whoever asked and hurts nobody") {
    auto servers = std::make_unique<Servers>();
    {
        Desk desk{servers->ask()};
        desk.find("dead.example", 20s);
        desk.names.reset();
    }
    servers->revive();
    CHECK(servers->asked() <= 1);
}

TEST_CASE("the host of an address is what stands between scheme and port") {
    CHECK(host_of("mqtts://central.example:8883") == "central.example");
    CHECK(host_of("mqtt://central.example") == "central.example");
    CHECK(host_of("mqtt://[2001:db8::1]:1883") == "2001:db8::1");
    CHECK(host_of("mqtt://[2001:db8::1]") == "2001:db8::1");
}

}  // namespace portcullis::runtime
