#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/documents.hpp"
#include "core/result.hpp"

/// Root and timestamp documents, made of what a person writes on a command line.
namespace portcullis::sign {

/// `alice=<64 hex digits>`: a name for people and a public key.
[[nodiscard]] Result<RootKey, std::string> key_from_text(const std::string& text);

/// `root=2:alice,bob`, `orders/ciq=1:ciq-online`: adds the role to `root`, whose keys are there.
[[nodiscard]] std::optional<std::string> add_role(RootDocument& root, const std::string& text);

/// What a rotation changes.
struct Rotation {
    std::vector<std::string> replaced;  ///< `old name=new name=<64 hex digits>`: takes the old one's place in each role
    std::vector<std::string> added;     ///< as `key_from_text`
    std::vector<std::string> roles;     ///< as `add_role`: in the place of what the role was
    std::vector<std::string> removed;   ///< names
};

/// The root behind `root`: its version one higher, with these changes. It must still be a root that a gate reads.
[[nodiscard]] Result<RootDocument, std::string> rotated(RootDocument root, const Rotation& rotation);

/// The payload, when a gate's own reader takes it.
[[nodiscard]] Result<std::string, std::string> root_payload(const RootDocument& root);

/// What a document in a file is, for the list of a timestamp.
[[nodiscard]] Result<std::pair<DocumentName, DocumentMark>, std::string> mark_of(const std::filesystem::path& file);

/// Says what a document is and who signed it, in lines for people; `root_file` names the keys and judges whether they
/// are enough, and `at` whether it is expired.
struct Inspection {
    std::string text;
    bool accepted = false;  ///< by the root, at that time, as far as they were given
};
[[nodiscard]] Result<Inspection, std::string> inspect(const std::filesystem::path& file,
                                                      const std::filesystem::path& root_file,
                                                      std::optional<WallTime> at);

}  // namespace portcullis::sign
