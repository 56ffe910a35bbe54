#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/facts.hpp"

/// Which release orders count for a box, and what they declare together.
namespace portcullis::supervision {

/// A release order counts for a box that it names when it speaks about this passage (way, gate, time) and is not
/// revoked, whoever's word replaced it. Its status does not matter: what is held has goods too.
[[nodiscard]] std::vector<const ReleaseOrder*> orders_that_count(const std::vector<FoundOrder>& orders,
                                                                 const ContainerNumber& box, const PassageFacts& facts,
                                                                 const DecisionBasis& basis);

/// What one release order declares. Where it leaves something out, the first other order that counts and says it.
/// Null and empty optionals are unknown.
class Declared {
public:
    Declared() = default;
    /// `own` first, then the others in their order.
    Declared(const ReleaseOrder* own, const std::vector<const ReleaseOrder*>& all);

    const std::vector<std::string>* hs = nullptr;
    const std::vector<std::string>* seals = nullptr;
    std::optional<std::string_view> enterprise;
    std::optional<std::string_view> enterprise_class;  ///< as declared
    std::optional<std::string_view> origin;
    std::optional<std::string_view> origin_region;
    std::optional<std::string_view> last_port;
    std::optional<std::string_view> size_type;
    std::optional<std::string_view> imdg;
    std::optional<std::int64_t> gross_kg;
    Fullness fullness = Fullness::unknown;
    Tristate wood = Tristate::unknown;
    Tristate ippc = Tristate::unknown;
    Tristate reefer = Tristate::unknown;

    [[nodiscard]] const std::string* attribute(std::string_view name) const;
    [[nodiscard]] const WallTime* date(std::string_view name) const;
    [[nodiscard]] const ReleaseOrder* own() const { return orders_.empty() ? nullptr : orders_.front(); }

private:
    void take(const ReleaseOrder& order);

    std::vector<const ReleaseOrder*> orders_;
};

/// One for each order that counts; where none does, one that declares nothing.
[[nodiscard]] std::vector<Declared> declarations_of(const std::vector<const ReleaseOrder*>& orders);

}  // namespace portcullis::supervision
