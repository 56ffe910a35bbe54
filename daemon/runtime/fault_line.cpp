#include "runtime/fault_line.hpp"

#include <utility>

namespace portcullis::runtime {

FaultLine::FaultLine(Log log, LogLevel level, std::string message, std::uint64_t every)
    : log_(std::move(log)), level_(level), message_(std::move(message)), every_(every) {}

void FaultLine::failed(const std::string& cause) {
    const bool known = causes_.size() < most_causes || causes_.contains(cause);
    if (causes_.try_emplace(known ? cause : "other", every_).first->second.admit()) {
        log_.write(level_, message_, {{"cause", cause}});
    }
}

void FaultLine::over() {
    for (auto& [cause, bound] : std::exchange(causes_, {})) {
        if (const auto times = bound.finish()) {
            log_.notice(message_ + ": how often", {{"cause", cause}, {"times", *times}});
        }
    }
}

}  // namespace portcullis::runtime
