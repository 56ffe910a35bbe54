#include "simulators/run/random_passages.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/container_number.hpp"
#include "simulators/story/order_objects.hpp"

namespace portcullis::run {

namespace {

using namespace std::chrono_literals;
using rig::OutputWires;

/// From the reading to the arm: verdict, commit, write.
constexpr auto arm_patience = 6s;
/// From an arrival loop that let go to the end of a passage that went back: `gone_after` and a little; and until the
/// arm has been asked down, when it was up.
constexpr auto back_patience = 6s;
constexpr auto back_with_arm_patience = 15s;
/// The lane's own waits on a passage: `hold` after the arm and after the exit, then the arm comes down.
constexpr auto close_patience = 10s;

/// The container number with this serial number.
std::string container_number(int serial) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "PCLU%06d0", serial);
    std::string number{text.data()};
    const auto parsed = ContainerNumber::parse(number);
    if (!parsed && parsed.error().expected_check) {
        number.back() = *parsed.error().expected_check;
    }
    return number;
}

PassageKind random_kind(std::mt19937_64& random) {
    const auto dice = std::uniform_int_distribution{1, 100}(random);
    return dice <= 86   ? PassageKind::released
           : dice <= 92 ? PassageKind::backs_out
           : dice <= 96 ? PassageKind::held
                        : PassageKind::without_order;
}

}  // namespace

std::vector<ShortPassage> random_passages(std::size_t count, std::mt19937_64& random) {
    std::vector<ShortPassage> passages;
    for (std::size_t i = 0; i < count; ++i) {
        std::array<char, 32> plate{};
        std::snprintf(plate.data(), plate.size(), "闽D%05d", static_cast<int>(i % 100'000));
        passages.push_back({random_kind(random), plate.data(), container_number(static_cast<int>(i))});
    }
    return passages;
}

std::vector<std::string> orders_for(const std::vector<ShortPassage>& passages, WallTime now) {
    std::vector<story::GivenOrder> given;
    for (const auto& passage : passages) {
        if (passage.kind != PassageKind::without_order) {
            story::GivenOrder order;
            order.container = passage.container;
            order.plate = passage.plate;
            order.status = passage.kind == PassageKind::held ? "held" : "released";
            given.push_back(std::move(order));
        }
    }
    auto orders = story::order_objects(given, now);
    return orders.empty() ? std::vector<std::string>{} : std::move(orders.front().objects);
}

ShortPassages::ShortPassages(rig::LaneRig& lane, const runtime::Clock& clock, std::uint64_t seed)
    : lane_(lane), clock_(clock), random_(seed), now_(clock.now().instant), due_(now_), since_(now_) {
    lane_.drive_by_hand();
    for (const auto role :
         {Role::arrival_loop, Role::arm_loop, Role::arm_beam, Role::exit_loop, Role::arm_open_limit}) {
        lane_.set_input(role, false);
    }
    lane_.set_input(Role::arm_closed_limit, true);
}

std::chrono::milliseconds ShortPassages::random_ms(int from, int to) {
    return std::chrono::milliseconds{std::uniform_int_distribution{from, to}(random_)};
}

void ShortPassages::go_to(At at, std::chrono::milliseconds due) {
    at_ = at;
    since_ = now_;
    due_ = now_ + due;
}

void ShortPassages::step() {
    now_ = clock_.now().instant;
    if (now_ < due_) {
        return;
    }
    switch (at_) {
        case At::gap:
            begin();
            break;
        case At::arriving:
            lane_.show_plate(now_playing_.plate);
            lane_.show_container(now_playing_.container);
            go_to(At::waiting, 0ms);
            break;
        case At::waiting:
            wait_for_arm();
            break;
        case At::opening:
            lane_.set_input(Role::arm_open_limit, true);
            part_ = 0;
            go_to(now_playing_.kind == PassageKind::backs_out ? At::gone_back : At::going, random_ms(60, 150));
            break;
        case At::going:
            go_through();
            break;
        case At::leaving:
            if (output(OutputWires::arm_down_request) || now_ - since_ > close_patience) {
                lane_.set_input(Role::arm_open_limit, false);
                go_to(At::closing, random_ms(50, 200));
            }
            break;
        case At::closing:
            lane_.set_input(Role::arm_closed_limit, true);
            ++played_;
            go_to(At::gap, random_ms(100, 400));
            break;
        case At::gone_back:
            lane_.set_input(Role::arrival_loop, false);
            if (const bool arm_was_up = now_playing_.kind == PassageKind::backs_out;
                (arm_was_up && output(OutputWires::arm_down_request)) ||
                now_ - since_ > (arm_was_up ? back_with_arm_patience : back_patience)) {
                lane_.set_input(Role::arm_open_limit, false);
                go_to(At::closing, random_ms(50, 200));
            }
            break;
    }
}

void ShortPassages::begin() {
    if (!waiting_.empty()) {
        now_playing_ = std::move(waiting_.back());
        waiting_.pop_back();
        lane_.set_input(Role::arrival_loop, true);
        go_to(At::arriving, random_ms(20, 150));
    }
}

void ShortPassages::wait_for_arm() {
    if (output(OutputWires::arm_up)) {
        lane_.set_input(Role::arm_closed_limit, false);
        go_to(At::opening, random_ms(50, 250));
        return;
    }
    const bool hopeless = now_playing_.kind == PassageKind::held || now_playing_.kind == PassageKind::without_order;
    if (hopeless ? now_ - since_ > 500ms : now_ - since_ > arm_patience) {
        unserved_ += hopeless ? 0 : 1;
        go_to(At::gone_back, 0ms);
    }
}

void ShortPassages::go_through() {
    // The order in which a truck is seen; each step a random moment after the one before.
    switch (part_++) {
        case 0:
            lane_.set_input(Role::arm_loop, true);
            lane_.set_input(Role::arm_beam, true);
            break;
        case 1:
            lane_.set_input(Role::arrival_loop, false);
            break;
        case 2:
            lane_.set_input(Role::exit_loop, true);
            break;
        case 3:
            lane_.set_input(Role::arm_loop, false);
            lane_.set_input(Role::arm_beam, false);
            break;
        default:
            lane_.set_input(Role::exit_loop, false);
            go_to(At::leaving, 0ms);
            return;
    }
    due_ = now_ + random_ms(60, 160);
}

}  // namespace portcullis::run
