#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/sign/import/mapping.hpp"
#include "cli/sign/import/mapping_fields.hpp"
#include "core/config_node.hpp"

namespace portcullis::sign {

/// Reads the parts of one mapping into `mapping`.
class MappingReader {
public:
    MappingReader(Mapping& mapping, ConfigProblems& problems) : mapping_(mapping), problems_(problems) {}

    void read(const ConfigNode& root);

private:
    // What the file looks like (read_mapping_input.cpp).
    void read_input(const ConfigNode& root);
    void read_table_form(const ConfigNode& input);
    void read_times(const ConfigNode& input);
    [[nodiscard]] std::vector<std::string> read_forms(const ConfigNode& node);
    [[nodiscard]] ColumnId column(const ConfigNode& node);
    [[nodiscard]] std::vector<ColumnId> columns_of(const ConfigNode& node, std::string& label);
    [[nodiscard]] char one_character(const ConfigNode& node);
    [[nodiscard]] std::vector<std::string> texts(const ConfigNode& node);
    [[nodiscard]] std::string plain_text(const ConfigNode& node, std::string_view key);

    // What a value comes from (read_mapping_sources.cpp).
    void read_tables(const ConfigNode& root);
    [[nodiscard]] std::shared_ptr<const CodeTable> read_table(const ConfigNode& node);
    [[nodiscard]] std::shared_ptr<const CodeTable> codes_of(const ConfigNode& node);
    [[nodiscard]] FieldSources read_sources(const ConfigNode& node, FieldType type);
    [[nodiscard]] FieldSource read_source(const ConfigNode& node, FieldType type);
    void read_steps(const ConfigNode& node, FieldType type, FieldSource& source);
    void read_others(const ConfigNode& node, FieldSource& source);
    [[nodiscard]] std::vector<RowCondition> read_conditions(const ConfigNode& root, std::string_view key,
                                                            bool needs_why);
    [[nodiscard]] RowCondition read_condition(const ConfigNode& node, bool needs_why);

    // What a row becomes (mapping_reader.cpp).
    void read_fields(const ConfigNode& root);
    void read_field(const ConfigNode& fields, const FieldRow& row);
    void read_named(const ConfigNode& fields, std::string_view key, FieldType type);
    void read_match(const ConfigNode& fields);
    void read_match_by(const ConfigNode& match);
    void read_each(const ConfigNode& root);
    void read_revocation(const ConfigNode& root);
    void read_ignored(const ConfigNode& root);

    Mapping& mapping_;
    ConfigProblems& problems_;
    std::shared_ptr<const TimeZone> zone_;
    std::map<std::string, std::shared_ptr<const CodeTable>, std::less<>> tables_;
};

}  // namespace portcullis::sign
