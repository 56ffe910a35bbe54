// The entry of libFuzzer: PORTCULLIS_FUZZ names the target.
#include <cstdio>
#include <cstdlib>

#include "target.hpp"

namespace {

using portcullis::fuzz::Target;

const Target& chosen() {
    const char* const name = std::getenv("PORTCULLIS_FUZZ");
    for (const auto& target : portcullis::fuzz::targets()) {
        if (name != nullptr && target.name == name) {
            return target;
        }
    }
    std::fputs("PORTCULLIS_FUZZ must name one of the targets of tests/fuzz/targets.cpp\n", stderr);
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto& target = chosen();
    target.run(portcullis::fuzz::Input{{data, size}});
    return 0;
}
