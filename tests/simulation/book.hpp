#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"

namespace portcullis::simulation {

[[nodiscard]] std::string_view text_in(const Event& event, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> number_in(const Event& event, std::string_view name);
/// The passage that the event is about, if any.
[[nodiscard]] std::optional<PassageId> passage_in(const Event& event);

/// What the journal says of one lane: its open passages, the first in the lane first, and its mode.
struct LaneBook {
    std::vector<PassageId> open;
    bool automatic = false;
    bool out_of_service = false;
};

/// What the journal says of one permission.
struct PermissionBook {
    std::size_t lane = 0;
    PassageId passage;
    bool began = false;      ///< committed
    bool commanded = false;  ///< an arm.commanded up for it is committed
    bool ended = false;      ///< said, perhaps not yet committed
    std::int64_t ends = 0;   ///< committed permission.ended
    std::int64_t writes = 0;
};

/// What may be known from records alone, as the lane said it and as it became durable. Checks ask here and never a
/// lane.
class Book {
public:
    explicit Book(std::size_t lanes) : said_(lanes), committed_(lanes) {}

    /// A record's event, before it is durable.
    void emitted(std::size_t lane, const Event& event);
    void committed(std::size_t lane, const Event& event);
    /// What was said and not committed was never said.
    void killed();

    [[nodiscard]] const LaneBook& said(std::size_t lane) const { return said_[lane]; }
    [[nodiscard]] const LaneBook& durable(std::size_t lane) const { return committed_[lane]; }
    [[nodiscard]] PermissionBook* permission(const PermissionId& id);
    [[nodiscard]] const std::unordered_map<PermissionId, PermissionBook>& permissions() const { return permissions_; }
    /// The newest committed verdict of the passage opens.
    [[nodiscard]] bool opens(const PassageId& passage) const;

private:
    static void apply(LaneBook& book, const Event& event);

    std::vector<LaneBook> said_;
    std::vector<LaneBook> committed_;
    std::unordered_map<PermissionId, PermissionBook> permissions_;
    std::unordered_map<PassageId, bool> opens_;
};

}  // namespace portcullis::simulation
