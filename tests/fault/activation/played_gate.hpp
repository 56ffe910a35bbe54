#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/ruleset_desk.hpp"
#include "gate/trust_state.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "tests/support/manual_clock.hpp"

namespace portcullis::fault {

/// How a gate puts a ruleset into its journal.
enum class Activation : std::uint8_t {
    whole,  ///< as it is: one transaction
    torn    ///< the control: the document and the shelf first, floors and events behind them
};

/// The parts of a gate that take rulesets and judge passages, over a real state directory.
class PlayedGate {
public:
    /// Throws std::runtime_error when the directory cannot be opened.
    PlayedGate(const std::filesystem::path& state, Activation activation);

    /// Believes the root, unless it does already.
    void begin();
    /// Takes the ruleset of this version, which acts at once, or from `effective` on.
    void take(std::int64_t version, std::optional<WallTime> effective = std::nullopt);
    /// Judges a passage: an event that says by which version.
    void judge(std::uint8_t passage);
    void tick(const std::vector<std::uint8_t>& open);
    void pass_time(std::chrono::milliseconds time) { clock_.advance(time); }

    [[nodiscard]] std::int64_t acting() const { return desk_->version(); }
    [[nodiscard]] Now now() const { return clock_.now(); }
    /// What of the rulesets does not fit together, or nothing: what acts, the journal's events and verdicts, the
    /// floors, the rules themselves.
    [[nodiscard]] std::optional<std::string> mixture();
    /// Whether a damaged journal had to be set aside.
    [[nodiscard]] bool set_aside() const { return journal_->start().set_aside.has_value(); }

private:
    void submit(gate::Submission submission);
    void write(gate::Submission submission);
    void keep(std::shared_ptr<const gate::TrustState> after);

    std::filesystem::path state_;
    Activation activation_;
    portcullis::testing::ManualClock clock_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    std::unique_ptr<store::Journal> journal_;
    std::shared_ptr<const gate::TrustState> trust_;
    std::unique_ptr<gate::RulesetDesk> desk_;
    std::int64_t last_ = 0;
};

}  // namespace portcullis::fault
