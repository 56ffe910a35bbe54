#include "tests/fault/cuts/cut_lane.hpp"

#include <algorithm>

namespace portcullis::fault {
namespace {

ConsumerEnd::Manners manners_of(const CutLane::Plan& plan) {
    if (plan.trusts_puback) {
        return ConsumerEnd::Manners::says_nothing;
    }
    return plan.keeps_all ? ConsumerEnd::Manners::keeps_all : ConsumerEnd::Manners::follows_rule;
}

using namespace std::chrono_literals;

constexpr int events_a_point = 3;
/// A point whose cut lies behind the end of its session is over when the stream has been whole for so long.
constexpr auto quiet = 60ms;
/// Everything here is some hundred times faster than life; a silent link is noticed by its keep-alive of a second.
constexpr auto longest_allowed = 15s;

}  // namespace

std::string CutPoint::text() const {
    return std::string{leg == Leg::gate ? "gate" : "consumer"} + " link, " + std::string{text_of(plan.cut)} +
           " after byte " + std::to_string(plan.after) + " " + std::string{text_of(plan.way)};
}

CutLane::CutLane(boost::asio::io_context& context, const runtime::Clock& clock, const central::EventSchemas& schemas,
                 const Plan& plan)
    : clock_(clock),
      plan_(plan),
      gate_proxy_(context, plan.broker_port),
      consumer_proxy_(context, plan.broker_port),
      gate_(context, clock,
            {plan.folder / plan.name, hasty_uplink(gate_proxy_.port(), "portcullis/fault/" + plan.name)}),
      count_(gate_, plan.trusts_puback),
      consumer_(
          context, clock, schemas,
          {.port = consumer_proxy_.port(), .prefix = "portcullis/fault/" + plan.name, .manners = manners_of(plan)},
          [this](std::int64_t sequence, const std::string& bytes) { count_.stored(sequence, bytes); }) {
    consumer_.start();
    if (plan.trusts_puback) {
        truster_.emplace(context, plan.broker_port, "portcullis/fault/" + plan.name, gate_);
    }
}

void CutLane::begin(const CutPoint& point) {
    point_ = point;
    began_ = clock_.now().instant;
    whole_since_.reset();
    proxy(point.leg).plan(point.plan);
    proxy(point.leg).cut_all();
    gate_.write(events_a_point);
}

void CutLane::tick() {
    if (truster_) {
        truster_->tick();
    }
    if (!point_) {
        return;
    }
    if (!whole()) {
        whole_since_.reset();
        return;
    }
    const auto now = clock_.now().instant;
    whole_since_ = whole_since_.value_or(now);
    if (proxy(point_->leg).plan_is_over() || now >= *whole_since_ + quiet) {
        longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::milliseconds>(now - began_));
        point_.reset();
    }
}

bool CutLane::over_time() const {
    return point_ && clock_.now().instant > began_ + longest_allowed;
}

void CutLane::give_up() {
    point_.reset();
}

bool CutLane::whole() const {
    // Whoever trusts PUBACK believes that it is.
    return plan_.trusts_puback ? gate_.settled() && gate_.view().acknowledged == gate_.last() : count_.whole();
}

LaneCount CutLane::count() const {
    return {.written = gate_.last(),
            .lost = count_.lost(),
            .duplicated = count_.duplicated(),
            .wrong = count_.wrong(),
            .delivered_twice = consumer_.received() - count_.stored(),
            .first_error = consumer_.report().first_error};
}

std::string CutLane::situation() const {
    const auto view = gate_.view();
    const auto report = consumer_.report();
    return "the gate has " + std::to_string(view.last) + " events, sent " + std::to_string(view.sent) + ", knows " +
           std::to_string(view.acknowledged) + " stored, " + (view.online ? "online" : view.cause) +
           ", the broker took " + std::to_string(view.broker_took) + ", repeats " + std::to_string(view.repeats) +
           ", refused inbound " + std::to_string(view.inbound_refused) + " " + view.refusal + "; the consumer has " +
           std::to_string(report.last) + (consumer_.online() ? ", online" : ", offline");
}

}  // namespace portcullis::fault
