#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/sign/import/time_zone.hpp"
#include "cli/sign/receipts/receipt.hpp"

namespace portcullis::sign {

/// Writes receipts in the form of another system, as UTF-8.
class ReceiptWriter {
public:
    ReceiptWriter() = default;
    ReceiptWriter(const ReceiptWriter&) = delete;
    ReceiptWriter& operator=(const ReceiptWriter&) = delete;
    virtual ~ReceiptWriter() = default;

    [[nodiscard]] virtual std::string begin() = 0;
    /// Empty: this form has no place for such a passage.
    [[nodiscard]] virtual std::string write(const Receipt& receipt) = 0;
    [[nodiscard]] virtual std::string end() = 0;
};

/// A table (RFC 4180) with the fields that Chinese gate systems report.
[[nodiscard]] std::unique_ptr<ReceiptWriter> csv_receipts(const TimeZone& zone);

struct CodecoSettings {
    std::string syntax;
    std::string sender;
    std::string recipient;
    std::string reference;
    WallTime prepared;
};

/// An interchange of CODECO D.95B: one message for each passage with boxes that was cleared.
[[nodiscard]] std::unique_ptr<ReceiptWriter> codeco_receipts(const TimeZone& zone, CodecoSettings settings);

}  // namespace portcullis::sign
