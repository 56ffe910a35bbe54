#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "codec/event_writer.hpp"
#include "tests/fault/tampers/bases.hpp"

namespace portcullis::fault {

/// Bytes of a base's text that were put in place of others.
struct Edit {
    std::size_t at = 0;
    std::size_t cut = 0;
    std::string put;
};

/// One falsified export.
struct Case {
    const Base* base = nullptr;
    std::string what;         ///< `flip`, `delete`, …
    bool with_heads = true;   ///< judged beside the heads and the key that somebody kept
    std::vector<Edit> edits;  ///< in order, apart from each other
};

struct HowMany {
    std::size_t bit_step = 1;   ///< of the small base every so-manieth bit is flipped
    std::size_t line_step = 1;  ///< of the other bases every so-manieth line is tampered with
    std::size_t tail_step = 5;  ///< and the tail rewritten from every so-manieth entry
};

/// Falsifications that must be seen, one after the other.
void each_tamper(const Bases& bases, const codec::EventWriter& writer, const HowMany& how_many,
                 const std::function<void(const Case&)>& take);

/// Whole entries left out at the end and the file sealed anew, judged with nothing that somebody kept: known to pass.
void each_truncation_without_heads(const Bases& bases, const HowMany& how_many,
                                   const std::function<void(const Case&)>& take);

/// The text of a case.
[[nodiscard]] std::string text_of(const Case& one, const std::string& base_text);

}  // namespace portcullis::fault
