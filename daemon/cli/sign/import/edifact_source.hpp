#pragma once

#include <cstdint>
#include <deque>
#include <istream>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/row.hpp"
#include "cli/sign/import/text_encoding.hpp"

namespace portcullis::sign {

/// Where a value stands in a message: `EQD.2`, `LOC(165).2.1`, `MEA(AAE+G).3.2` – tag, what its first elements must be,
/// element, component (1 when not written).
struct EdifactPath {
    std::string tag;
    std::vector<std::string> qualifiers;
    std::size_t element = 1;
    std::size_t component = 1;

    [[nodiscard]] static std::optional<EdifactPath> parse(std::string_view text);
};

/// A segment, taken apart into elements of components. Elements count from 1: the tag is number 0.
struct EdifactSegment {
    std::int64_t line = 0;
    std::vector<std::vector<std::string>> elements;
    std::string problem;

    [[nodiscard]] std::string_view tag() const { return value(0, 1); }
    [[nodiscard]] std::string_view value(std::size_t element, std::size_t component) const {
        return element < elements.size() && component <= elements[element].size()
                   ? std::string_view{elements[element][component - 1]}
                   : std::string_view{};
    }
};

/// An interchange of container messages (CODECO, COPARN, …): a row for each equipment (EQD), with the message's head.
class EdifactSource final : public RowSource {
public:
    /// `columns`: the mapping's, all of which are paths.
    EdifactSource(std::istream& in, const TextEncoding& encoding, Columns& columns);

    [[nodiscard]] bool next(Row& row) override;
    [[nodiscard]] const std::string& problem() const override { return problem_; }
    [[nodiscard]] bool has(ColumnId column) const override { return seen_.contains(column); }
    [[nodiscard]] std::size_t position(ColumnId /*column*/) const override { return 0; }

private:
    /// The characters that take a message apart (UNA, or the usual ones).
    struct Service {
        char component = ':';
        char element = '+';
        char release = '?';
        char end = '\'';
    };
    struct Path {
        ColumnId column;
        EdifactPath path;
    };

    int take();
    bool next_segment(EdifactSegment& segment);
    bool read_service();
    void split(std::string_view bytes, EdifactSegment& segment);
    bool read_message();
    void note(const EdifactSegment& segment);
    void make_rows(const std::vector<EdifactSegment>& message, const std::string& problem);
    Row row_of(std::span<const EdifactSegment> head, std::span<const EdifactSegment> equipment);
    [[nodiscard]] std::string value_of(const EdifactPath& path, std::span<const EdifactSegment> segments) const;
    bool fail(const std::string& what);

    std::istream& in_;
    std::optional<TextConverter> converter_;
    Columns& columns_;
    std::vector<Path> paths_;
    Service service_;
    std::vector<EdifactSegment> interchange_;  ///< its head (UNB)
    bool begun_ = false;
    bool ended_ = false;
    std::int64_t line_ = 1;
    std::int64_t messages_ = 0;
    std::deque<Row> rows_;
    std::set<ColumnId> seen_;
    std::string problem_;
};

}  // namespace portcullis::sign
