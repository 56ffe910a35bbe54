#pragma once

#include <string>

namespace portcullis::bench {

/// A release order of the `index`-th container of one owner, as contracts.md 4 has it.
[[nodiscard]] std::string order_object(int index);

}  // namespace portcullis::bench
