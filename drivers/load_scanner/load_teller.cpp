#include "drivers/load_scanner/load_teller.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::chrono::seconds load_again{1};

}  // namespace

void LoadTeller::saw(const LoadSeen& seen, Instant at) {
    if (told_ != seen || at - told_at_ >= load_again) {
        told_ = seen;
        told_at_ = at;
        reporter_.load(seen, at);
    }
}

void LoadTeller::gone(Instant at) {
    if (told_ != LoadSeen{}) {
        saw({}, at);
    }
}

LoadSeen read_load(const ConfigNode& node, ConfigProblems& problems) {
    LoadSeen seen;
    const bool is_map = node.kind() == ConfigNode::Kind::map;
    const auto* load = is_map ? node.require("load", problems) : &node;
    if (load != nullptr) {
        seen.load = load->word<Load>(problems).value_or(Load::unknown);
    }
    if (const auto* position = is_map ? node.find("position") : nullptr) {
        seen.position = position->word<LoadPosition>(problems).value_or(LoadPosition::not_applicable);
        if (seen.load != Load::one_20) {
            position->report(problems, "only a single 20 ft box has a position", "take it out");
        }
    }
    return seen;
}

}  // namespace portcullis::drivers
