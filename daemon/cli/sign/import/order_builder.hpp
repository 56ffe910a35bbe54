#pragma once

#include <string>
#include <vector>

#include "cli/sign/import/cell_value.hpp"
#include "cli/sign/import/mapping.hpp"
#include "core/ids.hpp"

namespace portcullis::sign {

/// An order object as a batch carries it.
struct BuiltOrder {
    std::string id;
    std::string object;
    bool revoke = false;
};

/// Makes orders of rows. A gate's own reader has taken each.
class OrderBuilder {
public:
    OrderBuilder(const Mapping& mapping, Authority authority)
        : mapping_(mapping), authority_(std::move(authority)), cells_(mapping) {}

    /// Why the mapping sets this row aside, or an empty text.
    [[nodiscard]] std::string set_aside(const Row& row) const;
    /// The orders of a row; when it has problems then, none of them counts.
    [[nodiscard]] std::vector<BuiltOrder> build(Row& row) const;
    /// The ids that the row names, as far as they can be read; for a row that is refused.
    [[nodiscard]] std::vector<std::string> ids(const Row& row) const;

private:
    /// The row, once for each value of the column `each`.
    template <class Use>
    void for_each_order(Row& row, Use&& use) const;
    [[nodiscard]] BuiltOrder build_one(Row& row) const;
    [[nodiscard]] std::string put_object(const std::string& id, Row& row) const;
    [[nodiscard]] std::string revoke_object(const std::string& id, Row& row) const;
    void check(const std::string& object, Row& row) const;
    [[nodiscard]] const MappedField* field(std::string_view name) const;
    [[nodiscard]] std::string label_of(std::string_view pointer) const;

    const Mapping& mapping_;
    Authority authority_;
    CellReader cells_;
};

/// The revocation of an order that an export does not have any more.
[[nodiscard]] std::string revoke_text(const std::string& id, const std::string& reason, const std::string& officer,
                                      const std::string& decided);

}  // namespace portcullis::sign
