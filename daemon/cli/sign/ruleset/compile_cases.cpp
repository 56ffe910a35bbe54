#include <array>

#include "cli/sign/ruleset/compile_parts.hpp"

namespace portcullis::sign {
namespace {

constexpr auto passage_forms = std::to_array<MemberForm>({
    {"case"},
    {"says"},
    {"clock_state"},
    {"clock_band_ms", Form::integer},
    {"link_up", Form::flag},
    {"ruleset_state"},
    {"ruleset_age_s", Form::integer},
    {"gate"},
    {"lane"},
    {"control_point"},
    {"way"},
    {"load"},
    {"load_source"},
    {"boxes", Form::integer},
    {"fullness"},
    {"containers", Form::list},
    {"plate"},
    {"trailer"},
    {"requires", Form::list},
    {"radiation"},
    {"gross_vehicle_kg", Form::integer},
    {"vehicle_tare_kg", Form::integer},
    {"time_of_day"},
    {"orders_state"},
    {"orders_age_s", Form::integer},
});

constexpr auto order_forms = std::to_array<MemberForm>({
    {"order"},
    {"status"},
    {"action"},
    {"movement"},
    {"declarations", Form::list},
    {"enterprise"},
    {"class"},
    {"hs", Form::list},
    {"origin"},
    {"origin_region"},
    {"last_port"},
    {"size_type"},
    {"fullness"},
    {"gross_kg", Form::integer},
    {"mass_basis"},
    {"box_tare_kg", Form::integer},
    {"wood", Form::flag},
    {"ippc", Form::flag},
    {"reefer", Form::flag},
    {"imdg"},
    {"seals", Form::list},
    {"draw"},
    {"zone"},
    {"basis"},
    {"level", Form::integer},
    {"once", Form::flag},
    {"lifted_by"},
    {"visibility"},
    {"method", Form::list},
    {"uses", Form::integer},
    {"gates", Form::list},
    {"control_points", Form::list},
    {"plates", Form::list, "tractor_plates"},
    {"trailer_plates", Form::list},
    {"revoked"},
});

constexpr auto box_forms = std::to_array<MemberForm>({
    {"size_type"},
    {"seal"},
    {"seals_read", Form::list},
    {"answered_before", Form::list},
    {"left_already", Form::flag},
    {"came_in", Form::moment},
});

constexpr auto pass_forms = std::to_array<MemberForm>({
    {"pass"},
    {"lanes", Form::list},
    {"count", Form::integer},
    {"taken", Form::integer},
});

/// Writes one case; what it does not say comes from `case_defaults`.
class CaseWriter {
public:
    CaseWriter(Draft& draft, Layers from, const ConfigNode& node)
        : draft_(draft), sketch_(draft.sketch()), from_(from), node_(node) {}

    void write() {
        sketch_.open_object();
        draft_.members(from_, passage_forms);
        write_time();
        write_history();
        write_passes();
        write_boxes();
        write_orders();
        write_expected();
        sketch_.close();
    }

private:
    void write_time() {
        const auto* const at = from_.find("at");
        if (at == nullptr) {
            return;  // the document's reader says so
        }
        at_ = draft_.read_moment(*at, Form::moment).value_or(WallTime{});
        sketch_.member("at", *at);
        draft_.moment(at_);
    }

    void write_history() {
        if (const auto* const visits = from_.find("visits")) {
            sketch_.member("visits", *visits);
            sketch_.open_list();
            for (const auto& visit : visits->items()) {
                sketch_.item(visit);
                sketch_.open_object();
                draft_.members({&visit, nullptr}, {{"at", Form::moment}, {"lane"}});
                sketch_.close();
            }
            sketch_.close();
        }
        if (const auto* const inside = from_.find("boxes_inside")) {
            names_of(*inside, "boxes_inside", Form::integer);
        }
    }

    /// A list of passes of this vehicle; the pass list that they stand in holds for another day.
    void write_passes() {
        const auto* const passes = from_.find("passes");
        if (passes == nullptr || !passes->expect(ConfigNode::Kind::sequence, draft_.problems())) {
            return;
        }
        sketch_.member("passes", *passes);
        sketch_.open_object();
        sketch_.member("version", *passes);
        sketch_.integer(1);
        sketch_.member("expires", *passes);
        draft_.moment(at_ + std::chrono::hours{24});
        sketch_.member("passes", *passes);
        sketch_.open_list();
        for (const auto& pass : passes->items()) {
            write_pass(pass);
        }
        sketch_.close();
        sketch_.close();
    }

    void write_pass(const ConfigNode& pass) {
        const Layers layers{&pass, nullptr};
        sketch_.item(pass);
        sketch_.open_object();
        draft_.members(layers, pass_forms);
        if (const auto* const kind = pass.find("kind")) {
            draft_.member(*kind, "kind", Form::text);
        } else {
            word(pass, "kind", "standing");
        }
        if (const auto* const plate = pass.find("plate") != nullptr ? pass.find("plate") : from_.find("plate")) {
            draft_.member(*plate, "plate", Form::text);
        }
        if (const auto* const hours = pass.find("hours")) {
            sketch_.member("hours", *hours);
            sketch_.open_object();
            draft_.members({hours, nullptr}, {{"from"}, {"to"}});
            sketch_.close();
        }
        moment(pass, layers, "valid_from", Form::moment, at_ - std::chrono::hours{24});
        moment(pass, layers, "valid_to", Form::end, at_ + std::chrono::hours{24});
        sketch_.close();
    }

    /// An object whose names are people's own.
    void names_of(const ConfigNode& node, std::string_view name, Form form) {
        sketch_.member(name, node);
        sketch_.open_object();
        if (node.expect(ConfigNode::Kind::map, draft_.problems())) {
            for (const auto& [key, value] : node.members()) {
                draft_.member(value, key, form);
            }
        }
        sketch_.close();
    }

    /// The container that `box` and `release` are about.
    [[nodiscard]] const ConfigNode* first_container() const {
        const auto* const containers = from_.find("containers");
        if (containers == nullptr || containers->kind() != ConfigNode::Kind::sequence) {
            return containers;
        }
        return containers->items().empty() ? nullptr : &containers->items().front();
    }

    void write_boxes() {
        const auto* const about = from_.find("about");
        const auto box = from_.below("box");
        const auto* const container = first_container();
        if (about == nullptr && (!box || container == nullptr)) {
            return;
        }
        sketch_.member("about", about != nullptr ? *about : node_);
        sketch_.open_list();
        if (about != nullptr) {
            for (const auto& item : about->items()) {
                write_box(item, {&item, box.base}, item.find("container"));
            }
        } else {
            write_box(node_, box, container);
        }
        sketch_.close();
    }

    void write_box(const ConfigNode& source, Layers box, const ConfigNode* container) {
        sketch_.item(source);
        sketch_.open_object();
        if (container != nullptr) {
            draft_.member(*container, "container", Form::text);
        }
        draft_.members(box, box_forms);
        if (const auto* const tickets = box.find("tickets")) {
            names_of(*tickets, "tickets", Form::integer);
        }
        if (const auto* const result = box.find("zone_result"); is_none(result)) {
            draft_.member(*result, "zone_result", Form::text);
        } else if (result != nullptr) {
            sketch_.member("zone_result", *result);
            sketch_.open_object();
            draft_.members({result, nullptr}, {{"id"},
                                               {"zone"},
                                               {"result"},
                                               {"methods", Form::list},
                                               {"answers", Form::list},
                                               {"old_seals", Form::list},
                                               {"new_seals", Form::list},
                                               {"started", Form::moment},
                                               {"ended", Form::moment}});
            sketch_.close();
        }
        sketch_.close();
    }

    void write_orders() {
        sketch_.member("orders", node_);
        sketch_.open_list();
        if (const auto release = from_.below("release"); release && !is_none(release.own)) {
            write_release(release.own != nullptr ? *release.own : *release.base, release);
        }
        if (const auto* const orders = from_.find("orders")) {
            for (const auto& order : orders->items()) {
                write_order(order);
            }
        }
        sketch_.close();
    }

    /// `release: none` takes the default's order away; `zone_result: none` says that there is none.
    [[nodiscard]] bool is_none(const ConfigNode* node) const {
        return node != nullptr && node->kind() == ConfigNode::Kind::scalar && node->text(draft_.problems()) == "none";
    }

    /// The order of the case's one box.
    void write_release(const ConfigNode& source, const Layers& release) {
        sketch_.item(source);
        sketch_.open_object();
        word(source, "kind", "release");
        if (const auto* const container = first_container()) {
            draft_.member(*container, "container", Form::text);
        }
        write_members(source, release, "ciq");
        sketch_.close();
    }

    /// `release: NUMBER`, `appointment: NUMBER` or `targeting: {container: …}`, and what else the order says.
    void write_order(const ConfigNode& order) {
        const Layers layers{&order, nullptr};
        sketch_.item(order);
        sketch_.open_object();
        const auto* authority = "ciq";
        if (const auto* const match = order.find("targeting")) {
            word(order, "kind", "targeting");
            sketch_.member("match", *match);
            sketch_.open_object();
            draft_.members({match, nullptr}, {{"container"}, {"plate"}, {"enterprise"}, {"origin"}, {"hs"}});
            sketch_.close();
        } else if (const auto* const box = order.find("appointment")) {
            word(order, "kind", "movement");
            draft_.member(*box, "container", Form::text);
            authority = "terminal";
        } else if (const auto* const released = order.find("release")) {
            word(order, "kind", "release");
            draft_.member(*released, "container", Form::text);
        } else {
            order.report(draft_.problems(), "says no kind", "write release, appointment or targeting");
        }
        write_members(order, layers, authority);
        sketch_.close();
    }

    void word(const ConfigNode& source, std::string_view name, std::string_view value) {
        sketch_.member(name, source);
        sketch_.text(value);
    }

    /// What nobody needs to say in a case: who decided, when, and from when to when it holds.
    void write_members(const ConfigNode& source, const Layers& order, const char* authority) {
        draft_.members(order, order_forms);
        const auto otherwise = [&](std::string_view name, std::string_view value) {
            if (const auto* const node = order.find(name)) {
                draft_.member(*node, name, Form::text);
            } else {
                word(source, name, value);
            }
        };
        otherwise("authority", authority);
        otherwise("officer", "case");
        if (order.find("order") == nullptr) {
            word(source, "order", "O-" + std::to_string(++orders_));
        }
        if (order.find("status") == nullptr && order.find("action") == nullptr &&
            order.find("appointment") == nullptr) {
            word(source, "status", "released");
        }
        moment(source, order, "decided", Form::moment, at_ - std::chrono::hours{24});
        moment(source, order, "valid_from", Form::moment, at_ - std::chrono::hours{24});
        moment(source, order, "valid_to", Form::end, at_ + std::chrono::hours{24});
        if (const auto* const attributes = order.find("attributes")) {
            names_of(*attributes, "attributes", Form::text);
        }
        if (const auto* const dates = order.find("dates")) {
            names_of(*dates, "dates", Form::moment);
        }
    }

    void moment(const ConfigNode& source, const Layers& order, std::string_view name, Form form, WallTime otherwise) {
        if (const auto* const node = order.find(name)) {
            draft_.member(*node, name, form);
        } else {
            sketch_.member(name, source);
            draft_.moment(otherwise);
        }
    }

    void write_expected() {
        const auto* const expect = from_.find("expect");
        if (expect == nullptr) {
            return;
        }
        sketch_.member("expect", *expect);
        sketch_.open_object();
        draft_.members(
            {expect, nullptr},
            {{"outcome"}, {"reasons", Form::list}, {"rules", Form::list}, {"zone"}, {"methods", Form::list}});
        sketch_.close();
    }

    Draft& draft_;
    Sketch& sketch_;
    Layers from_;
    const ConfigNode& node_;
    WallTime at_;
    int orders_ = 0;
};

}  // namespace

void write_cases(const ConfigNode& root, Draft& draft) {
    const auto* const defaults = root.find("case_defaults");
    const auto* const cases = root.find("cases");
    if (cases == nullptr || !cases->expect(ConfigNode::Kind::sequence, draft.problems())) {
        return;
    }
    draft.sketch().member("cases", *cases);
    draft.sketch().open_list();
    for (const auto& one : cases->items()) {
        draft.sketch().item(one);
        CaseWriter{draft, {&one, defaults}, one}.write();
    }
    draft.sketch().close();
}

}  // namespace portcullis::sign
