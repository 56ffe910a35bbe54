#include "cli/sign/import/import_report.hpp"

#include <ostream>

#include "cli/sign/import/order_text.hpp"
#include "core/utf8.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t most_refusals = 1000;
constexpr std::size_t most_notes = 100;
constexpr std::size_t most_unmapped = 100;
constexpr std::size_t longest_value = 80;

}  // namespace

void ImportReport::refuse(const Row& row, const RowSource& source, const Columns& columns) {
    ++rows_refused_;
    for (const auto& problem : row.problems) {
        ++problems_;
        const auto id = columns.find(problem.column);
        const Refusal refusal{files_.back(),
                              row.line,
                              problem.column,
                              id ? static_cast<std::int64_t>(source.position(*id)) : 0,
                              clipped(problem.value, longest_value),
                              problem.reason};
        errors_ << refusal.file << ':' << refusal.line << ": ";
        if (!refusal.column.empty()) {
            errors_ << "column " << refusal.column;
            if (refusal.position != 0) {
                errors_ << " (" << refusal.position << ")";
            }
            errors_ << ": ";
        }
        errors_ << (refusal.value.empty() ? "" : "\"" + refusal.value + "\" ") << refusal.reason << '\n';
        if (refusals_.size() < most_refusals) {
            refusals_.push_back(refusal);
        }
    }
}

void ImportReport::note(const std::string& text) {
    errors_ << text << '\n';
    if (notes_.size() < most_notes) {
        notes_.push_back(text);
    }
}

void ImportReport::print_summary() const {
    if (!unmapped_.empty()) {
        errors_ << "columns that the mapping does not use:";
        for (const auto& column : unmapped_) {
            errors_ << ' ' << column;
        }
        errors_ << '\n';
    }
    errors_ << mapping_.name << ": rows read " << rows_read_ << ", taken " << rows_taken_ << ", unchanged "
            << rows_unchanged_ << ", set aside " << rows_set_aside_ << ", refused " << rows_refused_ << "; orders put "
            << put_ << ", revoked " << revoked_;
    if (vanished_ != 0) {
        errors_ << " (" << vanished_ << " because the export has them no more)";
    }
    errors_ << '\n';
    if (mapping_.layout == LayoutStanding::assumed) {
        errors_ << "the mapping's layout is assumed: compare the first orders with the system that exported them\n";
    }
}

std::string ImportReport::line() const {
    ObjectText object;
    object.text("mapping", mapping_.name);
    object.text("layout", text_of(mapping_.layout));
    object.list("files", files_);
    object.integer("rows_read", rows_read_);
    object.integer("rows_taken", rows_taken_);
    object.integer("rows_unchanged", rows_unchanged_);
    object.integer("rows_set_aside", rows_set_aside_);
    object.integer("rows_refused", rows_refused_);
    object.integer("orders_put", put_);
    object.integer("orders_revoked", revoked_);
    object.integer("orders_vanished", vanished_);
    std::vector<std::string> unmapped{unmapped_.begin(), unmapped_.end()};
    unmapped.resize(std::min(unmapped.size(), most_unmapped));
    object.list("unmapped_columns", unmapped);
    object.list("notes", notes_);
    std::vector<ObjectText> refusals;
    for (const auto& refusal : refusals_) {
        auto& item = refusals.emplace_back();
        item.text("file", refusal.file);
        item.integer("line", refusal.line);
        item.text("column", refusal.column);
        item.integer("column_number", refusal.position);
        item.text("value", refusal.value);
        item.text("reason", refusal.reason);
    }
    object.objects("refusals", refusals);
    object.integer("refusals_left_out", problems_ - static_cast<std::int64_t>(refusals_.size()));
    return object.whole();
}

}  // namespace portcullis::sign
