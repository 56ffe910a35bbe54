#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/enum_text.hpp"
#include "core/time.hpp"

namespace portcullis::uplink {

enum class LinkState : std::uint8_t { up, down };
}  // namespace portcullis::uplink
template <>
inline constexpr auto portcullis::enum_texts<portcullis::uplink::LinkState> =
    std::to_array<portcullis::EnumText<portcullis::uplink::LinkState>>({
        {portcullis::uplink::LinkState::up, "up"},
        {portcullis::uplink::LinkState::down, "down"},
    });
namespace portcullis::uplink {

/// What is worth an event `link.state`: a state that has held for ten seconds and differs from the one told last; and
/// every hour that the link is down.
class LinkWatch {
public:
    static constexpr std::chrono::seconds holds{10};
    static constexpr std::chrono::hours again{1};

    /// The link is down from the start, untold.
    explicit LinkWatch(Instant now) : since_(now) {}

    void up(Instant now);
    void down(std::string cause, Instant now);

    struct Fact {
        LinkState state = LinkState::down;
        std::string cause;
    };
    /// What is to be told at `now`, once.
    [[nodiscard]] std::optional<Fact> due(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] LinkState state() const { return state_; }
    [[nodiscard]] const std::string& cause() const { return cause_; }

private:
    LinkState state_ = LinkState::down;
    std::string cause_ = "not connected yet";
    Instant since_;
    std::optional<LinkState> told_;
    Instant told_at_;
};

}  // namespace portcullis::uplink
