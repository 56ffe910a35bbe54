#pragma once

#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulators/rig/child_process.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::testing {

/// docs/central/consumer.py as a process, with a store of its own.
class ReferenceConsumer {
public:
    /// `options`: more of the command line.
    ReferenceConsumer(int broker_port, std::string prefix, std::vector<std::string> options = {})
        : broker_port_(broker_port), prefix_(std::move(prefix)), options_(std::move(options)) {
        start();
    }

    void start() {
        std::vector<std::string> command{"docs/central/consumer.py",
                                         "--broker",
                                         "127.0.0.1:" + std::to_string(broker_port_),
                                         "--prefix",
                                         prefix_,
                                         "--store",
                                         store().string()};
        command.insert(command.end(), options_.begin(), options_.end());
        program_ = std::make_unique<rig::ChildProcess>(command, folder_.path() / "consumer.out");
    }
    void kill() {
        program_->signal(SIGKILL);
        static_cast<void>(program_->wait(std::chrono::seconds{10}));
    }
    int stop() {
        program_->signal(SIGTERM);
        return program_->wait(std::chrono::seconds{60}).value_or(-1);
    }
    /// What it has committed, in the order of its sequences.
    [[nodiscard]] std::vector<std::string> events() const {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(store().c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
        const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> connection{opened, sqlite3_close};
        sqlite3_stmt* prepared = nullptr;
        if (code == SQLITE_OK) {
            sqlite3_busy_timeout(opened, 10'000);
            sqlite3_prepare_v2(opened, "SELECT bytes FROM event ORDER BY sequence", -1, &prepared, nullptr);
        }
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> rows{prepared, sqlite3_finalize};
        std::vector<std::string> found;
        while (prepared != nullptr && sqlite3_step(prepared) == SQLITE_ROW) {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, 0));
            found.emplace_back(bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared, 0)));
        }
        return found;
    }

private:
    [[nodiscard]] std::filesystem::path store() const { return folder_.path() / "events.db"; }

    int broker_port_;
    std::string prefix_;
    std::vector<std::string> options_;
    store::testing::TemporaryDirectory folder_;
    std::unique_ptr<rig::ChildProcess> program_;
};

}  // namespace portcullis::testing
