#include "tests/fault/cuts/cut_lane.hpp"

#include <algorithm>

#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

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
      consumer_(context, clock, schemas,
                {.port = consumer_proxy_.port(), .prefix = "portcullis/fault/" + plan.name, .manners = plan.manners},
                [this](std::int64_t sequence, const std::string& bytes) { stored(sequence, bytes); }) {
    consumer_.start();
    if (plan.trusts_puback) {
        truster_.emplace(context, "truster-" + plan.name,
                         MqttPeer::Handlers{[] {}, [](const MqttPeer::Message&) {}, [] {}});
        truster_->connect(plan.broker_port, {});
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
        acknowledge_what_the_broker_took();
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
    const auto last = gate_.last();
    const bool known = gate_.view().acknowledged == last;
    return gate_.settled() && known && (plan_.trusts_puback || stored_ == last);
}

void CutLane::acknowledge_what_the_broker_took() {
    const auto view = gate_.view();
    if (truster_->online() && view.online && view.sent > view.acknowledged && view.broker_took >= view.sent) {
        truster_->publish("portcullis/fault/" + plan_.name + "/ack",
                          R"({"stream":")" + gate_.stream() + R"(","sequence":)" + std::to_string(view.sent) +
                              R"(,"sha256":")" + gate_.digest(view.sent) + "\"}");
    }
}

void CutLane::stored(std::int64_t sequence, const std::string& bytes) {
    ++stored_;
    if (sequence <= newest_) {
        ++count_.duplicated;
    } else if (sequence != newest_ + 1 && !plan_.trusts_puback) {
        ++count_.wrong;
    }
    newest_ = std::max(newest_, sequence);
    if (hex_text(trust::sha256(bytes)) != gate_.digest(sequence)) {
        ++count_.wrong;
    }
}

LaneCount CutLane::count() const {
    auto count = count_;
    count.written = gate_.last();
    count.lost = gate_.last() - stored_;
    count.delivered_twice = consumer_.received() - stored_;
    count.first_error = consumer_.report().first_error;
    return count;
}

std::string CutLane::situation() const {
    const auto view = gate_.view();
    const auto report = consumer_.report();
    return "the gate has " + std::to_string(view.last) + " events, sent " + std::to_string(view.sent) + ", knows " +
           std::to_string(view.acknowledged) + " stored, " + (view.online ? "online" : view.cause) +
           "; the consumer has " + std::to_string(report.last) + (consumer_.online() ? ", online" : ", offline");
}

}  // namespace portcullis::fault
