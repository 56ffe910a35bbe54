#pragma once

#include <cstdint>
#include <cstring>
#include <ostream>
#include <string_view>

#include "core/event.hpp"
#include "core/time.hpp"

namespace portcullis::simulation {

/// A running hash of all that happened, and on request the same as text that a person can follow.
class Digest {
public:
    void number(std::uint64_t value) {
        hash_ ^= value + 0x9E3779B97F4A7C15U;
        hash_ *= 0xFF51AFD7ED558CCDU;
        hash_ ^= hash_ >> 32U;
    }
    void text(std::string_view text) {
        number(text.size());
        while (text.size() >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data(), 8);
            number(word);
            text.remove_prefix(8);
        }
        std::uint64_t rest = 0;
        for (const auto letter : text) {
            rest = rest << 8U | static_cast<unsigned char>(letter);
        }
        number(rest);
    }
    void value(const Value& value);
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    std::uint64_t hash_ = 0xCBF29CE484222325U;
};

class Trace {
public:
    explicit Trace(std::ostream* out) : out_(out) {}

    [[nodiscard]] Digest& digest() { return digest_; }
    [[nodiscard]] std::uint64_t hash() const { return digest_.hash(); }
    /// `say` gives the line's text; it is asked only when somebody reads.
    template <class Say>
    void line(Instant now, std::string_view lane, const Say& say) {
        if (out_ != nullptr) {
            begin(now, lane);
            *out_ << say() << '\n';
        }
    }
    /// An event with its data.
    void event(Instant now, std::string_view lane, std::int64_t sequence, const Event& event);

private:
    void begin(Instant now, std::string_view lane);

    std::ostream* out_;
    Digest digest_;
};

}  // namespace portcullis::simulation
