#include "drivers/device_plan.hpp"

#include <algorithm>

#include "core/time_text.hpp"

namespace portcullis::drivers {

namespace {

std::vector<std::string> texts_of(const ConfigNode* node, ConfigProblems& problems) {
    std::vector<std::string> texts;
    if (node == nullptr) {
        return texts;
    }
    if (node->kind() == ConfigNode::Kind::sequence) {
        for (const auto& item : node->items()) {
            texts.push_back(item.text(problems));
        }
    } else {
        texts.push_back(node->text(problems));
    }
    return texts;
}

}  // namespace

std::vector<std::string> DevicePlan::remarks() const {
    std::string parts;
    for (const auto& part : profile().unverified) {
        parts += (parts.empty() ? "" : ", ") + part;
    }
    return parts.empty() ? std::vector<std::string>{}
                         : std::vector{profile().product + ", not proved on a device yet: " + parts};
}

DeviceLabel read_device_label(const ConfigNode& options, ConfigProblems& problems) {
    constexpr std::size_t longest = 64;
    DeviceLabel label;
    if (const auto* serial = options.find("serial_number")) {
        label.serial_number = serial->text(problems);
        if (label.serial_number.size() > longest) {
            serial->report(problems, "longer than any serial number", "write it as its plate shows it");
        }
    }
    if (const auto* until = options.find("verified_until")) {
        label.verified_until = until->text(problems);
        if (!time_from_text(label.verified_until + "T00:00:00.000Z")) {
            until->report(problems, "`" + label.verified_until + "` is no day",
                          "write the last day of its verification as in 2027-03-31");
            label.verified_until.clear();
        }
    }
    return label;
}

ProfileFacts read_profile_facts(const ConfigNode& profile, const std::vector<std::string_view>& parts,
                                ConfigProblems& problems) {
    ProfileFacts facts;
    if (const auto* product = profile.require("product", problems)) {
        facts.product = product->text(problems);
    }
    if (const auto* maker = profile.find("maker")) {
        facts.maker = maker->text(problems);
    }
    facts.sources = texts_of(profile.require("source", problems), problems);
    const auto* verified = profile.require("verified", problems);
    const auto proved = texts_of(verified, problems);
    for (const auto& name : proved) {
        if (std::find(parts.begin(), parts.end(), name) == parts.end()) {
            verified->report(problems, "'" + name + "' is no part of this profile");
        }
    }
    for (const auto part : parts) {
        if (std::find(proved.begin(), proved.end(), part) == proved.end()) {
            facts.unverified.emplace_back(part);
        }
    }
    return facts;
}

}  // namespace portcullis::drivers
