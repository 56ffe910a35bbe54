#include "lane/fields.hpp"

#include <algorithm>

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

Fields& put_place(Fields& fields, const HeldPlace& held) {
    const auto& key = held.key;
    fields.put("authority", key.authority.text()).put("order_id", key.order.text());
    fields.put("container", key.container ? Value{key.container->text()} : Value{"none"});
    return fields.put("control_point", key.control_point.text()).put("place", held.place);
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

namespace {

std::string_view laden(Movement movement, Fullness fullness) {
    if (fullness != Fullness::unknown) {
        return yes_no(fullness == Fullness::full);
    }
    switch (movement) {
        case Movement::import_laden:
        case Movement::export_laden:
        case Movement::withdrawn_export:
            return "yes";
        case Movement::empty_in:
        case Movement::empty_out:
            return "no";
        case Movement::domestic:
        case Movement::transhipment:
        case Movement::no_box:
        case Movement::unknown:
            break;
    }
    return "unknown";
}

Object covered(const ContainerNumber& box, BoxCoverage coverage, std::string_view is_laden, Value enterprise) {
    Fields fields{4};
    fields.put("container", box.text()).put("order", text_of(coverage)).put("laden", is_laden);
    return fields.put("enterprise", std::move(enterprise)).take();
}

}  // namespace

List coverage_of(const Verdict& verdict, Fullness fullness) {
    List list;
    for (const auto& box : verdict.boxes) {
        if (box.container) {
            list.emplace_back(covered(*box.container, box.coverage, laden(box.movement, fullness),
                                      box.enterprise ? Value{*box.enterprise} : Value{"unknown"}));
        }
    }
    return list;
}

List box_coverage(const Passage& passage) {
    List list;
    for (const auto& box : passage.boxes()) {
        const Value number{box.text()};
        const auto judged = std::find_if(passage.coverage.begin(), passage.coverage.end(), [&](const Value& one) {
            const auto* container = one.find("container");
            return container != nullptr && *container == number;
        });
        if (judged != passage.coverage.end()) {
            list.push_back(*judged);
        } else {
            list.emplace_back(covered(box, BoxCoverage::unmatched, laden(Movement::unknown, passage.load.fullness),
                                      Value{"unknown"}));
        }
    }
    return list;
}

List container_numbers(const Passage& passage) {
    List numbers;
    for (const auto& box : passage.boxes()) {
        numbers.emplace_back(box.text());
    }
    return numbers;
}

List plate_list(const Passage& passage) {
    List plates;
    for (auto& plate : passage.plates()) {
        plates.emplace_back(std::move(plate));
    }
    return plates;
}

}  // namespace portcullis::lane
