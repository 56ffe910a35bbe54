#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/journal/chain_verifier.hpp"
#include "trust/signature.hpp"

namespace portcullis::fault {

/// An export's lines, without their line ends.
using Lines = std::vector<std::string>;

/// A good export, and what somebody elsewhere has kept of the same gate.
struct Base {
    std::string name;
    Lines lines;
    std::vector<std::string> heads;  ///< envelopes
    std::string head_key;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] cli::Trusted trusted(bool with_heads) const;
};

/// What the laboratory works on.
struct Bases {
    Base small;        ///< for every bit of it: some erased, each kind of line
    Base whole;        ///< several hundred entries in the long form
    Base cut;          ///< begins behind a retention's cut
    Base older_image;  ///< an image from before, beside the heads of what followed: a restored disk
    Base fork;         ///< that image went on by itself, beside the heads of what followed first
    Base foreign;      ///< another gate's
};

/// Makes them in `folder`, with the gate's own writer.
[[nodiscard]] Bases make_bases(const std::filesystem::path& folder, std::int64_t entries);

[[nodiscard]] std::string text_of(const Lines& lines);
/// Gives the lines the end that fits them: anybody can write it.
void seal(Lines& lines);

}  // namespace portcullis::fault
