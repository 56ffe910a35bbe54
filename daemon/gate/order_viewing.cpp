#include "gate/order_viewing.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {
namespace {

constexpr std::size_t longest_actor = 128;
constexpr std::size_t longest_purpose = 512;

bool may_stand(const std::string& text, std::size_t longest) {
    return !text.empty() && text.size() <= longest && !codec::looks_like_digest(text);
}

/// `inspect` and `treat` are not told from `held`: whoever asks learns that the box may not leave, and not why.
bool grants(const Order& order) {
    const auto* release = order.release();
    return !order.revoked && (release == nullptr || release->status == ReleaseStatus::released);
}

bool names(const Order& order, const ContainerNumber& container) {
    const auto* release = order.release();
    const auto* movement = order.movement();
    return (release != nullptr && release->container == container) ||
           (movement != nullptr && movement->container == container);
}

std::string line_of(Object answer) {
    const auto text = codec::canonical_text(Value{std::move(answer)});
    return text ? *text : error_answer(text.error().message());
}

}  // namespace

List orders_shown(const OrdersFound& found, const ContainerNumber& container) {
    List shown;
    for (const auto& one : found.orders) {
        const auto& order = one.order;
        if (!names(order, container)) {
            continue;
        }
        shown.emplace_back(Object{{"authority", order.authority.text()},
                                  {"order_id", order.id.text()},
                                  {"kind", order.release() != nullptr ? "release" : "movement"},
                                  {"granted", grants(order) ? "yes" : "no"},
                                  {"valid_from", time_text(order.valid_from)},
                                  {"valid_to", order.valid_to ? time_text(*order.valid_to) : "none"}});
    }
    return shown;
}

void OrderViewing::add_to(ControlDesk& desk) {
    desk.add("orders_show",
             [this](const Value& question, const ControlDesk::Reply& reply) { answer(question, reply); });
}

void OrderViewing::answer(const Value& question, const ControlDesk::Reply& reply) const {
    const auto asked = text_member(question, "container");
    const auto actor = text_member(question, "actor");
    const auto purpose = text_member(question, "purpose");
    const auto container = ContainerNumber::parse(asked);
    if (!container) {
        reply(error_answer("\"" + asked + "\" is no container number: " + container.error().message()));
        return;
    }
    if (!may_stand(actor, longest_actor) || !may_stand(purpose, longest_purpose)) {
        reply(error_answer("a look-up names \"actor\" and \"purpose\"; both are recorded"));
        return;
    }
    Submission submission;
    submission.events.push_back({"order.viewed", "gate", ports_.now(),
                                 Object{{"key_kind", "container"},
                                        {"key", container->text()},
                                        {"purpose", purpose},
                                        {"actor", actor},
                                        {"role", "unknown"},
                                        {"channel", "lane_console"},
                                        {"auth_method", "control_socket"},
                                        {"command_id", "none"},
                                        {"reason_code", "none"},
                                        {"reason_text", "none"},
                                        {"on_shift", "unknown"}},
                                 std::nullopt});
    submission.urgent = true;
    submission.committed = [this, reply, container = *container] {
        ports_.look_up(container, [reply, container](const OrdersFound& found) {
            if (found.failed) {
                reply(error_answer("the orders could not be looked up"));
                return;
            }
            reply(line_of({{"container", container.text()},
                           {"order_cursor", found.cursor},
                           {"orders", orders_shown(found, container)}}));
        });
    };
    ports_.submit(std::move(submission));
}

}  // namespace portcullis::gate
