#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "runtime/log.hpp"

namespace portcullis::runtime {

/// A fault that may come every second for months. Its line is written when it begins, when its cause is another, and
/// then every Nth time; at its end its count is.
class FaultLine {
public:
    FaultLine(Log log, LogLevel level, std::string message, std::uint64_t every);

    void failed(const std::string& cause);
    /// The next fault is a first one again.
    void over();

private:
    /// Causes may be text from outside: what is beyond counts as one.
    static constexpr std::size_t most_causes = 8;

    Log log_;
    LogLevel level_;
    std::string message_;
    std::uint64_t every_;
    std::map<std::string, RepeatBound> causes_;
};

}  // namespace portcullis::runtime
