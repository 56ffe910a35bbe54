#include "cli/sign/import/time_zone.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

namespace portcullis::sign {
namespace {

constexpr auto since_ever = std::numeric_limits<std::int64_t>::min();
constexpr const char* tz_database = "/usr/share/zoneinfo/";
constexpr std::size_t largest_zone_file = std::size_t{64} * 1024;

std::optional<std::int64_t> two_digits(std::string_view text) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) {
        return std::nullopt;
    }
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/// `+08:00` in seconds.
std::optional<std::int64_t> fixed_offset(std::string_view text) {
    if (text == "UTC" || text == "Z") {
        return 0;
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const auto hours = two_digits(text.substr(1, 2));
    const auto minutes = two_digits(text.substr(4, 2));
    if (!hours || !minutes || *hours > 14 || *minutes > 59) {
        return std::nullopt;
    }
    return (text[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

bool is_zone_name(std::string_view name) {
    return !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
                      c == '_' || c == '-' || c == '+';
           });
}

/// Reads big-endian integers one behind the other; what lies beyond the bytes is 0, and `good` then false.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
    std::int64_t integer(std::size_t size) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value = value << 8U | byte();
        }
        return size == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                         : static_cast<std::int64_t>(value);
    }
    std::uint8_t byte() {
        if (bytes_.empty()) {
            good_ = false;
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(bytes_.front());
        bytes_.remove_prefix(1);
        return value;
    }
    void skip(std::size_t size) {
        good_ = good_ && size <= bytes_.size();
        bytes_.remove_prefix(std::min(size, bytes_.size()));
    }
    [[nodiscard]] std::string_view rest() const { return bytes_; }
    [[nodiscard]] bool good() const { return good_; }

private:
    std::string_view bytes_;
    bool good_ = true;
};

/// The counts of a TZif header, in the order of the file.
struct Counts {
    std::size_t ut, standard, leaps, times, types, characters;

    /// Bytes of the data behind it, with times of that size.
    [[nodiscard]] std::size_t data_bytes(std::size_t time_bytes) const {
        return times * time_bytes + times + types * 6 + characters + leaps * (time_bytes + 4) + standard + ut;
    }
};

std::optional<Counts> read_counts(ByteReader& reader) {
    if (!reader.rest().starts_with("TZif")) {
        return std::nullopt;
    }
    reader.skip(20);
    const auto count = [&] {
        return static_cast<std::size_t>(std::clamp<std::int64_t>(reader.integer(4), 0, 100'000));
    };
    Counts counts{};
    counts.ut = count();
    counts.standard = count();
    counts.leaps = count();
    counts.times = count();
    counts.types = count();
    counts.characters = count();
    return counts;
}

}  // namespace

Result<TimeZone, std::string> TimeZone::open(const std::string& name) {
    if (const auto offset = fixed_offset(name)) {
        TimeZone zone;
        zone.spans_.push_back({since_ever, *offset});
        return zone;
    }
    if (!is_zone_name(name)) {
        return Failure{"`" + name + "` is neither an offset such as +08:00 nor a zone such as Asia/Shanghai"};
    }
    std::ifstream file{tz_database + name, std::ios::binary};
    std::string bytes(largest_zone_file, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.empty()) {
        return Failure{"there is no zone `" + name + "` in " + tz_database + " (package tzdata)"};
    }
    return read(bytes);
}

Result<TimeZone, std::string> TimeZone::read(std::string_view bytes) {
    ByteReader reader{bytes};
    const auto old = read_counts(reader);
    // Behind the first, short form stands the one with times of 64 bits.
    reader.skip(old ? old->data_bytes(4) : 0);
    const auto counts = old ? read_counts(reader) : std::nullopt;
    if (!counts || counts->types == 0) {
        return Failure{std::string{"is no time zone file of version 2 or later"}};
    }
    std::vector<std::int64_t> times;
    std::generate_n(std::back_inserter(times), counts->times, [&] { return reader.integer(8); });
    std::vector<std::size_t> kinds;
    std::generate_n(std::back_inserter(kinds), counts->times, [&] { return std::size_t{reader.byte()}; });
    std::vector<std::int64_t> offsets;
    for (std::size_t i = 0; i < counts->types; ++i) {
        offsets.push_back(reader.integer(4));
        reader.skip(2);
    }
    reader.skip(counts->characters + counts->leaps * 12 + counts->standard + counts->ut);
    TimeZone zone;
    zone.spans_.push_back({since_ever, offsets.front()});
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (kinds[i] >= offsets.size()) {
            return Failure{std::string{"the time zone file is damaged"}};
        }
        zone.spans_.push_back({times[i], offsets[kinds[i]]});
    }
    // The footer is a POSIX rule between line ends; a comma in it means summer time.
    zone.rules_go_on_ = reader.rest().find(',') != std::string_view::npos;
    if (!reader.good()) {
        return Failure{std::string{"the time zone file is damaged"}};
    }
    return zone;
}

Result<WallTime, std::string> TimeZone::to_utc(LocalSeconds local) const {
    if (rules_go_on_ && local.count() - spans_.back().offset >= spans_.back().from) {
        return Failure{std::string{"lies beyond what the system's time zone tables hold"}};
    }
    std::optional<std::int64_t> found;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        const auto utc = local.count() - spans_[i].offset;
        const bool before_next = i + 1 == spans_.size() || utc < spans_[i + 1].from;
        if (utc < spans_[i].from || !before_next || found == utc) {
            continue;
        }
        if (found) {
            return Failure{std::string{"was twice: clocks were put back then"}};
        }
        found = utc;
    }
    if (!found) {
        return Failure{std::string{"never was: clocks were put forward then"}};
    }
    return WallTime{std::chrono::seconds{*found}};
}

std::optional<LocalSeconds> TimeZone::to_local(WallTime time) const {
    const auto utc = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const auto next = std::ranges::upper_bound(spans_, utc, {}, &Span::from);
    if (rules_go_on_ && next == spans_.end()) {
        return std::nullopt;
    }
    return LocalSeconds{utc + (next - 1)->offset};
}

}  // namespace portcullis::sign
