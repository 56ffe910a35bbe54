// sampling.judged: what the draw made of one box, with everything that is needed to draw it again.
#include "lane/fields.hpp"
#include "lane/lane_events.hpp"

namespace portcullis::lane {
namespace {

std::string_view why_of(const BoxVerdict& box) {
    switch (box.sampling) {
        case SamplingOutcome::central_drawn:
        case SamplingOutcome::central_not:
            return "central_drew";
        case SamplingOutcome::satisfied:
            return "result";
        case SamplingOutcome::not_eligible:
            return "no_declaration";
        case SamplingOutcome::gate_drawn:
        case SamplingOutcome::gate_not:
            return "declared";
        case SamplingOutcome::unknown:
            break;
    }
    return box.eligible == Tristate::yes ? "no_key" : "declaration_unknown";
}

}  // namespace

Event LaneEvents::sampling_judged(const Passage& passage, const BoxVerdict& box, EventToken verdict) const {
    const bool by_gate = box.sampling == SamplingOutcome::gate_drawn || box.sampling == SamplingOutcome::gate_not ||
                         box.sampling == SamplingOutcome::satisfied;
    const auto* draw = by_gate && box.draw ? &*box.draw : nullptr;
    const auto declarations = draw != nullptr ? draw->declarations : box.declarations;
    std::string declaration = declarations.empty() ? "none" : declarations.front();
    if (draw != nullptr) {
        declaration = draw->declaration;
    }
    Fields fields{18};
    fields.put("verdict_sequence", verdict).put("container", box.container->text());
    fields.put("declaration", std::move(declaration));
    fields.put("declarations", List(declarations.begin(), declarations.end()));
    fields.put("eligible", text_of(box.eligible)).put("why", why_of(box)).put("draw", text_of(box.sampling));
    fields.put("movement", text_of(box.movement)).put("rate_ppm", box.rate_ppm);
    fields.put("class", box.enterprise_class.value_or("unknown"));
    fields.put("goods_group", box.goods_group.value_or("none"));
    fields.put("key_id", draw != nullptr ? draw->key_id : "none");
    fields.put("algorithm", draw != nullptr ? "hmac-sha256-1" : "none");
    fields.put("boxes_ppm", draw != nullptr ? Value{draw->boxes_ppm} : Value{"unknown"});
    fields.put("ruleset_version", passage.verdict->ruleset_version);
    fields.put("result_id", box.sampling == SamplingOutcome::satisfied ? box.zone_result.value_or("unknown") : "none");
    return on_lane("sampling.judged", &passage, fields.take());
}

}  // namespace portcullis::lane
