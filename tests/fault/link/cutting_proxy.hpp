#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/enum_text.hpp"

namespace portcullis::fault {

/// Up: from the client to the broker.
enum class Way : std::uint8_t { up, down };
/// What becomes of a connection at the cut. `close`: FIN to both. `reset`: RST to both. `half_close`: FIN to the end
/// that would have had the next byte, while the other way goes on. `stall`: nothing passes any more, and nobody is
/// told. `slow`: the next bytes pass one by one.
enum class Cut : std::uint8_t { close, reset, half_close, stall, slow };
}  // namespace portcullis::fault
template <>
inline constexpr auto portcullis::enum_texts<portcullis::fault::Cut> =
    std::to_array<portcullis::EnumText<portcullis::fault::Cut>>({
        {portcullis::fault::Cut::close, "close"},
        {portcullis::fault::Cut::reset, "reset"},
        {portcullis::fault::Cut::half_close, "half_close"},
        {portcullis::fault::Cut::stall, "stall"},
        {portcullis::fault::Cut::slow, "slow"},
    });
template <>
inline constexpr auto portcullis::enum_texts<portcullis::fault::Way> =
    std::to_array<portcullis::EnumText<portcullis::fault::Way>>({
        {portcullis::fault::Way::up, "up"},
        {portcullis::fault::Way::down, "down"},
    });
namespace portcullis::fault {

struct CutPlan {
    Way way = Way::up;
    std::size_t after = 0;  ///< bytes of that way pass first
    Cut cut = Cut::close;
};

/// A TCP proxy on the loopback between a client and a broker, on the caller's context. A plan holds for the next
/// connection; those after it pass untouched.
class CuttingProxy {
public:
    CuttingProxy(boost::asio::io_context& context, std::uint16_t broker_port);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;
    CuttingProxy(CuttingProxy&&) = delete;
    CuttingProxy& operator=(CuttingProxy&&) = delete;

    void plan(CutPlan plan) { plan_ = plan; }
    /// The plan was carried out, or its connection ended before it could be.
    [[nodiscard]] bool plan_is_over() const;
    /// Ends what is there with RST.
    void cut_all();
    /// Connections that come are ended at once, as long as it is so.
    void refuse(bool refuse) { refuse_ = refuse; }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Bytes that the newest connection has carried.
    [[nodiscard]] std::size_t carried(Way way) const;
    [[nodiscard]] std::size_t connections() const { return connections_; }
    /// Times that a plan was carried out.
    [[nodiscard]] std::size_t cuts() const { return *cuts_; }

private:
    class Pair;
    void accept();

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t broker_port_;
    std::uint16_t port_;
    std::optional<CutPlan> plan_;
    bool refuse_ = false;
    std::size_t connections_ = 0;
    std::shared_ptr<std::size_t> cuts_ = std::make_shared<std::size_t>(0);
    std::vector<std::weak_ptr<Pair>> pairs_;
};

}  // namespace portcullis::fault
