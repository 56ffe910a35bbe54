#include "cli/device/play_recording.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <ostream>
#include <system_error>
#include <utility>

#include "cli/device/frame_text.hpp"
#include "cli/device/player.hpp"
#include "cli/device/profile_file.hpp"

namespace portcullis::cli {

namespace {

namespace fs = std::filesystem;

void tell(const ConfigProblems& problems, std::ostream& errors) {
    for (const auto& problem : problems.all()) {
        errors << problem.message() << '\n';
    }
}

constexpr std::string_view only_in_tests = "a recording over HTTP is played by the drivers' own tests only";

struct PlayedFile {
    Recording recording;
    Played played;
};

/// Nothing when recording or profile are wrong; that has been said.
std::optional<PlayedFile> play_file(const fs::path& file, const fs::path& profile, std::ostream& errors) {
    ConfigProblems problems;
    auto recording = read_recording_file(file, problems);
    auto planned = recording ? plan_profile(profile, recording->device ? recording->device : std::nullopt, problems)
                             : std::nullopt;
    tell(problems, errors);
    if (!planned) {
        return std::nullopt;
    }
    for (const auto& wanted : planned->wanted) {
        errors << file.string() << ": `device:` of the recording must say it: " << wanted << '\n';
    }
    if (!planned->wanted.empty()) {
        return std::nullopt;
    }
    Played played;
    if (!recording->over_http) {
        played = play(*planned->plan, planned->profile, *recording);
    }
    return PlayedFile{std::move(*recording), std::move(played)};
}

bool add_expect(const fs::path& file, const Played& played, std::ostream& errors) {
    std::ofstream out{file, std::ios::app};
    out << (played.seen.empty() ? "expect: []\n" : "expect:\n");
    for (const auto& line : played.seen) {
        out << "  - " << in_quotes(line) << "\n";
    }
    out.close();
    if (!out) {
        errors << file.string() << ": cannot be written\n";
    }
    return static_cast<bool>(out);
}

std::vector<fs::path> files_of(const std::vector<fs::path>& given) {
    std::vector<fs::path> files;
    for (const auto& path : given) {
        std::error_code failed;
        if (!fs::is_directory(path, failed)) {
            files.push_back(path);
            continue;
        }
        for (const auto& entry : fs::directory_iterator(path, failed)) {
            if (entry.path().extension() == ".yaml") {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

int play_recording(const PlayOptions& options, std::ostream& out, std::ostream& errors) {
    const auto profile = find_profile(options.profile, options.profile_folders);
    if (!profile) {
        errors << "there is no profile " << options.profile << '\n';
        return 1;
    }
    const auto result = play_file(options.recording, *profile, errors);
    if (!result) {
        return 1;
    }
    if (result->recording.over_http) {
        errors << options.recording.string() << ": " << only_in_tests << '\n';
        return 1;
    }
    for (const auto& line : result->played.seen) {
        out << printable(std::vector<std::uint8_t>{line.begin(), line.end()}) << '\n';
    }
    for (const auto& wrong : result->played.wrong) {
        errors << options.recording.string() << ": " << wrong << '\n';
    }
    if (!result->played.wrong.empty()) {
        return 1;
    }
    if (options.write_expect && !result->recording.expect) {
        return add_expect(options.recording, result->played, errors) ? 0 : 1;
    }
    if (!result->recording.expect) {
        out << "(nothing was expected: when this is right, --write-expect puts it into the recording)\n";
    }
    return 0;
}

int check_profile(const CheckProfileOptions& options, std::ostream& out, std::ostream& errors) {
    ConfigProblems problems;
    const auto planned = plan_profile(options.profile, std::nullopt, problems);
    tell(problems, errors);
    if (!planned) {
        return 1;
    }
    out << options.profile.string() << ": good: " << planned->plan->profile().product << '\n';
    for (const auto& wanted : planned->wanted) {
        out << "the device's settings must say: " << wanted << '\n';
    }
    for (const auto& remark : planned->plan->remarks()) {
        out << remark << '\n';
    }
    int code = 0;
    for (const auto& file : files_of(options.recordings)) {
        const auto result = play_file(file, options.profile, errors);
        if (result && result->recording.over_http) {
            out << file.string() << ": " << only_in_tests << '\n';
            continue;
        }
        const bool good = result && result->played.wrong.empty() && result->recording.expect;
        if (result && !result->recording.expect) {
            errors << file.string() << ": it does not say what is expected\n";
        }
        for (const auto& wrong : result ? result->played.wrong : std::vector<std::string>{}) {
            errors << file.string() << ": " << wrong << '\n';
        }
        if (good) {
            out << file.string() << ": " << result->played.seen.size() << " observations as expected\n";
        }
        code = good ? code : 1;
    }
    return code;
}

}  // namespace portcullis::cli
