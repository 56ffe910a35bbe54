#include "tests/simulation/observation_checks.hpp"

#include <algorithm>

namespace portcullis::simulation {

namespace {

/// A parked truck's number is told of once in that time.
constexpr std::chrono::seconds told_again{60};

/// A loop is seen half a second after its vehicle's reading at most; the rest is time for the lane's own clock.
constexpr std::chrono::seconds waits_for_its_loop{2};

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
    due(now);
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
            owed_[lane].push_back({reader, raw, now});
        }
    } else if (const auto passage = PassageId::parse(taken.front()); passage && is_open(lane, *passage)) {
        known.passage = passage;
    } else if (taken.front() == "unassigned" && count(record, "observation.unassigned") > 0) {
        known.unassigned_at = now;
    } else {
        add(lane, "reading " + raw + " was given to " + std::string{taken.front()} + ", which is no open passage");
    }
}

void ObservationCheck::due(Instant now) {
    for (std::size_t lane = 0; lane < owed_.size(); ++lane) {
        std::erase_if(owed_[lane], [&](const Owed& one) {
            const bool over = now - one.at > waits_for_its_loop;
            if (over) {
                add(lane, "reading " + one.raw + " of " + std::string{text_of(one.reader)} + " was given to nobody");
            }
            return over;
        });
    }
}

/// What was owed is in a record now: of a passage that is open, or of nobody.
void ObservationCheck::recorded(std::size_t lane, const Event& taken) {
    const auto role = enum_from<Role>(text_in(taken, "role"));
    const std::string raw{text_in(taken, "raw")};
    const auto given =
        std::erase_if(owed_[lane], [&](const Owed& one) { return role == one.reader && one.raw == raw; });
    if (given == 0) {
        return;
    }
    auto& known = texts_[lane][{*role, raw}];
    const auto passage = PassageId::parse(text_in(taken, "passage"));
    if (passage && is_open(lane, *passage)) {
        known.passage = passage;
    } else if (text_in(taken, "passage") == "unassigned") {
        known.unassigned_at = taken.at.instant;
    } else {
        add(lane, "reading " + raw + " was given to " + std::string{text_in(taken, "passage")} +
                      ", which is no open passage");
    }
}

void ObservationCheck::end(Watched& input) {
    input.owed += input.up_for_nobody ? 1 : 0;
    input.up_for_nobody = false;
}

void ObservationCheck::input(std::size_t lane, Role role, InputSeen seen, const lane::Record* record,
                             bool journal_works) {
    auto& input = inputs_[lane][static_cast<std::size_t>(role)];
    const bool rose = seen.signal == Signal::on && input.level != Signal::on;
    if (seen.signal != Signal::off || seen.equal_reads >= 2) {
        input.level = seen.signal;
    }
    if (input.level != Signal::on) {
        end(input);
    }
    if (!rose || !journal_works || is_limit(role)) {
        return;
    }
    const auto& said = book_.said(lane);
    if (!said.automatic) {
        input.up_for_nobody = is_presence(role);
        return;
    }
    const bool told = count(record, "passage.detected") + count(record, "observation.unassigned") > 0;
    if (!told && said.open.empty()) {
        add(lane, std::string{text_of(role)} + " rose for nobody");
    }
}

void ObservationCheck::lost(std::size_t lane, Role role) {
    auto& input = inputs_[lane][static_cast<std::size_t>(role)];
    input.level = Signal::unknown;
    end(input);
}

void ObservationCheck::emitted(std::size_t lane, const lane::Record& record) {
    bool goes_on = false;
    for (const auto& event : record.events) {
        if (event.type == "reading.taken") {
            recorded(lane, event);
        }
        goes_on = goes_on || (event.type == "lane.mode" && text_in(event, "to") == "automatic");
        if (event.type == "observation.unassigned" && text_in(event, "kind") == "edge") {
            if (const auto role = enum_from<Role>(text_in(event, "role"))) {
                auto& owed = inputs_[lane][static_cast<std::size_t>(*role)].owed;
                owed = std::max<std::int64_t>(owed - number_in(event, "edges").value_or(1), 0);
            }
        }
    }
    if (goes_on) {
        this->goes_on(lane);
    }
}

/// The lane is automatic again: what came and went is told, what stands there is a passage's.
void ObservationCheck::goes_on(std::size_t lane) {
    for (const auto& row : enum_texts<Role>) {
        auto& input = inputs_[lane][static_cast<std::size_t>(row.value)];
        if (input.owed > 0) {
            add(lane, std::string{row.text} + " rose and fell for nobody, " + std::to_string(input.owed) + " times");
        }
        if (is_presence(row.value) && input.level == Signal::on && book_.said(lane).open.empty()) {
            add(lane, std::string{row.text} + " is on when the lane goes on, and no passage is open");
        }
        input.owed = 0;
        input.up_for_nobody = false;
    }
}

void ObservationCheck::killed() {
    for (auto& texts : texts_) {
        texts.clear();
    }
    for (auto& owed : owed_) {
        owed.clear();
    }
    for (auto& inputs : inputs_) {
        inputs.fill({});
    }
}

}  // namespace portcullis::simulation
