#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace portcullis::central {

/// Adds `central` to a program's commands. When it is chosen it runs until SIGINT, SIGTERM or `--until`, prints its
/// report as one line of JSON, and sets `exit_code`: 0 when no event is missing and the chain holds, else 1.
void add_central_command(CLI::App& program, int& exit_code);

}  // namespace portcullis::central
