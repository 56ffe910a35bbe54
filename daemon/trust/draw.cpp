#include "trust/draw.hpp"

#include <limits>

#include "trust/hash.hpp"

namespace portcullis::trust {
namespace {

/// Numbers from here on would make the lowest tickets likelier than the others.
constexpr std::uint64_t biased_from = std::numeric_limits<std::uint64_t>::max() / draw_range * draw_range;

}  // namespace

std::string draw_message(const DrawSubject& subject, std::uint32_t block) {
    std::string message{"portcullis-draw-1\n"};
    // Texts of documents hold no control characters, so that a line ends where it ends.
    for (const auto part : {subject.purpose, subject.terminal, subject.declaration, subject.container}) {
        message.append(part).append("\n");
    }
    return message.append(std::to_string(block)).append("\n");
}

std::optional<std::int64_t> ticket_in(const Hash256& block) {
    for (std::size_t word = 0; word < block.size(); word += 8) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            number = number << 8U | block.at(word + i);
        }
        if (number < biased_from) {
            return static_cast<std::int64_t>(number % draw_range);
        }
    }
    return std::nullopt;
}

std::int64_t draw_ticket(const SamplingSecret& key, const DrawSubject& subject) {
    for (std::uint32_t block = 0;; ++block) {
        if (const auto ticket = ticket_in(hmac_sha256(key.bytes(), draw_message(subject, block)))) {
            return *ticket;
        }
    }
}

std::int64_t box_ticket(const SamplingSecret& key, const DrawSubject& subject, std::int64_t boxes_ppm) {
    if (subject.purpose != "sampling") {
        return draw_ticket(key, subject);
    }
    const bool box_taken = boxes_ppm >= draw_range || draw_ticket(key, {"box", subject.terminal, subject.declaration,
                                                                        subject.container}) < boxes_ppm;
    return box_taken ? draw_ticket(key, {subject.purpose, subject.terminal, subject.declaration, {}}) : never_drawn;
}

}  // namespace portcullis::trust
