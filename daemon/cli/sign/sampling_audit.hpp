#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/sign/sampling_key_file.hpp"
#include "core/binomial.hpp"
#include "core/ruleset.hpp"
#include "core/value.hpp"

/// Recomputes every draw of a gate from the events that it told (docs/sampling.md), with keys that are revealed.
namespace portcullis::sign {

/// What is wrong with one event, for people.
struct AuditProblem {
    std::int64_t sequence = 0;
    std::string what;
};

/// Draws of one class at one rate: each declaration once, however often its boxes came.
struct ShareOfClass {
    std::string enterprise_class;
    std::int64_t rate_ppm = 0;
    std::int64_t eligible = 0;
    std::int64_t drawn = 0;
    BinomialBounds bounds;  ///< at a level of 0.001
    [[nodiscard]] bool within() const { return drawn > bounds.low && drawn < bounds.high; }
};

struct AuditResult {
    std::int64_t events = 0;      ///< of every type
    std::int64_t judged = 0;      ///< `sampling.judged`
    std::int64_t recomputed = 0;  ///< with the same result
    std::int64_t by_central = 0;  ///< drawn or not by central: nothing to recompute
    std::int64_t not_eligible = 0;
    std::int64_t unkeyed = 0;  ///< the gate had no key: it inspected, and nothing was drawn
    std::int64_t mismatches = 0;
    std::int64_t missing = 0;            ///< boxes of a verdict without a draw beside it, and holes in the events
    std::int64_t unchecked = 0;          ///< their key or their ruleset was not given
    std::int64_t redrawn = 0;            ///< declarations that were drawn under two keys with two results
    std::vector<AuditProblem> problems;  ///< the first hundred
    std::vector<ShareOfClass> shares;
    /// Nothing is wrong and nothing was left out.
    [[nodiscard]] bool clean() const;
};

class SamplingAudit {
public:
    SamplingAudit(std::vector<SamplingKeyFile> keys, const Ruleset& ruleset);

    /// One event as it was exported. Returns what is wrong with the line itself, if anything.
    [[nodiscard]] std::optional<std::string> add(std::string_view line);
    [[nodiscard]] AuditResult finish();

private:
    /// A draw as an event tells it.
    struct Told {
        std::int64_t sequence = 0;
        std::string terminal;
        std::string gate;
        WallTime at;
        std::string draw;
        std::string key_id;
        std::string container;
        std::string declaration;
        std::vector<std::string> declarations;
        std::string enterprise_class;
        std::int64_t rate_ppm = 0;
        std::int64_t boxes_ppm = 0;
    };

    void read_verdict(const Value& data, std::int64_t sequence);
    void read_draw(const Value& event, const Value& data, std::int64_t sequence);
    void recompute(const Told& told);
    void count(const Told& told, const SamplingKeyFile& key);
    void problem(std::int64_t sequence, std::string what);
    /// The key that drew, if it was given, is the ruleset's, and was in force; else why not.
    [[nodiscard]] Result<const SamplingKeyFile*, std::string> key_of(const Told& told) const;
    [[nodiscard]] bool same_terms(const Value& data, const Told& told);

    std::vector<SamplingKeyFile> keys_;
    const Ruleset& ruleset_;
    AuditResult result_;
    /// Containers of each verdict of which no draw was told yet.
    std::map<std::int64_t, std::set<std::string>> untold_;
    /// By class and rate: each declaration, and whether it is drawn.
    std::map<std::pair<std::string, std::int64_t>, std::map<std::string, bool>> declarations_;
    std::map<std::string, bool> first_draw_;  ///< of a declaration, under the first key that it met
    std::set<std::string> redrawn_;
    std::int64_t last_ = 0;
};

}  // namespace portcullis::sign
