// Of the gate: orders that come by file, and what becomes of orders in time.
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/canonical.hpp"
#include "gate/gate.hpp"
#include "supervision/passes.hpp"

namespace portcullis::gate {

OrderUpkeep::Ports Gate::order_upkeep_ports() {
    OrderUpkeep::Ports ports;
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.idle = [this] { return !stopping_ && order_desk_.idle() && journal_desk_.idle(); };
    ports.authorities = [this] { return order_desk_.authorities(); };
    ports.complete = [this](const Authority& authority) { return order_desk_.complete(authority); };
    ports.inner_counts = [this](const UsageKey& key) { return inner_counts(key); };
    ports.on_journal = [this](std::function<std::function<void()>(store::Journal&)> work) {
        journal_.on_journal(std::move(work));
    };
    ports.on_cache = [this](std::function<std::function<void()>(store::OrderCache&)> work) {
        const bool taken = orders_worker_.post(
            [this, work = std::move(work)] { boost::asio::post(surroundings_.context, work(*stores_.orders)); });
        if (!taken) {
            fatal("the order cache does not answer any more");
        }
    };
    ports.tidy = [this] { order_desk_.tidy(); };
    return ports;
}

/// Of a pass that is not in the list any more, and of a result that a newer one has replaced, no place is asked for.
bool Gate::inner_counts(const UsageKey& key) const {
    if (key.authority.text() == supervision::pass_authority) {
        return pass_desk_ == nullptr || pass_desk_->may_count(key.order.text());
    }
    return zone_desk_.has_result(key);
}

void Gate::answer_order_questions() {
    control_desk_.add("orders_import", [this](const Value& question, const ControlDesk::Reply& reply) {
        const auto* const member = question.find("file");
        const auto* const file = member == nullptr ? nullptr : member->get<std::string>();
        if (file == nullptr) {
            return reply(error_answer("which file?"));
        }
        if (const auto problem = order_import_.begin(*file)) {
            return reply(error_answer(*problem));
        }
        reply(R"({"state":"running"})");
    });
    control_desk_.add("orders_import_state", [this](const Value&, const ControlDesk::Reply& reply) {
        order_import_.when_over([reply](const Object& view) {
            const auto text = codec::canonical_text(Value{view});
            reply(text ? *text : error_answer(text.error().message()));
        });
    });
}

}  // namespace portcullis::gate
