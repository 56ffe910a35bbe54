#include "tests/fault/broker/half_open.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "tests/fault/link/gate_end.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;

constexpr auto write_every = 100ms;

GateEnd::Plan plan_of(const std::filesystem::path& folder, const testing::Mosquitto& broker, const std::string& name,
                      std::chrono::seconds keep_alive) {
    auto uplink = hasty_uplink(broker.port(), "portcullis/fault/" + name);
    uplink.keep_alive = keep_alive;
    return {folder / name, std::move(uplink)};
}

class Silence {
public:
    Silence(const runtime::Clock& clock, std::chrono::seconds keep_alive)
        : clock_(clock),
          patience_(5 * keep_alive + 20s),
          patient_(context_, clock, plan_of(folder_.path(), broker_, "patient", 1h)) {
        // How often Paho looks at all its links is a tenth of the keep alive that was asked for last.
        until("the patient session", [this] { return patient_.view().online; });
        idle_.emplace(context_, clock, plan_of(folder_.path(), broker_, "idle", keep_alive));
        busy_.emplace(context_, clock, plan_of(folder_.path(), broker_, "busy", keep_alive));
    }

    HalfOpen play() {
        until("the sessions", [this] { return all_online(); });
        broker_.freeze();
        const auto silent = clock_.now().instant;
        std::optional<Instant> idle;
        std::optional<Instant> busy;
        auto write_at = silent;
        until("the end of the silent links", [&] {
            const auto now = clock_.now().instant;
            if (now >= write_at && !busy) {
                busy_->write(1);
                write_at = now + write_every;
            }
            idle = idle || idle_->view().online ? idle : now;
            busy = busy || busy_->view().online ? busy : now;
            return idle && busy;
        });
        HalfOpen found;
        found.idle_found = std::chrono::duration_cast<std::chrono::milliseconds>(*idle - silent);
        found.busy_found = std::chrono::duration_cast<std::chrono::milliseconds>(*busy - silent);
        found.patient_stays = patient_.view().online;
        broker_.thaw();
        until("the links' return", [this] { return all_online(); });
        found.back = true;
        return found;
    }

private:
    [[nodiscard]] bool all_online() const {
        return idle_->view().online && busy_->view().online && patient_.view().online;
    }

    void until(const std::string& what, const std::function<bool()>& so) {
        const auto give_up = clock_.now().instant + patience_;
        while (!so()) {
            context_.restart();  // an idle uplink leaves it without any work for a while
            context_.run_for(5ms);
            if (clock_.now().instant > give_up) {
                throw std::runtime_error{"waited in vain for " + what};
            }
        }
    }

    const runtime::Clock& clock_;
    std::chrono::seconds patience_;
    testing::Mosquitto broker_;
    store::testing::TemporaryDirectory folder_;
    boost::asio::io_context context_;
    GateEnd patient_;
    std::optional<GateEnd> idle_;
    std::optional<GateEnd> busy_;
};

}  // namespace

HalfOpen half_open(const runtime::Clock& clock, std::chrono::seconds keep_alive) {
    return Silence{clock, keep_alive}.play();
}

}  // namespace portcullis::fault
