#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <string>
#include <thread>

#include "simulators/devices/register_bank.hpp"
#include "simulators/devices/rtu_server.hpp"
#include "simulators/rig/child_process.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using namespace portcullis::simulators;
using namespace std::chrono_literals;
using portcullis::testing::contains_text;

namespace {

/// Our simulated units, served on a thread of their own while mbpoll asks them.
class Served {
public:
    Served() {
        for (std::size_t i = 0; i < bank_.holding.size(); ++i) {
            bank_.holding[i] = static_cast<std::uint16_t>(1000 + i);
            bank_.input[i] = static_cast<std::uint16_t>(2000 + i);
            bank_.coils[i] = i % 3 == 0;
            bank_.discrete_inputs[i] = i % 2 == 0;
        }
        const auto handler = [this](std::span<const std::uint8_t> pdu) { return bank_.answer(pdu); };
        tcp_.add_unit(3, handler);
        rtu_.add_unit(3, handler);
        rtu_.serve_line({});
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~Served() {
        context_.stop();
        thread_.join();
        std::filesystem::remove(output_);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    /// What mbpoll says, over TCP or on the line.
    std::string mbpoll(bool over_tcp, const std::vector<std::string>& words) {
        std::vector<std::string> all{"mbpoll", "-1", "-0", "-a", "3", "-o", "2"};
        if (over_tcp) {
            all.insert(all.end(), {"-m", "tcp", "-p", std::to_string(tcp_.port()), "127.0.0.1"});
        } else {
            all.insert(all.end(), {"-m", "rtu", "-b", "19200", "-P", "none", rtu_.path()});
        }
        const auto at = all.end() - 1;
        const auto target = *at;
        all.erase(at);
        std::vector<std::string> values;
        for (const auto& word : words) {
            (word.starts_with("=") ? values : all).push_back(word.starts_with("=") ? word.substr(1) : word);
        }
        all.push_back(target);
        all.insert(all.end(), values.begin(), values.end());
        rig::ChildProcess child{all, output_};
        const auto code = child.wait(60s);
        std::ifstream file{output_};
        std::ostringstream said;
        said << file.rdbuf();
        INFO(said.str());
        CHECK(code == 0);
        return said.str();
    }

    [[nodiscard]] RegisterBank bank() {
        std::promise<RegisterBank> copy;
        boost::asio::post(context_, [this, &copy] { copy.set_value(bank_); });
        return copy.get_future().get();
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    RegisterBank bank_;
    ModbusServer tcp_{context_, 0, 3, [this](std::span<const std::uint8_t> pdu) { return bank_.answer(pdu); }};
    ModbusRtuServer rtu_{context_};
    std::filesystem::path output_ =
        std::filesystem::temp_directory_path() / ("portcullis-mbpoll-" + std::to_string(::getpid()));
    std::thread thread_;
};

}  // namespace

TEST_CASE("mbpoll reads and writes our simulated units") {
    const bool over_tcp = GENERATE(true, false);
    CAPTURE(over_tcp);
    Served served;
    CHECK_THAT(served.mbpoll(over_tcp, {"-t", "4", "-r", "10", "-c", "3"}),
               contains_text("[10]: \t1010") && contains_text("[11]: \t1011") && contains_text("[12]: \t1012"));
    CHECK_THAT(served.mbpoll(over_tcp, {"-t", "3", "-r", "20", "-c", "1"}), contains_text("[20]: \t2020"));
    CHECK_THAT(served.mbpoll(over_tcp, {"-t", "0", "-r", "3", "-c", "2"}),
               contains_text("[3]: \t1") && contains_text("[4]: \t0"));
    CHECK_THAT(served.mbpoll(over_tcp, {"-t", "1", "-r", "6", "-c", "2"}),
               contains_text("[6]: \t1") && contains_text("[7]: \t0"));
    (void)served.mbpoll(over_tcp, {"-t", "4", "-r", "50", "=4711", "=815"});
    (void)served.mbpoll(over_tcp, {"-t", "4", "-r", "60", "=7"});
    (void)served.mbpoll(over_tcp, {"-t", "0", "-r", "70", "=1", "=1", "=0"});
    const auto bank = served.bank();
    CHECK(bank.holding[50] == 4711);
    CHECK(bank.holding[51] == 815);
    CHECK(bank.holding[60] == 7);
    CHECK(bank.coils[70]);
    CHECK(bank.coils[71]);
    CHECK_FALSE(bank.coils[72]);
}
