#pragma once

#include <istream>
#include <string>
#include <vector>

#include "core/order.hpp"
#include "core/result.hpp"
#include "trust/signature.hpp"

namespace portcullis::sign {

/// The order objects of JSON Lines, one a line, as they are written there; empty lines are passed over.
/// Otherwise every bad line: `name:3: /container: …`.
[[nodiscard]] Result<std::vector<std::string>, std::vector<std::string>> read_order_lines(std::istream& in,
                                                                                          const std::string& name,
                                                                                          const Authority& authority);

/// A signed batch, ready to be sent.
struct SignedBatch {
    std::string envelope;
    std::string payload_sha256;  ///< `previous` of the next batch
};

/// Signs a batch with this head and these order objects. Same input, same bytes. A gate's own reader must take the
/// batch, or it is not signed: then what is wrong.
[[nodiscard]] Result<SignedBatch, std::string> sign_orders(const OrderBatch& head,
                                                           const std::vector<std::string>& order_objects,
                                                           const trust::SigningKey& key);

}  // namespace portcullis::sign
