#include "cli/device/learn_framing.hpp"

#include <ostream>

#include "cli/device/frame_text.hpp"
#include "cli/device/profile_skeleton.hpp"

namespace portcullis::cli {

namespace {

std::optional<std::vector<RecordedPiece>> heard(const LearnOptions& options, std::ostream& errors) {
    if (options.recording.empty()) {
        return listen(options.listen, errors);
    }
    ConfigProblems problems;
    auto recording = read_recording_file(options.recording, problems);
    for (const auto& problem : problems.all()) {
        errors << problem.message() << '\n';
    }
    return recording ? std::optional{std::move(recording->pieces)} : std::nullopt;
}

void show(const FramingCandidate& candidate, std::size_t number, std::ostream& out) {
    constexpr std::size_t most_hex = 24;
    out << number << ". " << framing_text(candidate.framing) << ": " << candidate.frames << " frames, "
        << candidate.explained << " of " << candidate.heard << " bytes\n";
    for (const auto& frame : candidate.examples) {
        out << "     " << short_hex(frame, most_hex) << "   " << printable(frame) << '\n';
    }
}

}  // namespace

int learn_framing(const LearnOptions& options, std::ostream& out, std::ostream& errors) {
    const auto pieces = heard(options, errors);
    if (!pieces) {
        return 1;
    }
    const auto candidates = guess_framing(heard_in(*pieces));
    if (candidates.empty()) {
        errors << "nothing was heard that could be a frame: is the device on, are the line's settings right, does it "
                  "talk without being asked?\n";
        return 1;
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        show(candidates[i], i + 1, out);
    }
    out << "\n# A profile to begin with, by the first of them:\n" << profile_skeleton(candidates.front());
    return 0;
}

}  // namespace portcullis::cli
