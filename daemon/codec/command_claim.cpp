#include "codec/command_claim.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstddef>

#include "codec/json.hpp"
#include "codec/order_words.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits command_limits{std::size_t{8} * 1024, 8};
constexpr std::size_t longest = 64;

bool is_plain(char c) {
    return is_lower(c) || is_digit(c) || is_upper(c) || c == '-' || c == '_';
}
bool may_be_in_word(char c) {
    return is_lower(c) || is_digit(c) || c == '_';
}

std::string_view text_in(const boost::json::object& command, std::string_view name) {
    const auto* member = command.if_contains(name);
    const auto* text = member == nullptr ? nullptr : member->if_string();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

std::string told(std::string_view text, bool (*may_hold)(char)) {
    const bool good = !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), may_hold);
    return std::string{good ? text : "unknown"};
}

}  // namespace

Result<CommandClaim, Refusal> read_command_claim(std::string_view payload) {
    const auto read = parse_json(payload, command_limits);
    if (!read) {
        return Failure{read.error()};
    }
    const auto* command = read->if_object();
    if (command == nullptr) {
        return Failure{Refusal{RefusalCause::parse, {}, "is no object"}};
    }
    CommandClaim claim;
    claim.command = told(text_in(*command, "command"), is_plain);
    claim.verb = told(text_in(*command, "verb"), may_be_in_word);
    if (!is_lower(claim.verb.front())) {
        claim.verb = "unknown";
    }
    claim.actor = told(text_in(*command, "actor"), is_plain);
    claim.issued = time_from_text(text_in(*command, "issued"));
    return claim;
}

}  // namespace portcullis::codec
