#include "settings/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

#include "settings/text_check.hpp"

namespace portcullis::settings {
namespace {

/// Ends the reading of a document at once; the problem is reported already.
struct Stop {};

/// Whether the quoted text that begins at `at` ends on its line. yaml-cpp 0.7 takes a quote without end for one that
/// ends with the file, and all settings between them for text.
bool quote_ends(std::string_view line, std::size_t at) {
    if (at >= line.size()) {
        return false;
    }
    const char quote = line[at];
    for (++at; at < line.size(); ++at) {
        const bool escaped = quote == '"' ? line[at] == '\\' : line.substr(at).starts_with("''");
        if (escaped) {
            ++at;
        } else if (line[at] == quote) {
            return true;
        }
    }
    return false;
}

/// Builds the tree from the parser's events. Aliases are refused as they come, so nothing can be multiplied.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, std::string name, ConfigProblems& problems)
        : name_(std::move(name)), problems_(problems) {
        for (std::size_t begin = 0; begin < text.size();) {
            const auto end = std::min(text.find('\n', begin), text.size());
            lines_.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
    }

    [[nodiscard]] std::optional<ConfigNode> take() { return std::move(root_); }
    [[nodiscard]] ConfigMark place(const YAML::Mark& mark) const { return {name_, mark.line + 1, mark.column + 1}; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) {
            stop(place(mark), "a second document begins here", "one file holds one document: take the `---` out");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse(mark, {}, anchor);
        if (is_key_next()) {
            stop(place(mark), "a key is missing before the colon", "write it");
        }
        const auto where = frames_.empty() ? place(mark) : frames_.back().value_mark(place(mark));
        attach(ConfigNode{where, next_path()});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        stop(place(mark), "an alias (`*name`) stands here", "write the value out: settings are read as they stand");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse(mark, tag, anchor);
        if (tag == "!") {
            refuse_unusual_text(mark);
        }
        if (is_key_next()) {
            begin_member(value, place(mark));
        } else {
            attach(ConfigNode::scalar(place(mark), next_path(), value));
        }
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        begin_frame(ConfigNode::Kind::sequence, mark, tag, anchor);
    }
    void OnSequenceEnd() override {
        auto frame = end_frame();
        attach(ConfigNode::sequence(std::move(frame.mark), std::move(frame.path), std::move(frame.items)));
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        begin_frame(ConfigNode::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override {
        auto frame = end_frame();
        attach(ConfigNode::map(std::move(frame.mark), std::move(frame.path), std::move(frame.members)));
    }

private:
    /// A map or sequence that is open.
    struct Frame {
        ConfigNode::Kind kind;
        ConfigMark mark;
        std::string path;
        std::vector<ConfigNode> items;
        std::vector<std::pair<std::string, ConfigNode>> members;
        std::unordered_map<std::string, int> lines;  ///< of the keys
        std::string key;                             ///< of the member whose value comes next
        std::optional<ConfigMark> key_mark;          ///< of the same
        bool repeated = false;                       ///< that key stood before: its value is dropped

        [[nodiscard]] ConfigMark value_mark(ConfigMark otherwise) const {
            return key_mark.value_or(std::move(otherwise));
        }
    };

    [[noreturn]] void stop(ConfigMark where, std::string what, std::string help) {
        problems_.add({std::move(where), "", std::move(what), std::move(help)});
        throw Stop{};
    }

    void refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) {
            stop(place(mark), "an anchor (`&name`) stands here",
                 "take it out and write the value wherever it is needed");
        }
        // `?` and `!` are what the parser says of plain and quoted values.
        if (!tag.empty() && tag != "?" && tag != "!") {
            stop(place(mark), "a tag (`!name`) stands here", "take it out: settings have no types of their own");
        }
    }

    /// Of what is not plain only a quoted text that ends on its line is read.
    void refuse_unusual_text(const YAML::Mark& mark) {
        const auto line = line_of(mark);
        const auto at = static_cast<std::size_t>(mark.column);
        if (at < line.size() && (line[at] == '|' || line[at] == '>')) {
            stop(place(mark), std::string{"a block of text (`"} + line[at] + "`) stands here",
                 "write the value on one line, behind its key");
        }
        if (!quote_ends(line, at)) {
            stop(place(mark), "the quote that opens here has no end on its line", "close it");
        }
    }

    [[nodiscard]] std::string_view line_of(const YAML::Mark& mark) const {
        const auto number = static_cast<std::size_t>(mark.line);
        return number < lines_.size() ? lines_[number] : std::string_view{};
    }

    [[nodiscard]] bool is_key_next() const {
        return !frames_.empty() && frames_.back().kind == ConfigNode::Kind::map && !frames_.back().key_mark;
    }

    [[nodiscard]] std::string next_path() const {
        if (frames_.empty()) {
            return {};
        }
        const auto& frame = frames_.back();
        if (frame.kind == ConfigNode::Kind::sequence) {
            return frame.path + "[" + std::to_string(frame.items.size()) + "]";
        }
        return frame.path + (frame.path.empty() ? "" : ".") + frame.key;
    }

    void begin_member(const std::string& key, ConfigMark where) {
        auto& frame = frames_.back();
        const auto [first, is_new] = frame.lines.emplace(key, where.line);
        frame.repeated = !is_new;
        frame.key = key;
        frame.key_mark = where;
        if (frame.repeated) {
            problems_.add({std::move(where), next_path(), "`" + key + "` stands here for the second time",
                           "the first is in line " + std::to_string(first->second) + ": take one out"});
        }
    }

    void begin_frame(ConfigNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        refuse(mark, tag, anchor);
        if (is_key_next()) {
            stop(place(mark), "a list or group stands where a key belongs", "write the key as a single word");
        }
        if (frames_.size() >= deepest_nesting) {
            stop(place(mark), "nested too deeply",
                 "settings need at most " + std::to_string(deepest_nesting) + " levels");
        }
        auto path = next_path();
        frames_.push_back({kind, place(mark), std::move(path), {}, {}, {}, {}, std::nullopt, false});
    }

    Frame end_frame() {
        auto frame = std::move(frames_.back());
        frames_.pop_back();
        return frame;
    }

    void attach(ConfigNode node) {
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& frame = frames_.back();
        if (frame.kind == ConfigNode::Kind::sequence) {
            frame.items.push_back(std::move(node));
            return;
        }
        node.set_key_mark(*frame.key_mark);
        frame.key_mark.reset();
        if (!frame.repeated) {
            frame.members.emplace_back(frame.key, std::move(node));
        }
    }

    std::vector<std::string_view> lines_;
    std::string name_;
    ConfigProblems& problems_;
    std::vector<Frame> frames_;
    std::optional<ConfigNode> root_;
    int documents_ = 0;
};

}  // namespace

std::optional<ConfigNode> read_yaml(std::string_view text, const std::string& name, ConfigProblems& problems,
                                    std::size_t most) {
    if (auto problem = text_problem(text, name, most)) {
        problems.add(std::move(*problem));
        return std::nullopt;
    }
    TreeBuilder builder{text, name, problems};
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop&) {
        return std::nullopt;
    } catch (const YAML::Exception& error) {
        problems.add({builder.place(error.mark), "", "no YAML: " + error.msg,
                      "look at colons, quotes and indentation of this line and the one before"});
        return std::nullopt;
    }
    auto root = builder.take();
    if (!root || root->kind() == ConfigNode::Kind::empty) {
        problems.add({{name, 1, 1}, "", "the file holds no settings", "start from an example in config/"});
        return std::nullopt;
    }
    return root;
}

std::optional<std::string> read_text_file(const std::filesystem::path& path, ConfigProblems& problems,
                                          std::size_t most) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        const bool there = std::filesystem::exists(path, error);
        problems.add(
            {{path.string(), 0, 0}, "", there ? "that is no file" : "there is no such file", "look at the path"});
        return std::nullopt;
    }
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        problems.add({{path.string(), 0, 0}, "", "the file cannot be opened", "look at its owner and mode"});
        return std::nullopt;
    }
    // One byte more than allowed: a larger file is seen as such without being read whole.
    std::string text(most + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) {
        problems.add({{path.string(), 0, 0}, "", "the file cannot be read", "look at the disk"});
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace portcullis::settings
