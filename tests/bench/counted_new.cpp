#include "tests/bench/counted_new.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// The operators of the whole program count here: there is no object that could hold it.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<std::size_t> allocated{0};

}  // namespace

std::size_t portcullis::bench::allocations() {
    return allocated.load(std::memory_order_relaxed);
}

void* operator new(std::size_t size) {
    allocated.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) {
        return memory;
    }
    throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}
