#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/ruleset/sketch.hpp"
#include "core/config_node.hpp"
#include "core/time.hpp"

namespace portcullis::sign {

/// What people write of a ruleset or of passes: as much as a document of them can hold, and the words around it.
inline constexpr std::size_t most_yaml_bytes = std::size_t{16} * 1024 * 1024;

/// How a value that people write becomes one of the document.
enum class Form : std::uint8_t {
    text,
    list,  ///< of texts; one text alone is a list of one; `$NAME` stands for the set of that name
    integer,
    flag,
    rate,      ///< `20 %`, in parts of a million
    duration,  ///< `30 min`, in seconds
    moment,    ///< a date is its first moment
    end,       ///< a date is its last moment
};

struct MemberForm {
    std::string_view name;
    Form form = Form::text;
    std::string_view written = {};  ///< its name in the document, when it is another
};

/// Where a member is looked for: in what somebody wrote, and else among the defaults.
struct Layers {
    const ConfigNode* own = nullptr;
    const ConfigNode* base = nullptr;
    [[nodiscard]] const ConfigNode* find(std::string_view key) const;
    /// The layers of the member `key`.
    [[nodiscard]] Layers below(std::string_view key) const;
    explicit operator bool() const { return own != nullptr || base != nullptr; }
};

/// A document that is being written, with the sets and the time zone of its file.
class Draft {
public:
    explicit Draft(ConfigProblems& problems) : problems_(problems) {}

    /// Reads `sets` and `time_zone`.
    void read_surroundings(const ConfigNode& root);

    /// The members that are there; a value `unknown` is left out.
    void members(const Layers& from, std::span<const MemberForm> forms);
    void members(const Layers& from, std::initializer_list<MemberForm> forms) {
        members(from, std::span{forms.begin(), forms.size()});
    }
    void member(const ConfigNode& node, std::string_view name, Form form);
    /// One value, its place having been said.
    void value(const ConfigNode& node, Form form);
    void list(const ConfigNode& node);
    void moment(WallTime time);
    [[nodiscard]] std::optional<WallTime> read_moment(const ConfigNode& node, Form form);

    [[nodiscard]] Sketch& sketch() { return sketch_; }
    [[nodiscard]] ConfigProblems& problems() { return problems_; }

private:
    void expand(const ConfigNode& node, std::vector<std::string>& texts);
    void rate(const ConfigNode& node);

    ConfigProblems& problems_;
    Sketch sketch_;
    std::map<std::string, std::vector<std::string>, std::less<>> sets_;
    std::optional<std::chrono::minutes> zone_;
};

}  // namespace portcullis::sign
