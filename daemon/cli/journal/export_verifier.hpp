#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string_view>

#include "cli/journal/chain_verifier.hpp"
#include "cli/journal/export_format.hpp"
#include "trust/hash.hpp"

namespace portcullis::cli {

/// Checks an export line by line: every byte of it is either held by the chain, or by the digest of the whole.
class ExportVerifier {
public:
    ExportVerifier(const codec::EventWriter& writer, Trusted trusted) : writer_(writer), trusted_(std::move(trusted)) {}

    /// The next line, without its line end.
    [[nodiscard]] std::optional<Defect> line(std::string_view line);
    /// There is no further line.
    [[nodiscard]] std::optional<Defect> finish();

    [[nodiscard]] bool has_begun() const { return chain_.has_value(); }
    /// As far as it came; only once it has begun.
    [[nodiscard]] const ChainSummary& summary() const { return chain_->summary(); }
    [[nodiscard]] std::int64_t entries() const { return entries_; }

private:
    [[nodiscard]] std::optional<Defect> begin(std::string_view line);
    [[nodiscard]] std::optional<Defect> end(std::string_view line);
    [[nodiscard]] std::int64_t at() const { return chain_ ? chain_->summary().last : 0; }

    const codec::EventWriter& writer_;
    Trusted trusted_;
    ExportHeader header_;
    std::optional<ChainVerifier> chain_;
    trust::Sha256 digest_;
    std::int64_t entries_ = 0;
    std::int64_t heads_ = 0;
    bool ended_ = false;
};

/// What became of checking an export.
struct Verdict {
    std::optional<Defect> defect;
    ChainSummary summary;  ///< as far as it came
};

/// Checks what follows in a file, up to its end.
[[nodiscard]] Verdict verify_rest(ExportVerifier verifier, std::istream& file,
                                  const std::function<void(std::int64_t)>& progress = {});

/// Checks all of a file; `progress` hears how many entries are done, now and then.
[[nodiscard]] Verdict verify_export(std::istream& file, const codec::EventWriter& writer, Trusted trusted,
                                    const std::function<void(std::int64_t)>& progress = {});

}  // namespace portcullis::cli
