#include "tests/simulation/audit_checks.hpp"

#include <variant>

#include "tests/simulation/book.hpp"

namespace portcullis::simulation {

namespace {

constexpr int invariant = 5;

}  // namespace

AuditCheck::Mirror AuditCheck::mirror_of(const lane::LaneView& view) {
    Mirror mirror{std::string{text_of(view.mode)}, std::string{text_of(view.arm)}, {}};
    for (const auto& passage : view.passages) {
        mirror.open.insert(passage.id);
    }
    return mirror;
}

void AuditCheck::began(std::size_t lane, const lane::LaneView& view) {
    mirrors_[lane] = mirror_of(view);
}

void AuditCheck::answered(std::size_t lane, const std::string& name, const std::vector<lane::Action>& actions,
                          const lane::LaneView& view) {
    auto& mirror = mirrors_[lane];
    for (const auto& action : actions) {
        if (const auto* record = std::get_if<lane::Record>(&action)) {
            for (const auto& event : record->events) {
                apply(mirror, name, event);
            }
        }
    }
    auto shown = mirror_of(view);
    expect(shown.mode, mirror.mode, name, "mode");
    const bool settled = view.arm == ArmPosition::up || view.arm == ArmPosition::down;
    if (settled && mirror.arm != text_of(ArmPosition::unknown)) {
        expect(shown.arm, mirror.arm, name, "arm");
    }
    shown.arm = settled ? shown.arm : mirror.arm;
    if (shown.open != mirror.open) {
        ++count_.missing;
        findings_.add(invariant, name, "the open passages changed without an event");
    }
    mirror = std::move(shown);  // each gap counts once
}

void AuditCheck::apply(Mirror& mirror, const std::string& name, const Event& event) {
    if (event.type == "lane.mode") {
        set(mirror.mode, text_in(event, "to"), name, event);
    } else if (event.type == "arm.moved") {
        set(mirror.arm, text_in(event, "to"), name, event);
    } else if (event.type == "passage.detected" || event.type == "passage.ended") {
        const auto passage = passage_in(event);
        const bool changes = passage && (event.type == "passage.detected" ? mirror.open.insert(*passage).second
                                                                          : mirror.open.erase(*passage) == 1);
        ++(changes ? count_.changes : count_.extra);
        if (!changes) {
            findings_.add(invariant, name, event.type + " of a passage that does not change");
        }
    }
}

void AuditCheck::set(std::string& place, std::string_view to, const std::string& name, const Event& event) {
    place = to;
    // An arm that left its limit and came back has moved.
    if (text_in(event, "from") == to && event.type != "arm.moved") {
        ++count_.extra;
        findings_.add(invariant, name, event.type + " to `" + std::string{to} + "`, which it was");
    } else {
        ++count_.changes;
    }
}

void AuditCheck::expect(const std::string& shown, const std::string& told, const std::string& name, const char* what) {
    if (shown != told) {
        ++count_.missing;
        findings_.add(invariant, name,
                      std::string{what} + " is `" + shown + "`, and the newest event says `" + told + "`");
    }
}

}  // namespace portcullis::simulation
