#pragma once

#include <vector>

#include "tests/simulation/arm_checks.hpp"
#include "tests/simulation/audit_checks.hpp"
#include "tests/simulation/book.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/observation_checks.hpp"
#include "tests/simulation/passage_checks.hpp"

namespace portcullis::simulation {

/// All checks over one run, and what they share.
class Checks {
public:
    explicit Checks(std::vector<LaneSettings> lane_settings)
        : lanes(std::move(lane_settings)),
          book(lanes.size()),
          permission(lanes, book, findings),
          close(lanes, findings),
          command(lanes, book, findings),
          passage(lanes, book, findings),
          observation(lanes, book, findings),
          usage(findings),
          audit(lanes.size(), findings) {}
    Checks(const Checks&) = delete;
    Checks& operator=(const Checks&) = delete;
    ~Checks() = default;

    void emitted(std::size_t lane, const lane::Record& record) {
        for (const auto& event : record.events) {
            book.emitted(lane, event);
        }
        observation.emitted(lane, record);
    }
    void committed(std::size_t lane, const Event& event, std::int64_t sequence) {
        book.committed(lane, event);
        command.committed(lane, event, sequence);
        passage.committed(lane, event);
    }
    void performed(std::size_t lane, const Command& given, Instant now) {
        permission.performed(lane, given);
        close.performed(lane, given, now);
        command.performed(lane, given, now);
    }
    void written(std::size_t lane, const Command& given, Instant now, const WriteTruth& truth) {
        permission.written(lane, given);
        close.written(lane, given, truth);
        command.written(lane, given, now);
    }
    void killed() {
        book.killed();
        close.killed();
        command.killed();
        passage.killed();
        observation.killed();
    }
    void finish() {
        permission.finish();
        command.finish();
        passage.finish();
        usage.finish();
    }

    std::vector<LaneSettings> lanes;
    Findings findings;
    Book book;
    PermissionCheck permission;
    CloseCheck close;
    CommandCheck command;
    PassageCheck passage;
    ObservationCheck observation;
    UsageCheck usage;
    AuditCheck audit;
};

}  // namespace portcullis::simulation
