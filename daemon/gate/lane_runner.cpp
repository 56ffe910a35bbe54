#include "gate/lane_runner.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::gate {

namespace {

/// What an arm, or a lane that waits for its answer, depends on is not kept waiting.
bool is_urgent(const Event& event) {
    return event.type == "arm.commanded" || event.type == "verdict.issued";
}

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
/// clang 14 deduces no aggregates by itself.
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

LaneRunner::LaneRunner(lane::Lane lane, LaneName name, Ports ports)
    : lane_(std::move(lane)), name_(std::move(name)), ports_(std::move(ports)) {}

void LaneRunner::start() {
    perform_all(lane_.start(ports_.now()));
    ports_.set_alarm(lane_.deadline());
}

void LaneRunner::give(lane::Input input) {
    inbox_.push_back(std::move(input));
    if (working_) {
        return;
    }
    working_ = true;
    while (!inbox_.empty()) {
        const auto next = std::move(inbox_.front());
        inbox_.pop_front();
        perform_all(lane_.handle(next, ports_.now()));
        for (; told_unrecorded_ < lane_.detections_unrecorded(); ++told_unrecorded_) {
            ports_.detected();
        }
    }
    working_ = false;
    ports_.set_alarm(lane_.deadline());
    ports_.changed();
}

void LaneRunner::perform_all(std::vector<lane::Action> actions) {
    for (auto& action : actions) {
        std::visit(Overloaded{[this](lane::Record& one) { record(std::move(one)); },
                              [this](lane::Perform& one) { ports_.perform(one.command); },
                              [this](lane::Withdraw& one) { ports_.withdraw(one); },
                              [this](lane::Decide& one) { ports_.decide(one); },
                              [this](lane::Capture& one) { ports_.capture(one); },
                              [this](lane::ShowText& one) { ports_.show(one.message); }},
                   action);
    }
}

void LaneRunner::record(lane::Record record) {
    Submission submission;
    submission.lane = name_;
    submission.urgent = std::any_of(record.events.begin(), record.events.end(), is_urgent);
    const auto detections = std::count_if(record.events.begin(), record.events.end(),
                                          [](const Event& event) { return event.type == "passage.detected"; });
    for (auto i = detections; i > 0; --i) {
        ports_.detected();
    }
    submission.events = std::move(record.events);
    submission.usage = std::move(record.usage);
    submission.notes = std::move(record.memory);
    submission.committed = [this, ticket = record.ticket] { give(lane::Committed{ticket, ports_.order_cursor()}); };
    ports_.submit(std::move(submission));
}

}  // namespace portcullis::gate
