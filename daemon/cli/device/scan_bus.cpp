#include "cli/device/scan_bus.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>

#include "cli/device/interruptible.hpp"
#include "cli/device/listen.hpp"
#include "drivers/buses.hpp"
#include "drivers/transport/modbus_link.hpp"
#include "runtime/clock.hpp"

namespace portcullis::cli {

namespace {

constexpr int last_unit = 247;

std::optional<int> number(const std::string& text) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

/// One way in which the line may be set, and how it is called.
struct Way {
    std::string name;
    drivers::BusSettings bus;
};

std::optional<std::vector<Way>> ways_of(const ScanOptions& options, std::ostream& errors) {
    if (const auto endpoint = drivers::parse_endpoint(options.where)) {
        if (options.rtu_over_tcp) {
            return std::vector<Way>{{options.where + " (RTU frames)", drivers::ModbusRtuOverTcpSettings{*endpoint}}};
        }
        return std::vector<Way>{{options.where, drivers::ModbusTcpSettings{*endpoint}}};
    }
    std::vector<Way> ways;
    for (const auto baud : options.bauds) {
        for (const auto& characters : options.characters) {
            const auto text = std::to_string(baud) + " " + characters;
            const auto line = drivers::parse_line_settings(text);
            if (!line) {
                errors << "'" << text << "' is no setting of a line: write --baud 9600 --characters 8N1\n";
                return std::nullopt;
            }
            ways.push_back(
                {options.where + " " + text, drivers::ModbusRtuSettings{options.where, *line, std::nullopt, false}});
        }
    }
    return ways;
}

class Scan {
public:
    Scan(const ScanOptions& options, std::ostream& out, std::ostream& errors)
        : options_(options), out_(out), errors_(errors) {}

    /// False when the line cannot be opened.
    bool over(const Way& way, const std::vector<int>& units) {
        const auto link = drivers::make_link(way.bus, clock_);
        for (const auto unit : units) {
            if (until_.over()) {
                return true;
            }
            const drivers::ModbusRequest request{.unit = static_cast<std::uint8_t>(unit),
                                                 .function = static_cast<drivers::ModbusFunction>(options_.function),
                                                 .address = static_cast<std::uint16_t>(options_.address),
                                                 .operand = 1};
            if (const auto fault = link->make_ready()) {
                errors_ << way.name << ": " << fault->cause << '\n';
                return false;
            }
            tell(way, unit, link->ask(request, options_.timeout));
        }
        return true;
    }

    [[nodiscard]] int found() const { return found_; }
    [[nodiscard]] bool interrupted() { return until_.over(); }

private:
    void tell(const Way& way, int unit, const Result<drivers::ModbusAnswer, drivers::ModbusFault>& answer) {
        if (answer) {
            ++found_;
            out_ << way.name << ": unit " << unit << " answers within " << answer->took.count() << " ms\n";
        } else if (answer.error().kind == drivers::ModbusFault::Kind::exception) {
            ++found_;  // whoever refuses is there
            out_ << way.name << ": unit " << unit << " is there, " << answer.error().cause << '\n';
        } else if (answer.error().cause.starts_with("bad answer")) {
            out_ << way.name << ": unit " << unit << ": " << answer.error().cause
                 << "; is another line setting right?\n";
        }
        out_.flush();
    }

    const ScanOptions& options_;
    std::ostream& out_;
    std::ostream& errors_;
    runtime::SystemClock clock_;
    Interruptible until_;
    int found_ = 0;
};

}  // namespace

std::vector<int> units_of(const std::string& text) {
    std::set<int> units;
    std::istringstream parts{text};
    for (std::string part; std::getline(parts, part, ',');) {
        const auto dash = part.find('-');
        const auto first = number(part.substr(0, dash));
        const auto last = dash == std::string::npos ? first : number(part.substr(dash + 1));
        if (!first || !last || *first < 1 || *last > last_unit || *first > *last) {
            return {};
        }
        for (int unit = *first; unit <= *last; ++unit) {
            units.insert(unit);
        }
    }
    return {units.begin(), units.end()};
}

int scan_bus(const ScanOptions& options, std::ostream& out, std::ostream& errors) {
    const auto units = units_of(options.units);
    if (units.empty()) {
        errors << "'" << options.units << "' are no units: write 1-32 or 1,5,17; they go from 1 to 247\n";
        return 1;
    }
    const auto ways = ways_of(options, errors);
    if (!ways) {
        return 1;
    }
    if (const auto owned = owned_by_daemon(options.control_socket, options.where, errors)) {
        errors << *owned << ": two masters on one bus spoil each other's frames. Take the bus out of the settings "
               << "first, or look at it with `device watch`\n";
        return 1;
    }
    Scan scan{options, out, errors};
    for (const auto& way : *ways) {
        if (!scan.over(way, units)) {
            return 1;
        }
        if (scan.interrupted()) {
            break;
        }
    }
    if (scan.found() == 0) {
        errors << "no unit answered a read with function " << options.function << " at address " << options.address
               << ": try other units, line settings or --function\n";
    }
    return scan.found() > 0 ? 0 : 1;
}

}  // namespace portcullis::cli
