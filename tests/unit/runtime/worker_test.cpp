#include "runtime/worker.hpp"

#include <csignal>
#include <future>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace portcullis;
using namespace portcullis::runtime;
using namespace std::chrono_literals;

namespace {

/// Keeps a worker busy from construction until `open`.
class Gate {
public:
    explicit Gate(Worker& worker) {
        REQUIRE(worker.post([this] {
            entered_.set_value();
            opened_.get_future().wait();
        }));
        entered_.get_future().wait();
    }
    void open() { opened_.set_value(); }

private:
    std::promise<void> entered_;
    std::promise<void> opened_;
};

}  // namespace

TEST_CASE("a worker does its work in order, in one thread that is not the caller's") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test"}, clock};
    std::vector<int> order;
    std::vector<std::thread::id> threads;
    for (int i = 0; i < 10; ++i) {
        REQUIRE(worker.post([&, i] {
            order.push_back(i);
            threads.push_back(std::this_thread::get_id());
        }));
    }
    worker.stop();
    CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    for (const auto& thread : threads) {
        CHECK(thread == threads.front());
        CHECK(thread != std::this_thread::get_id());
    }
}

TEST_CASE("a worker that hangs does not hold up who stops it, and still does what waits") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test"}, clock};
    Gate gate{worker};
    bool done = false;
    REQUIRE(worker.post([&done] { done = true; }));
    worker.begin_stop();
    CHECK_FALSE(worker.ended_within(1ms));
    CHECK_FALSE(worker.post([] {}));
    gate.open();
    CHECK(worker.ended_within(1min));
    CHECK(done);
}

TEST_CASE("a full worker says so and does not run what it refused") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test", .capacity = 2}, clock};
    Gate gate{worker};
    int ran = 0;
    CHECK(worker.post([&ran] { ++ran; }));
    CHECK(worker.post([&ran] { ++ran; }));
    CHECK_FALSE(worker.post([&ran] { ran += 100; }));
    gate.open();
    worker.stop();
    CHECK(ran == 2);
}

TEST_CASE("a worker that stops finishes what waits and takes nothing more") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test"}, clock};
    Gate gate{worker};
    int ran = 0;
    REQUIRE(worker.post([&ran] { ++ran; }));
    auto stopped = std::async(std::launch::async, [&worker] { worker.stop(); });
    gate.open();
    stopped.get();
    CHECK(ran == 1);
    CHECK_FALSE(worker.post([&ran] { ++ran; }));
    worker.stop();
    CHECK(ran == 1);
}

TEST_CASE("a worker shows since when it is busy, and that it hangs") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test", .capacity = 4, .allowed = 500ms}, clock};
    CHECK_FALSE(worker.progress().hung(clock.now().instant + 24h));

    const auto since = clock.now().instant;
    Gate gate{worker};
    REQUIRE(worker.post([] {}));
    auto progress = worker.progress();
    CHECK(progress.busy_since == since);
    CHECK(progress.waiting == 1);
    CHECK_FALSE(progress.hung(since + 500ms));
    CHECK(progress.hung(since + 501ms));
    gate.open();
    worker.stop();
    CHECK_FALSE(worker.progress().busy_since);
}

TEST_CASE("a worker whose thread does not begin what waits hangs too") {
    portcullis::testing::ManualClock clock;
    std::promise<void> begin;
    Worker worker{{.name = "late", .allowed = 500ms}, clock, [&begin](const std::string&, std::function<void()> run) {
                      return std::thread{[&begin, run = std::move(run)] {
                          begin.get_future().wait();
                          run();
                      }};
                  }};
    clock.advance(24h);
    CHECK_FALSE(worker.progress().hung(clock.now().instant));  // nothing waits for it

    const auto since = clock.now().instant;
    REQUIRE(worker.post([] {}));
    clock.advance(400ms);
    REQUIRE(worker.post([] {}));
    CHECK_FALSE(worker.progress().busy_since);
    CHECK(worker.progress().left_since == since);
    CHECK_FALSE(worker.progress().hung(since + 500ms));
    CHECK(worker.progress().hung(since + 501ms));
    begin.set_value();
    worker.stop();
    CHECK_FALSE(worker.progress().hung(since + 24h));
}

TEST_CASE("what waited long behind other work is not held against a worker that has just done it") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test", .allowed = 500ms}, clock};
    std::promise<void> second_at_hand;
    std::promise<void> on;
    Gate gate{worker};
    REQUIRE(worker.post([&] {
        second_at_hand.set_value();
        on.get_future().wait();
    }));
    clock.advance(450ms);
    gate.open();
    second_at_hand.get_future().wait();
    CHECK(worker.progress().busy_since == clock.now().instant);
    CHECK_FALSE(worker.progress().hung(clock.now().instant + 500ms));
    on.set_value();
    worker.stop();
}

TEST_CASE("no signal reaches a worker's thread") {
    portcullis::testing::ManualClock clock;
    Worker worker{{.name = "test"}, clock};
    std::promise<bool> blocked;
    REQUIRE(worker.post([&blocked] {
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        blocked.set_value(sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1);
    }));
    CHECK(blocked.get_future().get());
    sigset_t mine;
    pthread_sigmask(SIG_SETMASK, nullptr, &mine);
    CHECK(sigismember(&mine, SIGTERM) == 0);
}
