#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/verdict.hpp"
#include "supervision/findings.hpp"
#include "supervision/order_checks.hpp"
#include "supervision/targeting.hpp"

namespace portcullis::supervision {

/// Collects what the tables find into a verdict.
class VerdictBuilder {
public:
    explicit VerdictBuilder(Verdict verdict) : verdict_(std::move(verdict)) {}

    /// The orders, where they stay until the verdict is finished.
    const std::vector<FoundOrder>& looked_at(std::vector<FoundOrder> orders);
    void movement(Movement movement) { verdict_.movement = movement; }
    void weight_delta(std::optional<std::int64_t> kg) { verdict_.weight_delta_kg = kg; }
    void vehicle_tare(std::optional<std::int64_t> kg) {
        verdict_.vehicle_tare = {kg, kg ? TareSource::vehicles : TareSource::none};
    }

    /// Once, whoever finds it.
    void add(const Finding& finding, std::optional<Authority> authority = {}, std::optional<std::string> id = {});
    void add(const OrderJudgement& judged);
    void add(const TargetingHit& hit);
    /// The caller knows that it is new: rules are many.
    void add_new(Reason reason) { verdict_.reasons.push_back(std::move(reason)); }
    void note(RuleNote note) { verdict_.notes.push_back(std::move(note)); }
    /// What does not stand any more, because a zone result answers it.
    void add_answered(const std::string& key);
    void add_inspection(const std::optional<std::string>& zone, const std::vector<std::string>& methods);
    void add_consent(const Authority& authority, ConsentState state);
    void add_claim(const FoundOrder& found, const PassageFacts& facts);
    void add_claim(UsageClaim claim) { verdict_.claims.push_back(std::move(claim)); }
    void add_missing(std::string_view fact);
    void add_box(BoxVerdict box) { verdict_.boxes.push_back(std::move(box)); }
    void plate(PlateOnOrder found);
    /// The pass that stands in for something: its reason, and the place that a release takes of it.
    void add_pass(const KnownPass& known, const ControlPoint& control_point);

    /// The strictest reason decides; it stands first. Only a release takes places at the control point: of orders, and
    /// of the zone results that it rests on.
    Verdict finish(const ControlPoint& control_point) &&;

private:
    void add_zone(const std::optional<std::string>& zone);

    Verdict verdict_;
};

}  // namespace portcullis::supervision
