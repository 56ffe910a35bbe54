#include "cli/sign/import/order_builder.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/sign/import/order_text.hpp"
#include "codec/orders.hpp"
#include "core/plate_number.hpp"
#include "core/utf8.hpp"

namespace portcullis::sign {
namespace {

/// Members of a put, filled by their type; groups and plates are gathered and written behind.
class PutText {
public:
    PutText(const std::string& id, MappingKind kind) {
        object_.text("op", "put");
        object_.text("order", id);
        object_.text("kind", text_of(kind));
    }

    void add(const MappedField& field, const CellReader& cells, Row& row) {
        switch (field.type) {
            case FieldType::text:
                add_text(field.name, cells.text(field.sources, row));
                break;
            case FieldType::time:
                add_text(field.name, cells.time(field.sources, row));
                break;
            case FieldType::list:
                if (const auto values = cells.list(field.sources, row)) {
                    add_list(field.name, *values);
                }
                break;
            case FieldType::integer:
                if (const auto value = cells.integer(field.sources, row)) {
                    object_.integer(field.name, *value);
                }
                break;
            case FieldType::flag:
                if (const auto value = cells.flag(field.sources, row)) {
                    object_.flag(field.name, *value);
                }
                break;
        }
    }
    void add_text(const std::string& name, const std::string& value) {
        if (value.empty()) {
            return;
        }
        const auto dot = name.find('.');
        if (dot == std::string::npos) {
            object_.text(name, value);
        } else {
            groups_[name.substr(0, dot)].text(name.substr(dot + 1), value);
        }
    }
    [[nodiscard]] std::string whole() {
        for (const auto& [name, plates] : plates_) {
            object_.list(name, plates);
        }
        for (const auto& [name, group] : groups_) {
            object_.object(name, group);
        }
        return object_.whole();
    }

private:
    void add_list(const std::string& name, const std::vector<std::string>& values) {
        if (name != "plates" && name != "tractor_plates" && name != "trailer_plates") {
            object_.list(name, values);
            return;
        }
        if (values.empty()) {
            plates_[name == "trailer_plates" ? name : "tractor_plates"];
        }
        for (const auto& plate : values) {
            const auto read = PlateNumber::parse(plate);
            const bool trailer = name == "trailer_plates" || (name == "plates" && read && read->is_trailer());
            plates_[trailer ? "trailer_plates" : "tractor_plates"].push_back(plate);
        }
    }

    ObjectText object_;
    std::map<std::string, ObjectText> groups_;
    std::map<std::string, std::vector<std::string>> plates_;
};

/// Adds the members of `match` that a row names in one cell: `origin=JP;hs=0303`.
void add_parts(const MatchBy& by, const std::string& value, PutText& put, Row& row) {
    std::string_view rest = value;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(by.split), rest.size());
        const auto part = rest.substr(0, end);
        const auto equals = part.find(by.equals);
        const auto name = part.substr(0, equals);
        const auto known = by.names == nullptr ? CodeTable::const_iterator{} : by.names->find(name);
        if (equals == std::string_view::npos || by.names == nullptr || known == by.names->end()) {
            row.problems.push_back({by.value.label, std::string{part}, "names nothing that the mapping knows"});
            return;
        }
        put.add_text("match." + known->second, std::string{part.substr(equals + 1)});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void add_match(const MatchBy& by, const CellReader& cells, PutText& put, Row& row) {
    const auto name = cells.text(by.by, row);
    const auto value = cells.text(by.value, row);
    if (name == "parts") {
        add_parts(by, value, put, row);
    } else if (!name.empty()) {
        put.add_text("match." + name, value);
    }
}

}  // namespace

std::string revoke_text(const std::string& id, const std::string& reason, const std::string& officer,
                        const std::string& decided) {
    ObjectText object;
    object.text("op", "revoke");
    object.text("order", id);
    object.text("reason", reason);
    object.text("officer", officer);
    object.text("decided", decided);
    return object.whole();
}

template <class Use>
void OrderBuilder::for_each_order(Row& row, Use&& use) const {
    if (!mapping_.each) {
        use(row);
        return;
    }
    FieldSource source;
    source.columns = {*mapping_.each};
    source.split = mapping_.each_split;
    auto whole = row;
    for (const auto& item : cells_.list({source}, whole).value_or(std::vector<std::string>{std::string{}})) {
        auto copy = row;
        copy.set(*mapping_.each, item);
        use(copy);
    }
}

const MappedField* OrderBuilder::field(std::string_view name) const {
    const auto found = std::ranges::find(mapping_.fields, name, &MappedField::name);
    return found == mapping_.fields.end() ? nullptr : &*found;
}

std::string OrderBuilder::set_aside(const Row& row) const {
    const auto* const condition = cells_.first_that_holds(mapping_.skip, row);
    return condition == nullptr ? std::string{} : condition->why;
}

std::vector<std::string> OrderBuilder::ids(const Row& row) const {
    std::vector<std::string> ids;
    const auto* const id = field("order");
    auto copy = row;
    for_each_order(copy, [&](Row& one) {
        if (auto text = cells_.text(id->sources, one); !text.empty()) {
            ids.push_back(std::move(text));
        }
    });
    return ids;
}

std::vector<BuiltOrder> OrderBuilder::build(Row& row) const {
    std::vector<BuiltOrder> orders;
    if (const auto* const refused = cells_.first_that_holds(mapping_.refuse, row)) {
        row.problems.push_back({refused->label, row.cell(refused->columns.front()), refused->why});
        return orders;
    }
    for_each_order(row, [&](Row& one) {
        orders.push_back(build_one(one));
        if (&one != &row) {
            std::ranges::move(one.problems, std::back_inserter(row.problems));
        }
    });
    return orders;
}

BuiltOrder OrderBuilder::build_one(Row& row) const {
    BuiltOrder built;
    built.id = cells_.text(field("order")->sources, row);
    const auto* const status = field("status");
    built.revoke = cells_.first_that_holds(mapping_.revoke_when, row) != nullptr;
    if (!built.revoke && status != nullptr) {
        const auto before = row.problems.size();
        built.revoke = cells_.text(status->sources, row) == "revoked";
        row.problems.resize(before);  // they are found again when the order is put
    }
    built.object = built.revoke ? revoke_object(built.id, row) : put_object(built.id, row);
    if (row.problems.empty()) {
        check(built.object, row);
    }
    return built;
}

std::string OrderBuilder::put_object(const std::string& id, Row& row) const {
    PutText put{id, mapping_.kind};
    for (const auto& mapped : mapping_.fields) {
        if (mapped.name != "order") {
            put.add(mapped, cells_, row);
        }
    }
    if (mapping_.match_by) {
        add_match(*mapping_.match_by, cells_, put, row);
    }
    return put.whole();
}

std::string OrderBuilder::revoke_object(const std::string& id, Row& row) const {
    const auto reason = cells_.text(mapping_.revoke_reason, row);
    const auto& officer = mapping_.revoke_officer.empty() ? field("officer")->sources : mapping_.revoke_officer;
    const auto& decided = mapping_.revoke_decided.empty() ? field("decided")->sources : mapping_.revoke_decided;
    return revoke_text(id, reason.empty() ? "revoked in " + mapping_.name : reason, cells_.text(officer, row),
                       cells_.time(decided, row));
}

std::string OrderBuilder::label_of(std::string_view pointer) const {
    std::string name{pointer.substr(pointer.starts_with('/') ? 1 : 0)};
    std::ranges::replace(name, '/', '.');
    // The longest beginning that is a field: `match.plate`, or `seals` of `seals.0`.
    for (auto end = name.size(); end != std::string::npos && end > 0; end = name.rfind('.', end - 1)) {
        if (const auto* const found = field(std::string_view{name}.substr(0, end))) {
            return found->sources.front().label;
        }
    }
    if (name.starts_with("match") && mapping_.match_by) {
        return mapping_.match_by->value.label;
    }
    const auto* const plates = name.find("_plates") == std::string::npos ? nullptr : field("plates");
    return plates == nullptr ? std::string{} : plates->sources.front().label;
}

void OrderBuilder::check(const std::string& object, Row& row) const {
    constexpr std::size_t longest_reason = 300;
    const auto read = codec::read_order_operation(object, authority_);
    if (!read) {
        const auto& refusal = read.error();
        row.problems.push_back({label_of(refusal.pointer), {}, clipped(refusal.message(), longest_reason)});
    }
}

}  // namespace portcullis::sign
