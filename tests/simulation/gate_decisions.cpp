// The gate of the simulation decides: orders looked up, their places, the verdict.
#include <string>
#include <utility>

#include "supervision/evaluate.hpp"
#include "tests/simulation/gate_model.hpp"
#include "tests/simulation/manifest.hpp"

namespace portcullis::simulation {

void GateModel::look_up(std::size_t lane, lane::Decide question) {
    run_.trace.digest().number(question.ask);
    run_.trace.line(run_.agenda.now(), name(lane), [&] {
        return "asks for a verdict, " + question.passage.text() + " ask " + std::to_string(question.ask);
    });
    run_.agenda.after(random_.millis(1, 40), life_, [this, lane, question = std::move(question)]() mutable {
        auto found = orders_.look_up(supervision::question_for(question.facts), store_);
        if (random_.chance(run_.plan.chances.look_up_failed)) {
            found.failed = true;
            found.failure = "simulated";
        }
        run_.agenda.after(random_.millis(1, 40), life_,
                          [this, lane, question = std::move(question), found = std::move(found)]() mutable {
                              evaluate(lane, question, std::move(found));
                          });
    });
}

void GateModel::evaluate(std::size_t lane, const lane::Decide& question, OrdersFound found) {
    ledger_->overlay(found, question.facts.control_point);
    DecisionBasis basis;
    basis.now = run_.now();
    basis.link_up = true;
    basis.ruleset_state = run_.plan.manifest ? DocumentState::fresh : DocumentState::unknown;
    auto verdict = judge(question.facts, std::move(found), basis);
    run_.trace.line(run_.agenda.now(), name(lane), [&] {
        return "verdict " + std::string{text_of(verdict.outcome)} + " for ask " + std::to_string(question.ask);
    });
    feed(lane, lane::VerdictReady{question.passage, question.ask, std::move(verdict)});
}

Verdict GateModel::judge(PassageFacts facts, OrdersFound found, const DecisionBasis& basis) const {
    const auto& manifest = run_.plan.manifest;
    if (!manifest) {
        return supervision::evaluate(supervision::policy_alone(run_.plan.policy), facts, std::move(found), basis);
    }
    manifest->measure(facts, basis.now.wall);
    return supervision::evaluate(*manifest->ruleset, facts, std::move(found), basis);
}

void GateModel::order_applied(const Order& order) {
    run_.checks.usage.allowed(order.authority, order.id, order.uses);
    orders_.put(order, run_.now().wall);
    run_.trace.digest().text(order.id.text());
    run_.trace.line(run_.agenda.now(), "gate", [&] {
        const auto* release = order.release();
        const auto* targeting = order.targeting();
        const auto says = order.revoked          ? "revoked"
                          : release != nullptr   ? text_of(release->status)
                          : targeting != nullptr ? text_of(targeting->action)
                                                 : text_of(order.movement()->movement);
        return "order " + order.id.text() + ' ' + std::string{says} + ", cursor " + std::to_string(orders_.cursor());
    });
    if (!alive()) {
        return;
    }
    run_.agenda.after(random_.millis(1, 30), life_, [this] {
        const auto life = life_;
        for (std::size_t i = 0; i < lanes_.size() && life == life_; ++i) {
            feed(i, lane::OrdersChanged{orders_.cursor()});
        }
    });
}

}  // namespace portcullis::simulation
