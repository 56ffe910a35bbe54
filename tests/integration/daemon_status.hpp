#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace portcullis::testing {

/// What a running daemon answers on its control socket.
class DaemonStatus {
public:
    /// Nothing when no daemon answers.
    [[nodiscard]] static std::optional<DaemonStatus> ask(const std::filesystem::path& control_socket);

    /// Every lane works and no device is in trouble.
    [[nodiscard]] bool in_service() const;
    /// States of the lane's open passages, the head first.
    [[nodiscard]] std::vector<std::string> states(const std::string& lane) const;
    /// The head's verdict as issued, or `none`.
    [[nodiscard]] std::string verdict(const std::string& lane) const;
    [[nodiscard]] std::string arm(const std::string& lane) const;
    [[nodiscard]] std::int64_t polls(const std::string& device) const;
    [[nodiscard]] std::int64_t bad_frames(const std::string& device) const;
    /// The newest event.
    [[nodiscard]] std::int64_t last() const;
    [[nodiscard]] std::int64_t order_cursor() const;
    [[nodiscard]] bool online() const;
    /// To which sampling keys are sealed.
    [[nodiscard]] std::string box_key() const;
    [[nodiscard]] std::string text() const;

private:
    explicit DaemonStatus(boost::json::object body) : body_(std::move(body)) {}
    [[nodiscard]] const boost::json::object& named(const char* list, const char* key, const std::string& name) const;

    boost::json::object body_;
};

}  // namespace portcullis::testing
