#include "lane/fields.hpp"

namespace portcullis::lane {

Fields& put_basis(Fields& fields, const Verdict& verdict) {
    fields.put("ruleset_version", verdict.ruleset_version).put("ruleset_state", text_of(verdict.ruleset_state));
    fields.put("ruleset_age_s", verdict.ruleset_age_s);
    fields.put("order_cursor", verdict.order_cursor).put("orders_state", text_of(verdict.orders_state));
    fields.put("orders_age_s", verdict.orders_age_s).put("link", verdict.link_up ? "up" : "down");
    return fields.put("clock_band_ms", static_cast<std::int64_t>(verdict.clock_band.count()));
}

Fields& put_automatic_actor(Fields& fields) {
    fields.put("actor", "none").put("role", "none").put("channel", "automatic").put("auth_method", "none");
    fields.put("command_id", "none").put("reason_code", "none").put("reason_text", "none");
    return fields.put("on_shift", "unknown");
}

Fields& put_place(Fields& fields, const UsageKey& key) {
    fields.put("authority", key.authority.text()).put("order_id", key.order.text());
    fields.put("container", key.container ? Value{key.container->text()} : Value{"none"});
    return fields.put("control_point", key.control_point.text());
}

Value times_value(const PassageTimes& times) {
    const auto value = [](const StepTime& time) {
        const std::string_view otherwise = time.reached() ? "unknown" : "none";
        return time.at() ? Value{mono_ms(*time.at())} : Value{otherwise};
    };
    Fields fields{6};
    fields.put("detected", value(times.detected)).put("stopped", value(times.stopped));
    fields.put("identified", value(times.identified)).put("verdict", value(times.verdict));
    return fields.put("arm_open", value(times.arm_open)).put("cleared", value(times.cleared)).take();
}

List container_numbers(const Passage& passage) {
    List numbers;
    if (passage.identity) {
        for (const auto& box : passage.identity->containers) {
            numbers.emplace_back(box.number.text());
        }
    }
    return numbers;
}

List plate_list(const Passage& passage) {
    List plates;
    if (passage.identity) {
        const auto& identity = *passage.identity;
        for (const auto* plate : {&identity.tractor, &identity.trailer}) {
            if (*plate) {
                plates.emplace_back((*plate)->text());
            }
        }
        for (const auto& plate : identity.other_plates) {
            plates.emplace_back(plate.text());
        }
    }
    return plates;
}

}  // namespace portcullis::lane
