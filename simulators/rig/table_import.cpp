#include "simulators/rig/table_import.hpp"

#include <iconv.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "console/control_socket.hpp"
#include "core/time_text.hpp"
#include "simulators/rig/gate_settings.hpp"

namespace portcullis::rig {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 50ms;
constexpr auto shanghai = 8h;

constexpr const char* mapping = R"(mapping: releases-by-hand
about: A clerk's list of releases
layout: documented
makes: release
authority: ciq
input: { format: csv, encoding: gbk, time_zone: Asia/Shanghai, times: ["%Y-%m-%d %H:%M"] }
fields:
  order: 放行单号
  status: { column: 状态, codes: { 放行: released, 扣留: held } }
  movement: { constant: import_laden }
  container: 箱号
  plates: 车牌
  valid_from: 起
  valid_to: 止
  officer: { constant: A113 }
  decided: 起
)";

std::string in_gbk(std::string text) {
    const auto converter = ::iconv_open("GBK", "UTF-8");
    std::string out(text.size() * 2, '\0');
    auto* from = text.data();
    auto from_left = text.size();
    auto* to = out.data();
    auto to_left = out.size();
    const auto failed = ::iconv(converter, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1);
    ::iconv_close(converter);
    if (failed) {
        throw std::runtime_error{"cannot be written in GBK: " + text};
    }
    out.resize(out.size() - to_left);
    return out;
}

/// `2026-11-23 09:02`
std::string local_text(WallTime time) {
    return time_text(time + shanghai).replace(10, 1, " ").substr(0, 16);
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::filesystem::path batch_in(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator files{folder};
    return files == std::filesystem::directory_iterator{} ? std::filesystem::path{} : files->path();
}

}  // namespace

void TableImport::write_files(const std::vector<TableRow>& rows, const std::string& key_seed, WallTime now) const {
    std::filesystem::remove_all(places_.folder);
    std::filesystem::create_directories(places_.folder / "batches");
    std::ofstream{places_.folder / "mapping.yaml"} << mapping;
    std::string table = "放行单号,箱号,状态,车牌,起,止\r\n";
    for (const auto& row : rows) {
        table += "F-" + row.container + "," + row.container + "," + (row.released ? "放行" : "扣留") + "," + row.plate +
                 "," + local_text(now - 1h) + "," + local_text(now + 24h) + "\r\n";
    }
    std::ofstream{places_.folder / "releases.csv", std::ios::binary} << in_gbk(table);
    const auto key = places_.folder / "ciq.key";
    std::ofstream{key} << key_seed << "\n";
    std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void TableImport::begin(const std::vector<TableRow>& rows, const ChainPlace& place, const std::string& key_seed,
                        WallTime now, Done done) {
    done_ = std::move(done);
    write_files(rows, key_seed, now);
    const auto in_folder = [this](const char* name) { return (places_.folder / name).string(); };
    std::vector<std::string> command{(places_.programs / "portcullis-sign").string(),
                                     "orders",
                                     "import",
                                     "--mapping",
                                     in_folder("mapping.yaml"),
                                     "--key",
                                     in_folder("ciq.key"),
                                     "--terminal",
                                     terminal_name,
                                     "--gates",
                                     "*",
                                     "--number",
                                     std::to_string(place.number),
                                     "--issued",
                                     time_text(now),
                                     "--expires",
                                     time_text(now + 24h),
                                     "--out",
                                     in_folder("batches")};
    if (place.number > 1) {
        command.insert(command.end(), {"--previous", place.previous});
    }
    command.push_back(in_folder("releases.csv"));
    signing_.emplace(std::move(command), places_.folder / "signing.log");
    soon([this] { wait_for_signing(); });
}

void TableImport::soon(std::function<void()> step) {
    pause_.expires_after(look_every);
    pause_.async_wait([step = std::move(step)](const boost::system::error_code& error) {
        if (!error) {
            step();
        }
    });
}

void TableImport::wait_for_signing() {
    const auto code = signing_->ended();
    if (!code) {
        return soon([this] { wait_for_signing(); });
    }
    const auto batch = batch_in(places_.folder / "batches");
    if (*code != 0 || batch.empty()) {
        fail("portcullis-sign ended with " + std::to_string(*code) + ": " + text_of(places_.folder / "signing.log"));
    }
    envelope_ = text_of(batch);
    namespace json = boost::json;
    const auto answer = console::ask_control_socket(
        places_.control_socket,
        json::serialize(json::object{{"ask", "orders_import"}, {"file", std::filesystem::absolute(batch).string()}}));
    if (answer.find("running") == std::string::npos) {
        fail("the gate says " + answer);
    }
    soon([this] { wait_for_gate(); });
}

void TableImport::wait_for_gate() {
    const auto answer = console::ask_control_socket(places_.control_socket, R"({"ask":"orders_import_state"})");
    if (answer.find(R"("running")") != std::string::npos) {
        return soon([this] { wait_for_gate(); });
    }
    if (answer.find("problem") != std::string::npos) {
        fail("the gate says " + answer);
    }
    done_(envelope_);
}

void TableImport::fail(const std::string& why) const {
    throw std::runtime_error{"a table could not be imported: " + why};
}

}  // namespace portcullis::rig
