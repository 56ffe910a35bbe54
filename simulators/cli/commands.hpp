#pragma once

namespace CLI {
class App;
}

namespace portcullis::simulators {

/// `stories`: runs all stories, or one, against the real daemon.
void add_stories_command(CLI::App& program, int& exit_code);
/// `demo`: the same, told to a person, again and again until Ctrl-C.
void add_demo_command(CLI::App& program, int& exit_code);
/// `record-check`: random passages; prints figures.
void add_record_command(CLI::App& program, int& exit_code);

}  // namespace portcullis::simulators
