#include "codec/plain_order.hpp"

#include <array>
#include <cstdint>

#include "codec/digest.hpp"
#include "codec/object_reader.hpp"
#include "codec/order_words.hpp"
#include "core/order.hpp"
#include "core/time_text.hpp"
#include "core/utf8.hpp"

namespace portcullis::codec {
namespace {

constexpr std::size_t most_listed = 64;  ///< longer lists are rare

/// Walks over an order from member to member. Every step answers whether all is well so far.
class Scan {
public:
    Scan(std::string_view text, std::string_view authority, std::string& codes)
        : rest_(text), authority_(authority), codes_(codes) {}

    [[nodiscard]] std::optional<PlainOrder> order();

private:
    using Step = bool (Scan::*)();
    struct Member {
        std::string_view name;
        Step read;
    };
    static const std::array<Member, 34> members;

    [[nodiscard]] bool skip(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool skip(std::string_view wanted) {
        if (!rest_.starts_with(wanted)) {
            return false;
        }
        rest_.remove_prefix(wanted.size());
        return true;
    }
    /// A text without escapes.
    [[nodiscard]] bool text(std::string_view& text);
    [[nodiscard]] bool number(std::int64_t least, std::int64_t most);
    [[nodiscard]] bool time(WallTime& time);
    template <class Check>
    [[nodiscard]] bool formed(const Check& check) {
        std::string_view given;
        return text(given) && check(given);
    }
    template <class Take>
    [[nodiscard]] bool list(const Take& take);
    template <HasTexts Enum>
    [[nodiscard]] bool word(std::optional<Enum> excluded = {}) {
        return formed([&](std::string_view given) {
            const auto read = enum_from<Enum>(given);
            return read && read != excluded;
        });
    }

    bool authority() {
        return formed([this](std::string_view given) { return given == authority_; });
    }
    bool weight() { return number(0, 10'000'000); }
    bool identifier() { return formed(is_identifier); }
    bool nothing() { return skip("[]"); }
    bool container();
    bool control_points() { return list(is_setting_name); }
    bool decided() { return has_decided_ = time(order_time_); }
    bool identifiers() { return list(is_identifier); }
    bool draw() { return word<Draw>(); }
    bool enterprise() { return text(enterprise_) && is_identifier(enterprise_); }
    bool fullness() { return word<Fullness>(Fullness::unknown); }
    bool gates() { return list(is_audience_name); }
    bool hs();
    bool flag() { return skip("true") || skip("false"); }
    bool kind() { return is_release_ = skip(R"("release")"); }
    bool last_port() { return formed(is_port); }
    bool mass_basis() { return word<MassBasis>(); }
    bool movement() { return word<Movement>(Movement::unknown); }
    bool officer() {
        return has_officer_ =
                   formed([](std::string_view given) { return is_identifier(given) && !looks_like_digest(given); });
    }
    bool id() { return text(id_) && is_identifier(id_); }
    bool origin() { return text(origin_) && is_country(origin_); }
    bool size_type() { return formed(is_size_type); }
    bool status() {
        if (!text(status_)) {
            return false;
        }
        const auto read = enum_from<ReleaseStatus>(status_);
        return read && read != ReleaseStatus::revoked;
    }
    bool plates() {
        return list([](std::string_view given) { return PlateNumber::parse(given).ok(); });
    }
    bool uses() { return number(1, 1'000'000); }
    bool valid_from() { return has_valid_from_ = time(valid_from_); }
    bool valid_to() { return has_valid_to_ = time(valid_to_) && valid_to_ >= valid_from_; }
    bool zone() { return formed(is_setting_name); }

    std::string_view rest_;
    std::string_view authority_;
    std::string& codes_;
    std::string_view id_;
    std::string_view status_;
    std::string_view enterprise_;
    std::string_view origin_;
    std::string_view hs_;
    std::optional<ContainerNumber> container_;
    WallTime order_time_;
    WallTime valid_from_;
    WallTime valid_to_;
    bool has_authority_ = false;
    bool has_decided_ = false;
    bool has_officer_ = false;
    bool has_valid_from_ = false;
    bool has_valid_to_ = false;
    bool is_release_ = false;
};

/// In the order of canonical JSON: a member that is there twice, or not known, stands before the one looked for.
const std::array<Scan::Member, 34> Scan::members{{
    {"authority", &Scan::authority},
    {"box_tare_kg", &Scan::weight},
    {"class", &Scan::identifier},
    {"conditions", &Scan::nothing},
    {"container", &Scan::container},
    {"control_points", &Scan::control_points},
    {"decided", &Scan::decided},
    {"declarations", &Scan::identifiers},
    {"draw", &Scan::draw},
    {"enterprise", &Scan::enterprise},
    {"fullness", &Scan::fullness},
    {"gates", &Scan::gates},
    {"gross_kg", &Scan::weight},
    {"hs", &Scan::hs},
    {"imdg", &Scan::identifier},
    {"ippc", &Scan::flag},
    {"kind", &Scan::kind},
    {"last_port", &Scan::last_port},
    {"mass_basis", &Scan::mass_basis},
    {"movement", &Scan::movement},
    {"officer", &Scan::officer},
    {"order", &Scan::id},
    {"origin", &Scan::origin},
    {"origin_region", &Scan::identifier},
    {"reefer", &Scan::flag},
    {"seals", &Scan::identifiers},
    {"size_type", &Scan::size_type},
    {"status", &Scan::status},
    {"tractor_plates", &Scan::plates},
    {"trailer_plates", &Scan::plates},
    {"uses", &Scan::uses},
    {"valid_from", &Scan::valid_from},
    {"valid_to", &Scan::valid_to},
    {"wood", &Scan::flag},
}};

bool Scan::text(std::string_view& text) {
    if (!skip('"')) {
        return false;
    }
    bool is_ascii = true;
    for (std::size_t at = 0; at < rest_.size() && at <= longest_text; ++at) {
        const auto byte = static_cast<unsigned char>(rest_[at]);
        if (byte == '"') {
            text = rest_.substr(0, at);
            rest_.remove_prefix(at + 1);
            return at > 0 && (is_ascii || is_utf8(text));
        }
        if (byte == '\\' || byte < 0x20 || byte == 0x7F) {
            return false;
        }
        is_ascii = is_ascii && byte < 0x80;
    }
    return false;
}

bool Scan::number(std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && digits < 9 && is_digit(rest_[digits])) {
        number = number * 10 + (rest_[digits++] - '0');
    }
    const bool is_plain = digits > 0 && (rest_.front() != '0' || digits == 1);
    rest_.remove_prefix(digits);
    // What goes on behind it, a fraction or a tenth digit, is no end of a member.
    return is_plain && number >= least && number <= most;
}

bool Scan::time(WallTime& time) {
    std::string_view given;
    const auto read = text(given) ? time_from_text(given) : std::nullopt;
    time = read.value_or(WallTime{});
    return read.has_value();
}

template <class Take>
bool Scan::list(const Take& take) {
    if (!skip('[')) {
        return false;
    }
    if (skip(']')) {
        return true;
    }
    for (std::size_t count = 0; count < most_listed; ++count) {
        if (!formed(take)) {
            return false;
        }
        if (skip(']')) {
            return true;
        }
        if (!skip(',')) {
            return false;
        }
    }
    return false;
}

bool Scan::container() {
    std::string_view given;
    if (!text(given)) {
        return false;
    }
    auto read = ContainerNumber::parse(given);
    if (!read) {
        return false;
    }
    container_ = *read;
    return true;
}

bool Scan::hs() {
    codes_.clear();
    return list([this](std::string_view code) {
        if (!hs_.empty()) {
            codes_ = codes_.empty() ? std::string{hs_} : codes_;
            codes_.append(" ").append(code);
        }
        hs_ = codes_.empty() ? code : std::string_view{codes_};
        return is_hs_code(code);
    });
}

std::optional<PlainOrder> Scan::order() {
    if (!skip('{')) {
        return std::nullopt;
    }
    auto known = members.begin();
    do {
        std::string_view name;
        if (!text(name)) {
            return std::nullopt;
        }
        while (known != members.end() && known->name != name) {
            ++known;
        }
        if (known == members.end() || !skip(':') || !(this->*known->read)()) {
            return std::nullopt;
        }
        has_authority_ = has_authority_ || known == members.begin();
        ++known;
    } while (skip(','));
    const bool whole = skip('}') && rest_.empty();
    const bool has_all = has_authority_ && has_decided_ && has_officer_ && has_valid_from_ && is_release_ &&
                         container_ && !id_.empty() && !status_.empty();
    if (!whole || !has_all) {
        return std::nullopt;
    }
    return PlainOrder{id_,     status_, *container_, enterprise_,
                      origin_, hs_,     order_time_, has_valid_to_ ? std::optional{valid_to_} : std::nullopt};
}

}  // namespace

std::optional<PlainOrder> PlainOrderReader::read(std::string_view text, std::string_view authority) {
    return Scan{text, authority, codes_}.order();
}

}  // namespace portcullis::codec
