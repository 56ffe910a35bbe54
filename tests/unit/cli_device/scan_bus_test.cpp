#include "cli/device/scan_bus.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sstream>
#include <thread>

#include "cli/device/listen.hpp"
#include "simulators/devices/register_bank.hpp"
#include "simulators/devices/rtu_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/modbus_stub.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::cli {

using portcullis::store::testing::TemporaryDirectory;
using portcullis::testing::Bytes;
using portcullis::testing::contains_text;
using portcullis::testing::ModbusStub;

namespace {

/// Units of an RTU line on a thread of their own, because a scan blocks.
class Line {
public:
    Line() : server_(context_) {
        server_.serve_line({});
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~Line() {
        busy_.reset();
        context_.stop();
        thread_.join();
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    simulators::ModbusRtuServer& server() { return server_; }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    simulators::ModbusRtuServer server_;
    std::thread thread_;
};

ScanOptions options_for(const std::string& where, const TemporaryDirectory& folder) {
    ScanOptions options;
    options.control_socket = folder.path() / "nobody";
    options.where = where;
    return options;
}

}  // namespace

TEST_CASE("Units are written as ranges and lists, and nothing else is one") {
    CHECK(units_of("1-3,7") == std::vector<int>{1, 2, 3, 7});
    CHECK(units_of("247") == std::vector<int>{247});
    for (const auto* wrong : {"", "0", "248", "3-1", "1-", "x", "1,,2", "1-300"}) {
        INFO(wrong);
        CHECK(units_of(wrong).empty());
    }
}

TEST_CASE("A scan of an endpoint finds its units by reads only") {
    const TemporaryDirectory folder;
    ModbusStub stub;
    stub.script([](const Bytes& request, const Bytes& honest) -> ModbusStub::Reply {
        if (request.at(6) == 5) {
            return {ModbusStub::Act::send, honest};
        }
        if (request.at(6) == 7) {
            return {ModbusStub::Act::send, {request[0], request[1], 0, 0, 0, 3, 7, 0x83, 2}};
        }
        return {ModbusStub::Act::silence, {}};
    });
    auto options = options_for("127.0.0.1:" + std::to_string(stub.port()), folder);
    options.units = "4-7";
    options.timeout = std::chrono::milliseconds{60};
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(scan_bus(options, out, errors) == 0);
    CHECK_THAT(out.str(), contains_text("unit 5 answers within"));
    CHECK_THAT(out.str(), contains_text("unit 7 is there, refused by the device: 02 illegal data address"));
    CHECK(out.str().find("unit 4") == std::string::npos);
    CHECK_THAT(errors.str(), contains_text("no daemon could be asked"));
    for (const auto& request : stub.requests()) {
        CHECK(request.at(7) == 3);
    }
}

TEST_CASE("A scan of a serial line finds the units there, and says when nobody answers") {
    const TemporaryDirectory folder;
    Line line;
    const auto bank = std::make_shared<simulators::RegisterBank>();
    line.server().add_unit(3, [bank](std::span<const std::uint8_t> request) { return bank->answer(request); });
    auto options = options_for(line.server().path(), folder);
    options.units = "1-4";
    options.bauds = {19200};
    options.characters = {"8N1"};
    options.timeout = std::chrono::milliseconds{80};
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(scan_bus(options, out, errors) == 0);
    CHECK_THAT(out.str(), contains_text("19200 8N1: unit 3 answers within"));
    options.units = "1-2";
    CHECK(scan_bus(options, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("no unit answered"));
}

TEST_CASE("A scan that cannot be done says why") {
    const TemporaryDirectory folder;
    std::ostringstream out;
    std::ostringstream errors;
    auto options = options_for("/dev/no-such-port", folder);
    CHECK(scan_bus(options, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("/dev/no-such-port"));
    options.characters = {"9N1"};
    CHECK(scan_bus(options, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("no setting of a line"));
    options.units = "0-3";
    CHECK(scan_bus(options, out, errors) == 1);
    CHECK_THAT(errors.str(), contains_text("are no units"));
}

}  // namespace portcullis::cli
