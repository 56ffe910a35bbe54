#include <algorithm>

#include "cli/sign/import/mapping_reader.hpp"

namespace portcullis::sign {

void MappingReader::read_tables(const ConfigNode& root) {
    const auto* const tables = root.find("codes");
    if (tables == nullptr || !tables->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    for (const auto& [name, node] : tables->members()) {
        tables_[name] = read_table(node);
    }
}

std::shared_ptr<const CodeTable> MappingReader::read_table(const ConfigNode& node) {
    auto table = std::make_shared<CodeTable>();
    if (node.expect(ConfigNode::Kind::map, problems_)) {
        for (const auto& [code, meaning] : node.members()) {
            (*table)[code] = meaning.kind() == ConfigNode::Kind::empty ? std::string{} : meaning.text(problems_);
        }
    }
    return table;
}

std::shared_ptr<const CodeTable> MappingReader::codes_of(const ConfigNode& node) {
    if (node.kind() == ConfigNode::Kind::map) {
        return read_table(node);
    }
    const auto name = node.text(problems_);
    const auto found = tables_.find(name);
    if (found != tables_.end()) {
        return found->second;
    }
    if (node.kind() == ConfigNode::Kind::scalar) {
        std::vector<std::string_view> names;
        for (const auto& [known, table] : tables_) {
            names.push_back(known);
        }
        const auto near = nearest_word(name, names);
        node.report(problems_, "there is no table `" + name + "` in `codes`",
                    near ? "did you mean `" + *near + "`?" : "write the table there, or here in its place");
    }
    return std::make_shared<CodeTable>();
}

FieldSources MappingReader::read_sources(const ConfigNode& node, FieldType type) {
    FieldSources sources;
    if (node.kind() == ConfigNode::Kind::sequence) {
        for (const auto& item : node.items()) {
            sources.push_back(read_source(item, type));
        }
    } else {
        sources.push_back(read_source(node, type));
    }
    return sources;
}

FieldSource MappingReader::read_source(const ConfigNode& node, FieldType type) {
    FieldSource source;
    if (node.kind() != ConfigNode::Kind::map) {
        source.columns.push_back(column(node));
        source.label = mapping_.columns.name(source.columns.back());
        return source;
    }
    source.columns = columns_of(node, source.label);
    if (const auto* const constant = node.find("constant")) {
        source.constant = constant->text(problems_);
    }
    if (source.columns.empty() == !source.constant.has_value()) {
        node.report(problems_, "needs either a column or a constant",
                    "write column: NAME, columns: [NAME, NAME] or constant: VALUE");
    }
    if (const auto* const optional = node.find("optional"); optional != nullptr && optional->flag(problems_)) {
        mapping_.optional_columns.resize(std::max(mapping_.optional_columns.size(), mapping_.columns.size()));
        for (const auto id : source.columns) {
            mapping_.optional_columns[id] = true;
        }
    }
    read_steps(node, type, source);
    return source;
}

void MappingReader::read_steps(const ConfigNode& node, FieldType type, FieldSource& source) {
    if (const auto* const join = node.find("join")) {
        source.join = join->text(problems_);
    }
    if (const auto* const letters = node.find("letters")) {
        source.letters = letters->word<LetterCase>(problems_).value_or(LetterCase::keep);
    }
    if (const auto* const codes = node.find("codes")) {
        source.codes = codes_of(*codes);
        read_others(node, source);
    }
    source.otherwise = plain_text(node, "default");
    if (const auto* const split = type == FieldType::list ? node.find("split") : nullptr) {
        source.split = one_character(*split);
    }
    if (type == FieldType::integer) {
        if (const auto* const unit = node.find("unit")) {
            source.unit = unit->word<MassUnit>(problems_).value_or(MassUnit::kg);
        }
        if (const auto* const thousands = node.find("thousands")) {
            source.thousands = one_character(*thousands);
        }
    }
    if (type == FieldType::time) {
        if (const auto* const end = node.find("end_of_day")) {
            source.end_of_day = end->flag(problems_);
        }
        if (const auto* const times = node.find("times"); times != nullptr && zone_ != nullptr) {
            source.times = std::make_shared<TimeForms>(read_forms(*times), *zone_);
        }
    }
}

void MappingReader::read_others(const ConfigNode& node, FieldSource& source) {
    const auto* const others = node.find("others");
    if (others == nullptr) {
        return;
    }
    if (others->kind() == ConfigNode::Kind::map) {
        source.others = OtherCodes::replace;
        source.other_value = plain_text(*others, "value");
        return;
    }
    const auto word = others->text(problems_);
    if (word == "keep") {
        source.others = OtherCodes::keep;
    } else if (word != "refuse") {
        others->report(problems_, "`" + word + "` is neither refuse nor keep",
                       "write others: keep, or others: { value: WORD }; without it an unknown code refuses the row");
    }
}

std::vector<RowCondition> MappingReader::read_conditions(const ConfigNode& root, std::string_view key, bool needs_why) {
    std::vector<RowCondition> conditions;
    const auto* const node = root.find(key);
    if (node != nullptr && node->kind() == ConfigNode::Kind::map) {
        conditions.push_back(read_condition(*node, needs_why));
    } else if (node != nullptr && node->expect(ConfigNode::Kind::sequence, problems_)) {
        for (const auto& item : node->items()) {
            conditions.push_back(read_condition(item, needs_why));
        }
    }
    return conditions;
}

RowCondition MappingReader::read_condition(const ConfigNode& node, bool needs_why) {
    RowCondition condition;
    if (!node.expect(ConfigNode::Kind::map, problems_)) {
        return condition;
    }
    condition.columns = columns_of(node, condition.label);
    if (condition.columns.empty()) {
        node.report(problems_, "names no column", "write column: NAME");
    }
    if (const auto* const is = node.find("is")) {
        condition.is = texts(*is);
    }
    if (const auto* const starts = node.find("starts_with")) {
        condition.starts_with = texts(*starts);
    }
    if (const auto* const empty = node.find("empty")) {
        condition.empty = empty->flag(problems_);
    }
    if (condition.is.empty() && condition.starts_with.empty() && !condition.empty) {
        node.report(problems_, "asks nothing of its column", "write is: [CODE], starts_with: [TEXT] or empty: true");
    }
    condition.why = plain_text(node, "why");
    if (needs_why && condition.why.empty()) {
        node.report(problems_, "does not say why", "write why: …, which is what the report says of such a row");
    }
    return condition;
}

}  // namespace portcullis::sign
