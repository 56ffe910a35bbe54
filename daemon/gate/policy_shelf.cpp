#include "gate/policy_shelf.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/enum_text.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {
namespace {

template <class Enum>
void put_column(Object& row, std::string_view name, const std::optional<Enum>& column) {
    if (column) {
        row.push_back({std::string{name}, text_of(*column)});
    }
}

/// False when the row has another word there.
template <class Enum>
bool take_column(const Value& row, std::string_view name, std::optional<Enum>& column) {
    if (row.find(name) == nullptr) {
        return true;
    }
    column = enum_from<Enum>(text_member(row, name));
    return column.has_value();
}

const List* rows_in(const Value& object, std::string_view name) {
    const auto* const member = object.find(name);
    return member == nullptr ? nullptr : member->get<List>();
}

std::optional<PolicyRow> policy_row_in(const Value& value) {
    PolicyRow row;
    const auto without_order = enum_from<WithoutOrder>(text_member(value, "without_order"));
    const auto* const consents = rows_in(value, "consents");
    if (!take_column(value, "way", row.way) || !take_column(value, "load", row.load) ||
        !take_column(value, "movement", row.movement) || !without_order || consents == nullptr) {
        return std::nullopt;
    }
    for (const auto& authority : *consents) {
        const auto* const name = authority.get<std::string>();
        if (name == nullptr) {
            return std::nullopt;
        }
        row.consents.emplace_back(*name);
    }
    row.without_order = *without_order;
    return row;
}

}  // namespace

Value policy_value(const Policy& policy) {
    List rows;
    for (const auto& from : policy.rows) {
        Object row;
        put_column(row, "way", from.way);
        put_column(row, "load", from.load);
        put_column(row, "movement", from.movement);
        List consents;
        for (const auto& authority : from.consents) {
            consents.emplace_back(authority.text());
        }
        row.push_back({"consents", std::move(consents)});
        row.push_back({"without_order", text_of(from.without_order)});
        rows.emplace_back(std::move(row));
    }
    return rows;
}

std::optional<Policy> policy_in(const Value& rows) {
    const auto* const list = rows.get<List>();
    if (list == nullptr) {
        return std::nullopt;
    }
    Policy policy;
    for (const auto& value : *list) {
        auto row = policy_row_in(value);
        if (!row) {
            return std::nullopt;
        }
        policy.rows.push_back(std::move(*row));
    }
    return policy;
}

std::optional<PolicyShelf> PolicyShelf::read(const Value& note) {
    const auto* const list = rows_in(note, "policies");
    if (list == nullptr) {
        return std::nullopt;
    }
    PolicyShelf shelf;
    for (const auto& value : *list) {
        const auto* const rows = value.find("rows");
        auto policy = rows == nullptr ? std::nullopt : policy_in(*rows);
        const auto from = number_member(value, "from");
        if (!policy || !from) {
            return std::nullopt;
        }
        shelf.policies_.push_back({std::move(*policy), *from});
    }
    return shelf;
}

Value PolicyShelf::note() const {
    List policies;
    for (const auto& shelved : policies_) {
        policies.emplace_back(Object{{"from", shelved.from}, {"rows", policy_value(shelved.policy)}});
    }
    return Object{{"policies", std::move(policies)}};
}

bool PolicyShelf::act(const Policy& policy, std::int64_t last) {
    if (!policies_.empty() && policies_.back().policy == policy) {
        return false;
    }
    policies_.push_back({policy, last});
    std::size_t rows = 0;
    for (const auto& shelved : policies_) {
        rows += shelved.policy.rows.size();
    }
    while (!policies_.empty() && (policies_.size() > most_policies || rows > most_rows)) {
        rows -= policies_.front().policy.rows.size();
        policies_.erase(policies_.begin());
    }
    return true;
}

void PolicyShelf::forget(std::int64_t cut) {
    while (policies_.size() > 1 && policies_[1].from <= cut) {
        policies_.erase(policies_.begin());
    }
}

const Policy* PolicyShelf::of_verdict(std::int64_t sequence) const {
    const auto found = std::find_if(policies_.rbegin(), policies_.rend(),
                                    [&](const Shelved& shelved) { return shelved.from < sequence; });
    return found == policies_.rend() ? nullptr : &found->policy;
}

}  // namespace portcullis::gate
