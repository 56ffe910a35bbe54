#pragma once

#include <functional>
#include <string>

#include "core/facts.hpp"
#include "core/value.hpp"
#include "gate/control_desk.hpp"
#include "gate/journal_desk.hpp"

namespace portcullis::gate {

/// What anybody at the gate may see of the orders of a box outside a passage: what its owner knows as well. Nothing of
/// targeting, sampling and inspections (no tipping off), so that a box that was picked looks like one that was not.
[[nodiscard]] List orders_shown(const OrdersFound& found, const ContainerNumber& container);

/// Look-ups of orders outside a passage. Each is an event, with who asked and what for, and is answered when that is
/// durable: none goes unrecorded.
class OrderViewing {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<void(const ContainerNumber&, std::function<void(OrdersFound)>)> look_up;
        std::function<Now()> now;
    };

    explicit OrderViewing(Ports ports) : ports_(std::move(ports)) {}

    /// `{"ask":"orders_show","container":…,"actor":…,"purpose":…}`
    void add_to(ControlDesk& desk);

private:
    void answer(const Value& question, const ControlDesk::Reply& reply) const;

    Ports ports_;
};

}  // namespace portcullis::gate
