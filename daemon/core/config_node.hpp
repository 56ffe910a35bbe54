#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/enum_text.hpp"

namespace portcullis {

/// Where something stands in a settings file; line and column count from 1.
struct ConfigMark {
    std::string file;
    int line = 0;
    int column = 0;
};

/// One thing wrong in a settings file, with what to do about it.
struct ConfigProblem {
    ConfigMark where;
    std::string path;  ///< `lanes.out-1.arm.close`
    std::string what;  ///< what is wrong
    std::string help;  ///< what to do, or empty
    /// `file:line:column: path: what; help`
    [[nodiscard]] std::string message() const;
};

/// Collects every problem of a load: all are shown at once.
class ConfigProblems {
public:
    void add(ConfigProblem problem) { problems_.push_back(std::move(problem)); }
    [[nodiscard]] bool empty() const { return problems_.empty(); }
    [[nodiscard]] const std::vector<ConfigProblem>& all() const { return problems_; }

private:
    std::vector<ConfigProblem> problems_;
};

/// A plain tree of settings that knows file, line and column and remembers which members were read, so that a key
/// that nobody read is an error with "did you mean". Built by `settings` from YAML; drivers read their own options
/// and profiles from it. Getters report problems and return a harmless value, so that one run finds all of them.
class ConfigNode {
public:
    enum class Kind : std::uint8_t { empty, scalar, sequence, map };

    ConfigNode(ConfigMark mark, std::string path) : mark_(std::move(mark)), path_(std::move(path)) {}
    [[nodiscard]] static ConfigNode scalar(ConfigMark mark, std::string path, std::string text);
    [[nodiscard]] static ConfigNode sequence(ConfigMark mark, std::string path, std::vector<ConfigNode> items);
    [[nodiscard]] static ConfigNode map(ConfigMark mark, std::string path,
                                        std::vector<std::pair<std::string, ConfigNode>> members);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] const ConfigMark& mark() const { return mark_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Where the key of this member stands: an unknown key is reported there, a wrong value at mark().
    void set_key_mark(ConfigMark mark) { key_mark_ = std::move(mark); }

    /// The member, marked as read; nullptr when absent. Known keys are remembered for "did you mean".
    [[nodiscard]] const ConfigNode* find(std::string_view key) const;
    /// The same; its absence is a problem.
    [[nodiscard]] const ConfigNode* require(std::string_view key, ConfigProblems& problems) const;
    /// Members of a map whose keys are names (lanes, devices): all are marked as read.
    [[nodiscard]] const std::vector<std::pair<std::string, ConfigNode>>& members() const;
    [[nodiscard]] const std::vector<ConfigNode>& items() const { return items_; }

    [[nodiscard]] std::string text(ConfigProblems& problems) const;
    [[nodiscard]] std::int64_t integer(ConfigProblems& problems, std::int64_t least, std::int64_t most) const;
    /// `true` or `false` only.
    [[nodiscard]] bool flag(ConfigProblems& problems) const;
    /// `20 ms`, `6 s`, `5 min`, `2 h`, `400 d`: a whole number with its unit; without unit it is a problem that says
    /// so.
    [[nodiscard]] std::chrono::milliseconds duration(ConfigProblems& problems, std::chrono::milliseconds least,
                                                     std::chrono::milliseconds most) const;
    /// `64 MiB`: a whole number of KiB, MiB or GiB, in bytes; without unit it is a problem that says so.
    [[nodiscard]] std::int64_t bytes(ConfigProblems& problems, std::int64_t least, std::int64_t most) const;
    /// A word of the enum; otherwise a problem with the words that exist and the nearest one.
    template <HasTexts Enum>
    [[nodiscard]] std::optional<Enum> word(ConfigProblems& problems) const {
        const auto given = text(problems);
        if (const auto value = enum_from<Enum>(given)) {
            return value;
        }
        std::vector<std::string_view> words;
        for (const auto& row : enum_texts<Enum>) {
            words.push_back(row.text);
        }
        report_word(problems, given, words);
        return std::nullopt;
    }

    /// Whether this node has that shape; another one is a problem, after which nothing below is asked for.
    [[nodiscard]] bool expect(Kind kind, ConfigProblems& problems) const;
    /// Takes everything below as read: a problem that is reported already explains it.
    void skip() const { skipped_ = true; }
    /// Keys that were looked for here, found or not, in the order of asking.
    [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }

    /// Reports `what` at this node's place.
    void report(ConfigProblems& problems, std::string what, std::string help = {}) const;
    /// Every member below that nobody read is a problem, with the nearest key that somebody asked for.
    void report_unread(ConfigProblems& problems) const;

private:
    void report_word(ConfigProblems& problems, std::string_view given,
                     const std::vector<std::string_view>& words) const;
    void report_unread_members(ConfigProblems& problems) const;

    Kind kind_ = Kind::empty;
    ConfigMark mark_;
    std::optional<ConfigMark> key_mark_;
    std::string path_;
    std::string scalar_;
    std::vector<ConfigNode> items_;
    std::vector<std::pair<std::string, ConfigNode>> members_;
    // What a reader asked for is no part of the settings' value, so const readers may note it.
    mutable bool read_ = false;
    mutable bool skipped_ = false;
    mutable std::vector<std::string> asked_;
};

/// `value` as settings write it, in the largest unit that needs no fraction: `20 ms`, `6 s`, `5 min`, `2 h`.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds value);
/// The same of a size that is a multiple of 1 KiB: `64 MiB`.
[[nodiscard]] std::string size_text(std::int64_t bytes);

/// The word of `words` that `given` is nearest to (at most 2 letters changed, left out, put in or swapped, and at
/// most half of the word), or nothing.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view given,
                                                      const std::vector<std::string_view>& words);

}  // namespace portcullis
