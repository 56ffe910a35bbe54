#include "cli/sign/import/mapping_reader.hpp"

#include <algorithm>

#include "codec/order_words.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::sign {

void MappingReader::read_named(const ConfigNode& fields, std::string_view key, FieldType type) {
    const auto* const group = fields.find(key);
    if (group == nullptr || !group->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    for (const auto& [name, node] : group->members()) {
        mapping_.fields.push_back({std::string{key} + "." + name, type, read_sources(node, type)});
    }
}

void MappingReader::read_field(const ConfigNode& fields, const FieldRow& row) {
    if (!belongs(row, mapping_.kind)) {
        return;
    }
    const auto* const node = row.required ? fields.require(row.name, problems_) : fields.find(row.name);
    if (node != nullptr) {
        mapping_.fields.push_back({std::string{row.name}, row.type, read_sources(*node, row.type)});
    }
}

void MappingReader::read_match_by(const ConfigNode& match) {
    MatchBy by;
    by.by = read_source(*match.find("by"), FieldType::text);
    if (const auto* const value = match.require("value", problems_)) {
        by.value = read_source(*value, FieldType::text);
    }
    if (const auto* const parts = match.find("parts"); parts != nullptr) {
        if (const auto* const split = parts->find("split")) {
            by.split = one_character(*split);
        }
        if (const auto* const equals = parts->find("equals")) {
            by.equals = one_character(*equals);
        }
        if (const auto* const names = parts->require("names", problems_)) {
            by.names = read_table(*names);
        }
    }
    mapping_.match_by = std::move(by);
}

void MappingReader::read_match(const ConfigNode& fields) {
    const auto* const match = fields.require("match", problems_);
    if (match == nullptr || !match->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    if (match->find("by") != nullptr) {
        read_match_by(*match);
        return;
    }
    for (const auto name : match_members) {
        if (const auto* const node = match->find(name)) {
            mapping_.fields.push_back(
                {"match." + std::string{name}, FieldType::text, read_sources(*node, FieldType::text)});
        }
    }
}

void MappingReader::read_fields(const ConfigNode& root) {
    const auto* const fields = root.require("fields", problems_);
    if (fields == nullptr || !fields->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    for (const auto& row : rows_of(mapping_.kind)) {
        read_field(*fields, row);
    }
    if (mapping_.kind == MappingKind::targeting) {
        read_match(*fields);
    }
    if (mapping_.kind == MappingKind::release) {
        read_named(*fields, "attributes", FieldType::text);
        read_named(*fields, "dates", FieldType::time);
    }
}

void MappingReader::read_each(const ConfigNode& root) {
    const auto* const each = root.find("each");
    if (each == nullptr || !each->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    if (const auto* const name = each->require("column", problems_)) {
        mapping_.each = column(*name);
    }
    if (const auto* const split = each->find("split")) {
        mapping_.each_split = one_character(*split);
    }
}

void MappingReader::read_revocation(const ConfigNode& root) {
    mapping_.revoke_when = read_conditions(root, "revoke_when", false);
    if (const auto* const reason = root.find("revoke_reason")) {
        mapping_.revoke_reason = read_sources(*reason, FieldType::text);
    }
    if (const auto* const officer = root.find("revoke_officer")) {
        mapping_.revoke_officer = read_sources(*officer, FieldType::text);
    }
    if (const auto* const decided = root.find("revoke_decided")) {
        mapping_.revoke_decided = read_sources(*decided, FieldType::time);
    }
    const auto* const vanished = root.find("vanished");
    if (vanished == nullptr || !vanished->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    VanishedOrders orders;
    for (const auto& [key, text] : {std::pair{"reason", &orders.reason}, std::pair{"officer", &orders.officer}}) {
        if (const auto* const node = vanished->require(key, problems_)) {
            *text = node->text(problems_);
        }
    }
    if (const auto* const most = vanished->require("at_most", problems_)) {
        orders.at_most = most->integer(problems_, 1, 10'000'000);
    }
    mapping_.vanished = std::move(orders);
}

void MappingReader::read_ignored(const ConfigNode& root) {
    if (const auto* const ignore = root.find("ignore")) {
        if (ignore->expect(ConfigNode::Kind::sequence, problems_)) {
            for (const auto& name : ignore->items()) {
                mapping_.ignored.push_back(mapping_.columns.id(name.text(problems_)));
            }
        }
    }
}

void MappingReader::read(const ConfigNode& root) {
    if (!root.expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    if (const auto* const name = root.require("mapping", problems_)) {
        mapping_.name = name->text(problems_);
    }
    static_cast<void>(plain_text(root, "about"));
    if (const auto* const layout = root.require("layout", problems_)) {
        mapping_.layout = layout->word<LayoutStanding>(problems_).value_or(LayoutStanding::assumed);
    }
    if (const auto* const makes = root.require("makes", problems_)) {
        mapping_.kind = makes->word<MappingKind>(problems_).value_or(MappingKind::release);
    }
    if (const auto* const authority = root.find("authority")) {
        const auto text = authority->text(problems_);
        if (!codec::is_authority(text) && authority->kind() == ConfigNode::Kind::scalar) {
            authority->report(problems_, "`" + text + "` is not " + codec::authority_form, "as in ciq");
        }
        mapping_.authority = Authority{text};
    }
    read_input(root);
    read_tables(root);
    mapping_.skip = read_conditions(root, "skip", true);
    mapping_.refuse = read_conditions(root, "refuse", true);
    if (mapping_.kind != MappingKind::classes) {
        read_each(root);
        read_revocation(root);
    }
    read_fields(root);
    mapping_.named_columns = mapping_.columns.size();
    mapping_.optional_columns.resize(mapping_.named_columns);
    read_ignored(root);
}

std::optional<Mapping> read_mapping_text(std::string_view text, const std::string& name, ConfigProblems& problems) {
    const auto root = settings::read_yaml(text, name, problems);
    if (!root) {
        return std::nullopt;
    }
    Mapping mapping;
    MappingReader{mapping, problems}.read(*root);
    root->report_unread(problems);
    return problems.empty() ? std::optional{std::move(mapping)} : std::nullopt;
}

std::optional<Mapping> read_mapping(const std::filesystem::path& file, ConfigProblems& problems) {
    const auto text = settings::read_text_file(file, problems);
    return text ? read_mapping_text(*text, file.string(), problems) : std::nullopt;
}

}  // namespace portcullis::sign
