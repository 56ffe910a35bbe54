#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/order.hpp"
#include "core/result.hpp"
#include "store/import_log.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// Where an import's orders go. Each call gives what went wrong, or an empty text.
class OrderSink {
public:
    OrderSink() = default;
    OrderSink(const OrderSink&) = delete;
    OrderSink& operator=(const OrderSink&) = delete;
    virtual ~OrderSink() = default;

    [[nodiscard]] virtual std::string put(std::string object) = 0;
    /// All orders are there: what is written is durable, and not yet under its name.
    [[nodiscard]] virtual std::string finish() = 0;
    /// The import is committed: gives what was written its name.
    [[nodiscard]] virtual std::string publish() = 0;
};

/// JSON Lines, for `portcullis-sign orders` or for looking at.
class LinesSink final : public OrderSink {
public:
    /// `file`: empty for `out`.
    LinesSink(std::filesystem::path file, std::ostream& out);
    ~LinesSink() override;
    LinesSink(const LinesSink&) = delete;
    LinesSink& operator=(const LinesSink&) = delete;

    [[nodiscard]] std::string put(std::string object) override;
    [[nodiscard]] std::string finish() override;
    [[nodiscard]] std::string publish() override;

private:
    std::filesystem::path file_;
    std::filesystem::path part_;
    std::ofstream written_;
    std::ostream& out_;
};

/// Signed batches, one file each: `ciq-00000042.json` of a folder. They appear under their names when the import is
/// committed; after a crash the next import puts that right.
class BatchSink final : public OrderSink {
public:
    /// `head`: of every batch, with the number and `previous` of the first.
    BatchSink(std::filesystem::path folder, OrderBatch head, const trust::SigningKey& key, std::ostream& errors);

    /// Ends what an import before this one committed and had no time to publish. `end`: the chain that it left.
    [[nodiscard]] std::string recover(const std::optional<store::ChainEnd>& end) const;

    [[nodiscard]] std::string put(std::string object) override;
    [[nodiscard]] std::string finish() override;
    [[nodiscard]] std::string publish() override;
    /// The last batch that was signed.
    [[nodiscard]] store::ChainEnd chain() const { return {head_.number - 1, head_.previous}; }
    [[nodiscard]] std::size_t batches() const { return parts_.size(); }

private:
    [[nodiscard]] std::filesystem::path file_of(std::int64_t number) const;
    [[nodiscard]] std::string sign();

    std::filesystem::path folder_;
    OrderBatch head_;
    const trust::SigningKey& key_;
    std::ostream& errors_;
    std::vector<std::string> objects_;
    std::size_t bytes_ = 0;
    std::vector<std::filesystem::path> parts_;  ///< the names that they are to have
};

}  // namespace portcullis::sign
