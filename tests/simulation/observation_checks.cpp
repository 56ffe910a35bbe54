#include "tests/simulation/observation_checks.hpp"

#include <algorithm>

namespace portcullis::simulation {

namespace {

/// A parked truck's number is told of once in that time.
constexpr std::chrono::seconds told_again{60};

bool is_presence(Role role) {
    return role == Role::arrival_loop || role == Role::arm_loop || role == Role::arm_beam || role == Role::exit_loop;
}

bool is_limit(Role role) {
    return role == Role::arm_open_limit || role == Role::arm_closed_limit;
}

std::int64_t count(const lane::Record* record, std::string_view type) {
    return record == nullptr ? 0 : std::count_if(record->events.begin(), record->events.end(), [&](const Event& event) {
        return event.type == type;
    });
}

}  // namespace

void ObservationCheck::add(std::size_t lane, const std::string& what) {
    findings_.add(4, lanes_[lane].name.text(), what);
}

bool ObservationCheck::is_open(std::size_t lane, const PassageId& passage) const {
    const auto& open = book_.said(lane).open;
    return std::find(open.begin(), open.end(), passage) != open.end();
}

void ObservationCheck::reading(std::size_t lane, Role reader, const std::string& raw, const lane::Record* record,
                               Instant now) {
    std::vector<std::string_view> taken;
    if (record != nullptr) {
        for (const auto& event : record->events) {
            if (event.type == "reading.taken" && text_in(event, "raw") == raw) {
                taken.push_back(text_in(event, "passage"));
            }
        }
    }
    auto& known = texts_[lane][{reader, raw}];
    if (taken.size() > 1) {
        add(lane, "reading " + raw + " was given to " + std::to_string(taken.size()) + " passages");
    } else if (taken.empty()) {
        const bool stands = known.passage && is_open(lane, *known.passage);
        const bool parked = known.unassigned_at && now - *known.unassigned_at < told_again;
        if (!stands && !parked) {
            add(lane, "reading " + raw + " of " + std::string{text_of(reader)} + " was given to nobody");
        }
    } else if (const auto passage = PassageId::parse(taken.front()); passage && is_open(lane, *passage)) {
        known.passage = passage;
    } else if (taken.front() == "unassigned" && count(record, "observation.unassigned") > 0) {
        known.unassigned_at = now;
    } else {
        add(lane, "reading " + raw + " was given to " + std::string{taken.front()} + ", which is no open passage");
    }
}

bool ObservationCheck::rises(std::size_t lane, Role role, InputSeen seen) {
    auto& level = levels_[lane][static_cast<std::size_t>(role)];
    const bool rose = seen.signal == Signal::on && level != Signal::on;
    if (seen.signal != Signal::off || seen.equal_reads >= 2) {
        level = seen.signal;
    }
    return rose;
}

void ObservationCheck::input(std::size_t lane, Role role, InputSeen seen, const lane::Record* record) {
    if (!rises(lane, role, seen) || is_limit(role)) {
        return;
    }
    const auto& said = book_.said(lane);
    const bool told = count(record, "passage.detected") + count(record, "observation.unassigned") > 0;
    const bool given = said.automatic ? !said.open.empty() : !is_presence(role);
    if (!told && !given) {
        add(lane, std::string{text_of(role)} + " rose for nobody");
    }
}

void ObservationCheck::killed() {
    for (auto& texts : texts_) {
        texts.clear();
    }
    for (auto& levels : levels_) {
        levels.fill(Signal::unknown);
    }
}

}  // namespace portcullis::simulation
