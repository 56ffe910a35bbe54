#include "cli/sign/import/import_command.hpp"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "cli/sign/import/import_orders.hpp"
#include "cli/sign/import/import_report.hpp"
#include "cli/sign/import/mapping.hpp"
#include "cli/sign/import/order_sink.hpp"
#include "cli/sign/key_file.hpp"
#include "core/time_text.hpp"
#include "store/import_log.hpp"

namespace portcullis::sign {
namespace {

namespace fs = std::filesystem;

/// A folder for a log that nobody keeps.
class PassingFolder {
public:
    PassingFolder() {
        auto pattern = (fs::temp_directory_path() / "portcullis-import-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error{pattern + " cannot be made"};
        }
        path_ = pattern;
    }
    PassingFolder(const PassingFolder&) = delete;
    PassingFolder& operator=(const PassingFolder&) = delete;
    ~PassingFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] fs::path file() const { return path_ / "import.db"; }

private:
    fs::path path_;
};

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> items;
    std::istringstream in{list};
    for (std::string item; std::getline(in, item, ',');) {
        items.push_back(item);
    }
    return items;
}

/// One import, from its options to its files. Throws std::runtime_error for what ends it.
class Import {
public:
    Import(const ImportOptions& options, std::ostream& errors) : options_(options), errors_(errors) {}

    ImportExit run(std::istream& in, std::ostream& out);

private:
    void read_mapping_file();
    void open_log();
    void make_sink(std::ostream& out);
    [[nodiscard]] OrderBatch batch_head();
    void write_report(const ImportReport& report) const;

    const ImportOptions& options_;
    std::ostream& errors_;
    std::optional<Mapping> mapping_;
    Authority authority_;
    std::optional<PassingFolder> passing_;
    std::unique_ptr<store::ImportLog> log_;
    std::optional<store::ChainEnd> chain_;
    std::optional<trust::SigningKey> key_;
    std::unique_ptr<OrderSink> sink_;
    BatchSink* batches_ = nullptr;
    WallTime issued_;
};

void throw_problem(const std::string& problem) {
    if (!problem.empty()) {
        throw std::runtime_error{problem};
    }
}

void Import::read_mapping_file() {
    ConfigProblems problems;
    mapping_ = read_mapping(options_.mapping, problems);
    for (const auto& problem : problems.all()) {
        errors_ << problem.message() << '\n';
    }
    if (!mapping_) {
        throw std::runtime_error{"nothing was imported"};
    }
    if (mapping_->kind == MappingKind::classes) {
        throw std::runtime_error{options_.mapping.string() +
                                 ": makes classes and no orders: portcullis-sign classes import reads it"};
    }
    if (!options_.authority.empty()) {
        authority_ = Authority{options_.authority};
    } else if (mapping_->authority) {
        authority_ = *mapping_->authority;
    } else {
        throw std::runtime_error{"the mapping names no authority: say --authority"};
    }
}

void Import::open_log() {
    auto file = options_.state;
    if (file.empty()) {
        file = passing_.emplace().file();
    }
    auto log = store::ImportLog::open(file);
    if (!log) {
        throw std::runtime_error{log.error().message};
    }
    log_ = std::move(log).value();
    chain_ = log_->chain(authority_.text());
}

OrderBatch Import::batch_head() {
    const auto expires = time_from_text(options_.expires);
    if (options_.terminal.empty() || options_.gates.empty() || options_.issued.empty() || !expires ||
        options_.out.empty()) {
        throw std::runtime_error{
            "with --key say --terminal, --gates, --issued, --expires (UTC with milliseconds, such as "
            "2026-11-23T01:02:03.000Z) and --out, the folder for the batches"};
    }
    OrderBatch head;
    head.authority = authority_;
    head.terminal = options_.terminal;
    head.gates = split(options_.gates);
    head.issued = issued_;
    head.expires = expires;
    const bool said = options_.number != 0;
    head.number = said ? options_.number : chain_ ? chain_->number + 1 : 1;
    head.previous = said ? options_.previous : chain_ ? chain_->sha256 : std::string{};
    if (head.previous.empty()) {
        if (head.number != 1) {
            throw std::runtime_error{
                "--previous is needed for every batch but the first: the SHA-256 of the one before"};
        }
        head.previous = std::string(64, '0');
    }
    return head;
}

void Import::make_sink(std::ostream& out) {
    if (!options_.issued.empty()) {
        const auto issued = time_from_text(options_.issued);
        throw_problem(issued ? "" : "--issued takes a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z");
        issued_ = *issued;
    } else if (mapping_->vanished && !options_.state.empty()) {
        throw std::runtime_error{"the mapping revokes orders that vanish: say --issued, the time of their revocation"};
    }
    if (options_.key.empty()) {
        sink_ = std::make_unique<LinesSink>(options_.out, out);
        return;
    }
    auto key = read_key_file(options_.key);
    throw_problem(key ? "" : key.error());
    key_.emplace(std::move(key).value());
    auto batches = std::make_unique<BatchSink>(options_.out, batch_head(), *key_, errors_);
    throw_problem(batches->recover(chain_));
    batches_ = batches.get();
    sink_ = std::move(batches);
}

void Import::write_report(const ImportReport& report) const {
    if (options_.report.empty()) {
        return;
    }
    std::ofstream file{options_.report, std::ios::trunc};
    file << report.line() << '\n' << std::flush;
    throw_problem(file.good() ? "" : options_.report.string() + ": cannot be written");
}

ImportExit Import::run(std::istream& in, std::ostream& out) {
    read_mapping_file();
    open_log();
    make_sink(out);
    ImportReport report{*mapping_, errors_};
    Importer importer{*mapping_, authority_, *log_, *sink_, report};
    const auto problem = importer.run({options_.files, in}, issued_);
    report.print_summary();
    write_report(report);
    throw_problem(problem);
    if (batches_ != nullptr && batches_->batches() != 0) {
        log_->set_chain(batches_->chain());
    }
    log_->commit();
    throw_problem(sink_->publish());
    return report.refused() == 0 ? ImportExit::done : ImportExit::some_refused;
}

}  // namespace

ImportExit import_orders(const ImportOptions& options, std::istream& in, std::ostream& out, std::ostream& errors) {
    try {
        return Import{options, errors}.run(in, out);
    } catch (const std::runtime_error& error) {
        errors << "portcullis-sign: " << error.what() << '\n';
        return ImportExit::nothing;
    }
}

ImportExit check_mappings(const std::vector<fs::path>& files, std::ostream& out, std::ostream& errors) {
    bool good = true;
    for (const auto& file : files) {
        ConfigProblems problems;
        const auto mapping = read_mapping(file, problems);
        for (const auto& problem : problems.all()) {
            errors << problem.message() << '\n';
        }
        good = good && mapping.has_value();
        if (mapping) {
            out << file.string() << ": " << mapping->name << " makes " << text_of(mapping->kind) << " of "
                << mapping->named_columns << " columns; its layout is " << text_of(mapping->layout) << '\n';
        }
    }
    return good ? ImportExit::done : ImportExit::nothing;
}

}  // namespace portcullis::sign
