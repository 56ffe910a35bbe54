#include <algorithm>

#include "cli/sign/import/edifact_source.hpp"
#include "cli/sign/import/mapping_reader.hpp"

namespace portcullis::sign {

std::string MappingReader::plain_text(const ConfigNode& node, std::string_view key) {
    const auto* const member = node.find(key);
    return member == nullptr ? std::string{} : member->text(problems_);
}

std::vector<std::string> MappingReader::texts(const ConfigNode& node) {
    std::vector<std::string> texts;
    if (node.kind() == ConfigNode::Kind::scalar) {
        texts.push_back(node.text(problems_));
    } else if (node.expect(ConfigNode::Kind::sequence, problems_)) {
        for (const auto& item : node.items()) {
            texts.push_back(item.kind() == ConfigNode::Kind::empty ? std::string{} : item.text(problems_));
        }
    }
    return texts;
}

char MappingReader::one_character(const ConfigNode& node) {
    const auto text = node.text(problems_);
    if (text == "tab") {
        return '\t';
    }
    const bool plain = text.size() == 1 && text[0] >= ' ' && text[0] <= '~' && text[0] != '"';
    if (!plain && node.kind() == ConfigNode::Kind::scalar) {
        node.report(problems_, "is not one character of ASCII", "write one, as in \";\", or the word tab");
    }
    return plain ? text[0] : ';';
}

ColumnId MappingReader::column(const ConfigNode& node) {
    const auto name = node.text(problems_);
    if (mapping_.input.format == InputFormat::edifact && !name.empty() && !EdifactPath::parse(name)) {
        node.report(problems_, "`" + name + "` is no place in a message",
                    "write tag, qualifiers, element and component, as in EQD.2, LOC(165).2.1 or MEA(AAE+G).3.2");
    }
    return mapping_.columns.id(name);
}

std::vector<ColumnId> MappingReader::columns_of(const ConfigNode& node, std::string& label) {
    std::vector<ColumnId> ids;
    const auto add = [&](const ConfigNode& name) {
        ids.push_back(column(name));
        label += (label.empty() ? "" : "/") + mapping_.columns.name(ids.back());
    };
    if (const auto* const one = node.find("column")) {
        add(*one);
    }
    if (const auto* const several = node.find("columns");
        several != nullptr && several->expect(ConfigNode::Kind::sequence, problems_)) {
        for (const auto& name : several->items()) {
            add(name);
        }
    }
    return ids;
}

std::vector<std::string> MappingReader::read_forms(const ConfigNode& node) {
    auto forms = texts(node);
    for (const auto& form : forms) {
        if (const auto defect = TimeForms::defect(form); !defect.empty()) {
            node.report(problems_, "`" + form + "` " + defect, "write it as in %Y-%m-%d %H:%M:%S, or rfc3339");
        }
    }
    return forms;
}

void MappingReader::read_times(const ConfigNode& input) {
    auto zone = TimeZone::open("UTC").value();
    if (const auto* const node = input.require("time_zone", problems_)) {
        auto opened = TimeZone::open(node->text(problems_));
        if (opened) {
            zone = std::move(opened).value();
        } else if (node->kind() == ConfigNode::Kind::scalar) {
            node->report(problems_, opened.error(), "write the zone of the system that exports, as in Asia/Shanghai");
        }
    }
    zone_ = std::make_shared<TimeZone>(zone);
    const auto* const node = input.find("times");
    auto forms = node == nullptr ? std::vector<std::string>{"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"}
                                 : read_forms(*node);
    mapping_.input.times = std::make_shared<TimeForms>(std::move(forms), std::move(zone));
}

void MappingReader::read_table_form(const ConfigNode& input) {
    auto& csv = mapping_.input.csv;
    csv.delimiter = mapping_.input.format == InputFormat::tsv ? '\t' : ',';
    if (const auto* const node = input.find("delimiter")) {
        csv.delimiter = one_character(*node);
    }
    if (const auto* const node = input.find("skip_lines")) {
        csv.skip_lines = node->integer(problems_, 0, 1000);
    }
    if (const auto* const node = input.find("columns")) {
        csv.columns = texts(*node);
    }
}

void MappingReader::read_input(const ConfigNode& root) {
    mapping_.input.encoding = find_encoding("utf-8");
    const auto* const input = root.require("input", problems_);
    if (input == nullptr || !input->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    if (const auto* const node = input->require("format", problems_)) {
        mapping_.input.format = node->word<InputFormat>(problems_).value_or(InputFormat::csv);
    }
    if (const auto* const node = input->require("encoding", problems_)) {
        const auto name = node->text(problems_);
        const auto* const encoding = find_encoding(name);
        if (encoding == nullptr) {
            std::string names;
            for (const auto known : encoding_names()) {
                names.append(names.empty() ? "" : ", ").append(known);
            }
            const auto near = nearest_word(name, encoding_names());
            node->report(problems_, "`" + name + "` is none of: " + names,
                         near ? "did you mean `" + *near + "`?" : "GB2312 and GBK are read as gb18030");
        } else {
            mapping_.input.encoding = encoding;
        }
        if (mapping_.input.format == InputFormat::edifact && mapping_.input.encoding->unit != LineUnit::byte) {
            node->report(problems_, "EDIFACT is not written in UTF-16", "look at the file's first bytes");
        }
    }
    const bool table = mapping_.input.format == InputFormat::csv || mapping_.input.format == InputFormat::tsv;
    if (table) {
        read_table_form(*input);
    }
    if (mapping_.input.format == InputFormat::json) {
        mapping_.input.rows = plain_text(*input, "rows");
    }
    if (const auto* const node = input->find("not_said")) {
        mapping_.input.not_said = texts(*node);
    }
    read_times(*input);
}

}  // namespace portcullis::sign
