#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace portcullis::testing {

/// What a figure must keep: a bound that it does not exceed, or one that it reaches.
class Aim {
public:
    [[nodiscard]] static Aim at_most(double bound) { return Aim{bound, false}; }
    [[nodiscard]] static Aim at_least(double bound) { return Aim{bound, true}; }
    [[nodiscard]] bool missed_by(double value) const;
    [[nodiscard]] std::string text() const;

private:
    Aim(double bound, bool lower) : bound_(bound), lower_(lower) {}
    double bound_;
    bool lower_;
};

/// Prints figures as contracts.md 8 has them, one JSON object a line, and remembers whether an aim was missed.
class Figures {
public:
    /// `reason`: what was measured beside it and explains a missed aim; printed with one, and only then.
    void print(const std::string& name, double value, const std::string& unit, std::optional<Aim> aim, std::size_t n,
               const std::string& reason = {});
    /// 1 when an aim was missed.
    [[nodiscard]] int exit_code() const { return missed_ ? 1 : 0; }

private:
    bool missed_ = false;
};

/// The value that `share` (0 to 1) of the samples do not exceed.
[[nodiscard]] double quantile(std::vector<double> samples, double share);
[[nodiscard]] double mean(const std::vector<double>& samples);

}  // namespace portcullis::testing
