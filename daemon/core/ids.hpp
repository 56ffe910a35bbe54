#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/tagged.hpp"

namespace portcullis {

using LaneName = Tagged<struct LaneNameTag>;
using DeviceName = Tagged<struct DeviceNameTag>;
using BusName = Tagged<struct BusNameTag>;
/// A point of a device, as its profile calls it: `di0`, `do1`. Empty for a device that is one reader.
using PointName = Tagged<struct PointNameTag>;
/// `ciq`, `customs`, `terminal`, …
using Authority = Tagged<struct AuthorityTag>;
/// Unique within one authority.
using OrderId = Tagged<struct OrderIdTag>;
using ControlPoint = Tagged<struct ControlPointTag>;
using PortalName = Tagged<struct PortalNameTag>;

/// 128 random bits, written as 32 lower-case hex digits (contracts.md 3).
template <class Tag>
class Id128 {
public:
    Id128() = default;
    explicit constexpr Id128(std::array<std::uint8_t, 16> bytes) : bytes_(bytes) {}

    /// From 32 lower-case hex digits, or nothing.
    [[nodiscard]] static std::optional<Id128> parse(std::string_view text) {
        if (text.size() != 32) {
            return std::nullopt;
        }
        std::array<std::uint8_t, 16> bytes{};
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto digit = std::string_view{"0123456789abcdef"}.find(text[i]);
            if (digit == std::string_view::npos) {
                return std::nullopt;
            }
            bytes[i / 2] = static_cast<std::uint8_t>(std::size_t{bytes[i / 2]} << 4U | digit);
        }
        return Id128{bytes};
    }

    [[nodiscard]] std::string text() const {
        std::string out;
        out.reserve(32);
        for (const auto byte : bytes_) {
            out.push_back("0123456789abcdef"[byte >> 4U]);
            out.push_back("0123456789abcdef"[byte & 15U]);
        }
        return out;
    }
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

    friend auto operator<=>(const Id128&, const Id128&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

using PassageId = Id128<struct PassageIdTag>;
using PermissionId = Id128<struct PermissionIdTag>;
using StreamId = Id128<struct StreamIdTag>;
using BootId = Id128<struct BootIdTag>;
/// One vehicle through one portal.
using TransitId = Id128<struct TransitIdTag>;

/// Where new ids come from: the system's random source in a gate, the seed in simulation.
using IdSource = std::function<std::array<std::uint8_t, 16>()>;

}  // namespace portcullis

template <class Tag>
struct std::hash<portcullis::Id128<Tag>> {
    std::size_t operator()(const portcullis::Id128<Tag>& id) const noexcept {
        return std::hash<std::string_view>{}(
            std::string_view{reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
    }
};
