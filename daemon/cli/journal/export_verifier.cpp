#include "cli/journal/export_verifier.hpp"

#include <string>
#include <utility>

namespace portcullis::cli {

std::optional<Defect> ExportVerifier::line(std::string_view line) {
    if (ended_) {
        return Defect{at(), "something follows the end of the export"};
    }
    if (!chain_) {
        if (auto defect = begin(line)) {
            return defect;
        }
    } else if (line.starts_with(R"({"end":)")) {
        return end(line);
    } else if (const auto event = read_event_line(line)) {
        ++entries_;
        if (auto defect = chain_->event(event->published, event->hash)) {
            return defect;
        }
    } else if (const auto head = read_head_line(line)) {
        ++heads_;
        if (auto defect = chain_->head(*head)) {
            return defect;
        }
    } else {
        return Defect{at() + 1, "the line that should hold it is none of an export"};
    }
    digest_.add(line);
    digest_.add("\n");
    return std::nullopt;
}

std::optional<Defect> ExportVerifier::begin(std::string_view line) {
    auto header = read_header_line(line);
    if (!header) {
        return Defect{0, header.error()};
    }
    header_ = std::move(header).value();
    chain_.emplace(
        writer_, ChainStart{header_.stream, header_.first, header_.previous, trust::PublicKey::parse(header_.head_key)},
        std::move(trusted_));
    return std::nullopt;
}

std::optional<Defect> ExportVerifier::end(std::string_view line) {
    ended_ = true;
    const auto end = read_end_line(line);
    if (!end) {
        return Defect{at(), end.error()};
    }
    const auto& summary = chain_->summary();
    if (end->sequence != summary.last || end->hash != summary.hash || end->events != entries_ || end->heads != heads_) {
        return Defect{at(), "the export's end speaks of other entries than those that it holds"};
    }
    if (header_.gate != summary.source) {
        return Defect{at(), "the export is said to be of " + header_.gate + ", and its last entry is not"};
    }
    if (end->sha256 != digest_.value()) {
        return Defect{at(), "the export is not what was written: its bytes have another SHA-256"};
    }
    return std::nullopt;
}

std::optional<Defect> ExportVerifier::finish() {
    if (!chain_) {
        return Defect{0, "it is empty"};
    }
    if (!ended_) {
        return Defect{at(), "the export has no end: it was cut off"};
    }
    return chain_->finish();
}

namespace {

constexpr std::int64_t told_every = 10'000;

enum class Line { whole, none, too_long, without_end };

/// Reads to the next line end; never more than a line of an export may have.
Line next_line(std::istream& file, std::string& line) {
    line.clear();
    auto& buffer = *file.rdbuf();
    for (int byte = buffer.sbumpc(); byte != std::char_traits<char>::eof(); byte = buffer.sbumpc()) {
        if (byte == '\n') {
            return Line::whole;
        }
        if (line.size() == longest_export_line) {
            return Line::too_long;
        }
        line.push_back(static_cast<char>(byte));
    }
    return line.empty() ? Line::none : Line::without_end;
}

}  // namespace

Verdict verify_export(std::istream& file, const codec::EventWriter& writer, Trusted trusted,
                      const std::function<void(std::int64_t)>& progress) {
    return verify_rest(ExportVerifier{writer, std::move(trusted)}, file, progress);
}

Verdict verify_rest(ExportVerifier verifier, std::istream& file, const std::function<void(std::int64_t)>& progress) {
    std::string line;
    std::optional<Defect> defect;
    auto found = next_line(file, line);
    for (; found == Line::whole && !defect; found = next_line(file, line)) {
        defect = verifier.line(line);
        if (progress && verifier.entries() % told_every == 0) {
            progress(verifier.entries());
        }
    }
    if (!defect && found != Line::none) {
        defect = Defect{0, found == Line::too_long ? "a line is longer than any of an export"
                                                   : "the last line has no end: the export was cut off"};
    }
    if (!defect) {
        defect = verifier.finish();
    }
    return {defect, verifier.has_begun() ? verifier.summary() : ChainSummary{}};
}

}  // namespace portcullis::cli
