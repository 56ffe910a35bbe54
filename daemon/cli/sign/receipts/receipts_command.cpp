#include "cli/sign/receipts/receipts_command.hpp"

#include <fstream>
#include <istream>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "cli/sign/import/line_reader.hpp"
#include "cli/sign/import/text_encoding.hpp"
#include "cli/sign/receipts/receipt.hpp"
#include "cli/sign/receipts/receipt_writer.hpp"
#include "codec/canonical.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

namespace fs = std::filesystem;

constexpr codec::JsonLimits line_limits{longest_line, 32};

/// One run, from its options to its bytes. Throws std::runtime_error for what ends it.
class Receipts {
public:
    Receipts(const ReceiptsOptions& options, std::ostream& out, std::ostream& errors)
        : options_(options), out_(out), errors_(errors), zone_(open_zone(options)) {}

    ImportExit run(std::istream& standard_input);

private:
    static TimeZone open_zone(const ReceiptsOptions& options) {
        auto zone = TimeZone::open(options.time_zone);
        if (!zone) {
            throw std::runtime_error{"--time-zone: " + zone.error()};
        }
        return std::move(zone).value();
    }
    void make_writer();
    void open_encoding();
    void read_file(std::istream& in, const std::string& name);
    void take_line(const std::string& line, const std::string& place);
    void take_receipt(const Receipt& receipt, const std::string& place);
    void write(const std::string& text, const std::string& what);

    const ReceiptsOptions& options_;
    std::ostream& out_;
    std::ostream& errors_;
    TimeZone zone_;
    std::optional<TextConverter> converter_;
    std::unique_ptr<ReceiptWriter> writer_;
    ReceiptMaker maker_;
    std::int64_t written_ = 0;
    std::int64_t left_out_ = 0;
    std::int64_t incomplete_ = 0;
    std::int64_t bad_ = 0;
};

void Receipts::open_encoding() {
    const auto* const encoding = find_encoding(options_.encoding);
    if (encoding == nullptr) {
        std::string names;
        for (const auto name : encoding_names()) {
            names.append(names.empty() ? "" : ", ").append(name);
        }
        throw std::runtime_error{"--encoding: `" + options_.encoding + "` is none of: " + names};
    }
    if (encoding->name != "utf-8") {
        converter_.emplace(encoding->system, "UTF-8");
    }
}

void Receipts::make_writer() {
    if (options_.format == "csv") {
        writer_ = csv_receipts(zone_);
        return;
    }
    if (options_.format != "codeco") {
        throw std::runtime_error{"--format: `" + options_.format + "` is neither csv nor codeco"};
    }
    const auto prepared = time_from_text(options_.prepared);
    if (options_.sender.empty() || options_.recipient.empty() || options_.reference.empty() || !prepared) {
        throw std::runtime_error{
            "CODECO needs --sender, --recipient, --reference, and --prepared, a time in UTC with milliseconds, such as "
            "2026-11-23T01:02:03.000Z"};
    }
    const auto syntax = !options_.syntax.empty() ? options_.syntax : converter_ ? "UNOX:4" : "UNOW:4";
    writer_ = codeco_receipts(zone_, {syntax, options_.sender, options_.recipient, options_.reference, *prepared});
}

void Receipts::write(const std::string& text, const std::string& what) {
    if (!converter_) {
        out_ << text;
    } else if (const auto converted = converter_->convert(text)) {
        out_ << *converted;
    } else {
        throw std::runtime_error{what + ": " + options_.encoding + " has no character for what stands at byte " +
                                 std::to_string(converted.error() + 1) + " of its text"};
    }
    if (!out_.good()) {
        throw std::runtime_error{"the receipts cannot be written"};
    }
}

void Receipts::take_receipt(const Receipt& receipt, const std::string& place) {
    const bool nobody = receipt.outcome == "merged" || receipt.outcome == "void";
    if (receipt.test || nobody || (options_.cleared_only && receipt.outcome != "cleared")) {
        ++left_out_;
        return;
    }
    const auto text = writer_->write(receipt);
    if (text.empty()) {
        ++left_out_;
        return;
    }
    write(text, place);
    ++written_;
    incomplete_ += receipt.whole ? 0 : 1;
}

void Receipts::take_line(const std::string& line, const std::string& place) {
    const auto value = codec::parse_value(line, line_limits);
    if (!value) {
        ++bad_;
        errors_ << place << ": is no event: " << value.error().message() << '\n';
        return;
    }
    // A line of `portcullis journal export` has its event inside; its first and last and its heads have none.
    const auto* const inside = value->find("event");
    const auto& event = inside == nullptr ? *value : *inside;
    if (event.find("specversion") == nullptr) {
        if (value->find("export") == nullptr && value->find("head") == nullptr && value->find("end") == nullptr) {
            ++bad_;
            errors_ << place << ": is neither an event nor a line of an export\n";
        }
        return;
    }
    if (const auto receipt = maker_.take(event)) {
        take_receipt(*receipt, place);
    }
}

void Receipts::read_file(std::istream& in, const std::string& name) {
    LineReader lines{in, *find_encoding("utf-8")};
    for (Line line; lines.next(line);) {
        const auto place = name + ":" + std::to_string(line.number);
        if (!line.problem.empty()) {
            ++bad_;
            errors_ << place << ": " << line.problem << '\n';
        } else if (!line.text.empty()) {
            take_line(line.text, place);
        }
    }
    if (!lines.problem().empty()) {
        throw std::runtime_error{name + ": " + lines.problem()};
    }
}

ImportExit Receipts::run(std::istream& standard_input) {
    open_encoding();
    make_writer();
    write(writer_->begin(), "the head");
    for (const auto& path : options_.files) {
        if (path == "-") {
            read_file(standard_input, "stdin");
            continue;
        }
        std::ifstream file{path, std::ios::binary};
        if (!file) {
            throw std::runtime_error{path.string() + ": cannot be read"};
        }
        read_file(file, path.string());
    }
    write(writer_->end(), "the end");
    out_.flush();
    errors_ << "receipts written " << written_ << ", left out " << left_out_ << ", without their first event "
            << incomplete_ << "; passages still open " << maker_.open() << ", given up " << maker_.given_up()
            << "; values withheld " << maker_.withheld() << "; bad lines " << bad_ << '\n';
    return bad_ == 0 && maker_.given_up() == 0 ? ImportExit::done : ImportExit::some_refused;
}

}  // namespace

ImportExit write_receipts(const ReceiptsOptions& options, std::istream& in, std::ostream& out, std::ostream& errors) {
    try {
        if (options.out.empty()) {
            return Receipts{options, out, errors}.run(in);
        }
        const auto part = fs::path{options.out.string() + ".part"};
        std::ofstream file{part, std::ios::binary | std::ios::trunc};
        if (!file) {
            throw std::runtime_error{part.string() + ": cannot be written"};
        }
        const auto exit = Receipts{options, file, errors}.run(in);
        file.close();
        fs::rename(part, options.out);
        return exit;
    } catch (const std::runtime_error& error) {
        errors << "portcullis-sign: " << error.what() << '\n';
        return ImportExit::nothing;
    }
}

}  // namespace portcullis::sign
