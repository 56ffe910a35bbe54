#pragma once

#include <cstddef>

namespace portcullis::bench {

/// How often this process has asked for memory with `new`: linking this replaces it.
[[nodiscard]] std::size_t allocations();

}  // namespace portcullis::bench
