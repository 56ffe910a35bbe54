#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "cli/device/recording.hpp"
#include "drivers/transport/modbus_link.hpp"

namespace portcullis::cli {

/// The device of a recording of exchanges. Asked by a bus's worker; everybody else only counts.
class ReplayedExchanges {
public:
    explicit ReplayedExchanges(std::vector<RecordedExchange> exchanges);

    /// The answer to a question: in the order of the recording for each question, the last one again. Nothing when
    /// the recording has no such question.
    [[nodiscard]] std::optional<RecordedExchange> answer(const drivers::ModbusRequest& request);

    /// Every answer was given.
    [[nodiscard]] bool over() const { return left_ == 0; }
    /// A question came that the recording does not know.
    [[nodiscard]] bool lost() const { return lost_; }
    /// Such questions, each once, as unit, function and data. When the worker has ended.
    [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& unknown() const { return unknown_; }

private:
    struct Question {
        std::vector<std::uint8_t> unit_and_pdu;
        std::deque<RecordedExchange> answers;
        bool finished = false;
    };

    std::vector<Question> questions_;
    std::vector<std::vector<std::uint8_t>> unknown_;
    std::atomic<std::size_t> left_{0};
    std::atomic<bool> lost_{false};
};

/// A Modbus line whose device is a recording. `exchanges` outlives it.
class ReplayedLink final : public drivers::ModbusLink {
public:
    ReplayedLink(ReplayedExchanges& exchanges, const runtime::Clock& clock)
        : ModbusLink(clock), exchanges_(exchanges) {}

    void close() override {}

protected:
    [[nodiscard]] std::optional<drivers::ModbusFault> ready_within(std::chrono::milliseconds /*limit*/) override {
        return std::nullopt;
    }
    [[nodiscard]] Result<drivers::ModbusAnswer, drivers::ModbusFault> ask_until(const drivers::ModbusRequest& request,
                                                                                const Deadline& deadline) override;

private:
    ReplayedExchanges& exchanges_;
    std::uint64_t connection_ = 1;
};

/// Unit, function and data of a frame: what is left of it without the transport's own bytes. Empty when it is none.
[[nodiscard]] std::vector<std::uint8_t> unit_and_pdu(const std::vector<std::uint8_t>& frame, bool over_tcp);

}  // namespace portcullis::cli
