#include "uplink/delivery_log.hpp"

#include <chrono>

#include "tests/support/catch.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

Now at(std::chrono::seconds second) {
    return {Instant{second}, WallTime{second}, ClockState::synchronised};
}

TEST_CASE("One event's sendings, the broker's answer and the consumer's word are kept with their times") {
    DeliveryLog log{0};
    log.sent(1, at(1s).wall);
    log.sent(2, at(2s).wall);
    log.settled(true, at(3s).wall);
    log.settled(false, at(4s).wall);
    log.sent(2, at(34s).wall);
    CHECK(log.of(2).sendings == 2);
    CHECK(log.of(2).sent == at(34s).wall);
    CHECK_FALSE(log.of(2).took);
    CHECK(log.took_to() == 1);
    log.settled(true, at(35s).wall);
    log.acknowledged(2, at(36s));
    CHECK(log.of(1).took == at(3s).wall);
    CHECK(log.of(1).stored == at(36s).wall);
    CHECK(log.of(2).took == at(35s).wall);
    CHECK(log.took_to() == 2);
    CHECK(log.of(3).sendings == 0);
}

TEST_CASE("What a broken connection left without an answer stays without one") {
    DeliveryLog log{0};
    log.sent(1, at(1s).wall);
    log.connected();
    log.sent(1, at(2s).wall);
    log.settled(true, at(3s).wall);
    CHECK(log.of(1).sendings == 2);
    CHECK(log.of(1).took == at(3s).wall);
    log.settled(true, at(4s).wall);
    CHECK(log.took_to() == 1);
}

TEST_CASE("The log is bounded, and what it forgot it does not make up") {
    DeliveryLog log{0};
    for (Sequence sequence = 1; sequence <= 10'000; ++sequence) {
        log.sent(sequence, at(1s).wall);
        log.settled(true, at(1s).wall);
        log.acknowledged(sequence, at(2s));
    }
    CHECK(log.of(1).sendings == 0);
    CHECK_FALSE(log.of(1).stored);
    CHECK(log.of(10'000).sendings == 1);
    CHECK(log.of(10'000).stored);
    CHECK_FALSE(log.of(10'000 - static_cast<Sequence>(DeliveryLog::acknowledgements_most)).stored);
}

TEST_CASE("The rate is of the last minute") {
    DeliveryLog log{100};
    CHECK(log.stored_a_minute(at(0s).instant) == 0);
    log.acknowledged(150, at(10s));
    log.acknowledged(400, at(50s));
    CHECK(log.stored_a_minute(at(60s).instant) == 300);
    CHECK(log.stored_a_minute(at(80s).instant) == 250);
    CHECK(log.stored_a_minute(at(200s).instant) == 0);
}

}  // namespace
}  // namespace portcullis::uplink
