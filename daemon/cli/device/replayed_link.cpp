#include "cli/device/replayed_link.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "drivers/transport/modbus_frame.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t before_unit = drivers::mbap_length - 1;
constexpr std::size_t crc_length = 2;

/// The driver's own checks read what was recorded.
drivers::AnswerRead read_recorded(const drivers::ModbusRequest& request, const RecordedExchange& exchange) {
    if (exchange.over_tcp) {
        return drivers::read_answer(request, 0, exchange.answer);
    }
    drivers::RtuAnswerSearch search{request};
    search.take(exchange.answer);
    const auto found = search.next();
    return found ? found->read : drivers::AnswerRead{drivers::FrameFault{"length"}};
}

}  // namespace

Bytes unit_and_pdu(const Bytes& frame, bool over_tcp) {
    const auto first = over_tcp ? before_unit : 0;
    const auto behind = over_tcp ? 0 : crc_length;
    if (frame.size() < first + behind + 2) {
        return {};
    }
    return {frame.begin() + static_cast<std::ptrdiff_t>(first), frame.end() - static_cast<std::ptrdiff_t>(behind)};
}

ReplayedExchanges::ReplayedExchanges(std::vector<RecordedExchange> exchanges) {
    for (auto& exchange : exchanges) {
        auto asked = unit_and_pdu(exchange.ask, exchange.over_tcp);
        auto question = std::find_if(questions_.begin(), questions_.end(),
                                     [&asked](const Question& one) { return one.unit_and_pdu == asked; });
        if (question == questions_.end()) {
            questions_.push_back({std::move(asked), {}, false});
            question = questions_.end() - 1;
        }
        question->answers.push_back(std::move(exchange));
        ++left_;
    }
}

std::optional<RecordedExchange> ReplayedExchanges::answer(const drivers::ModbusRequest& request) {
    auto asked = drivers::pdu_of(request);
    asked.insert(asked.begin(), request.unit);
    const auto question = std::find_if(questions_.begin(), questions_.end(),
                                       [&asked](const Question& one) { return one.unit_and_pdu == asked; });
    if (question == questions_.end()) {
        if (std::find(unknown_.begin(), unknown_.end(), asked) == unknown_.end()) {
            unknown_.push_back(asked);
        }
        lost_ = true;
        return std::nullopt;
    }
    auto answer = question->answers.front();
    if (question->answers.size() > 1) {
        question->answers.pop_front();
        --left_;
    } else if (!std::exchange(question->finished, true)) {
        --left_;
    }
    return answer;
}

Result<drivers::ModbusAnswer, drivers::ModbusFault> ReplayedLink::ask_until(const drivers::ModbusRequest& request,
                                                                            const Deadline& deadline) {
    using drivers::ModbusFault;
    const auto recorded = exchanges_.answer(request);
    if (!recorded || recorded->answer.empty()) {
        ++connection_;
        return Failure{ModbusFault{ModbusFault::Kind::no_answer, silent_for(deadline)}};
    }
    auto read = read_recorded(request, *recorded);
    if (const auto* fault = std::get_if<drivers::FrameFault>(&read)) {
        refuse(fault->kind, recorded->answer);
        ++connection_;
        return Failure{ModbusFault{ModbusFault::Kind::no_answer, "bad answer: " + std::string{fault->kind}}};
    }
    if (const auto* exception = std::get_if<drivers::ModbusException>(&read)) {
        return Failure{
            ModbusFault{ModbusFault::Kind::exception, "refused by the device: " + drivers::text_of(*exception)}};
    }
    return drivers::ModbusAnswer{
        .values = std::get<drivers::ModbusValues>(std::move(read)), .at = now(), .took = {}, .connection = connection_};
}

}  // namespace portcullis::cli
