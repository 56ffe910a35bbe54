#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/journal_command.hpp"

namespace portcullis::cli {

/// Accepts short forms of a time and makes the full one of them.
inline CLI::Validator as_time() {
    return {[](std::string& text) {
                const auto full = full_time(text);
                text = full.value_or(text);
                return full ? std::string{}
                            : "\"" + text + "\" is no time; write 2026-11-23 or 2026-11-23T01:02:03 (UTC)";
            },
            "TIME"};
}

}  // namespace portcullis::cli
