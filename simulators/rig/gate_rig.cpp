#include "simulators/rig/gate_rig.hpp"

#include <signal.h>

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "console/control_socket.hpp"
#include "simulators/rig/gate_settings.hpp"

namespace portcullis::rig {

namespace {

using namespace std::chrono_literals;

constexpr auto look_at_daemon = 100ms;
constexpr auto kill_patience = 5s;

/// A seed of central's signing key; every simulated terminal may have the same.
constexpr auto signing_seed = "7b5d6c2e91f04a83b6d27e50c91a8f343e61d0b7f2c95a4886e1d3070f9b52ac";

central::SigningKey signing_key() {
    return central::SigningKey::from_hex(signing_seed);
}

std::filesystem::path made(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    return folder;
}

/// The last lines of a log, for a message that says why.
std::string tail(const std::filesystem::path& file) {
    constexpr std::size_t most = 2000;
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    return text.size() > most ? text.substr(text.size() - most) : text;
}

}  // namespace

std::string orders_key() {
    return signing_key().public_key();
}

GateRig::GateRig(boost::asio::io_context& context, GatePlan plan, const runtime::Clock& clock)
    : context_(context),
      plan_(std::move(plan)),
      clock_(clock),
      broker_(made(plan_.folder)),
      notify_(context, plan_.folder / "notify", [this](std::string_view message) { heard(message); }),
      watch_(context) {
    for (const auto& lane : plan_.lanes) {
        lanes_.push_back(std::make_unique<LaneRig>(context_, lane.name, lane.kind, plan_.pace));
        lanes_.back()->plate_reader().keep_link(plan_.folder / ("plates-" + lane.name));
        if (auto* sign = lanes_.back()->sign()) {
            sign->port().keep_link(plan_.folder / ("sign-" + lane.name));
        }
        if (auto* tags = lanes_.back()->tag_station()) {
            tags->line().keep_link(plan_.folder / ("tags-" + lane.name));
        }
        if (auto* seals = lanes_.back()->seal_reader()) {
            seals->keep_link(plan_.folder / ("seals-" + lane.name));
        }
    }
    if (!plan_.zones.empty()) {
        yard_ = std::make_unique<simulators::RegisterReader>(context_, std::uint16_t{0}, std::uint8_t{1});
    }
    central_ = std::make_unique<central::Central>(central::CentralSettings{.broker = broker_.uri(),
                                                                           .prefix = prefix(),
                                                                           .terminal = terminal_name,
                                                                           .key = signing_key(),
                                                                           .schemas = plan_.sources / "docs/events",
                                                                           .state = {},
                                                                           .client_id = "central-" + plan_.name},
                                                  clock_);
    central_->observe([this, alive = alive_](const std::string& bytes) {
        boost::asio::post(context_, [this, alive, bytes] {
            if (*alive && handlers_.event) {
                handlers_.event(bytes);
            }
        });
    });
    central_->start();
    if (plan_.signs_all) {
        plan_.root = port_root(signing_key(), clock_.now().wall);
    }
    write_settings();
}

GateRig::~GateRig() {
    *alive_ = false;
}

std::string GateRig::prefix() const {
    return std::string{"portcullis/"} + terminal_name + "/" + plan_.name;
}

void GateRig::write_settings() {
    std::filesystem::create_directories(state());
    std::filesystem::create_directory_symlink(std::filesystem::absolute(plan_.sources / "config/profiles"),
                                              plan_.folder / "profiles");
    std::filesystem::copy_file(plan_.sources / "config/signs.yaml", plan_.folder / "signs.yaml",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::create_directories(plan_.folder / "credentials");
    std::ofstream{plan_.folder / "credentials" / "camera"} << simulators::HttpCameraServer::user << "\n"
                                                           << simulators::HttpCameraServer::password << "\n";
    if (plan_.root.empty()) {
        std::ofstream{plan_.folder / "policy.yaml"} << policy_text();
    } else {
        std::ofstream{plan_.folder / "root.json"} << plan_.root << "\n";
    }
    std::ofstream settings_file{settings()};
    settings_file << settings_text(
        {plan_.name, state(), broker_.uri(), plan_.root.empty() ? central_->orders_key() : "", plan_.journal,
         plan_.zones, yard_ ? yard_->port() : std::uint16_t{0}},
        lanes_);
    if (!settings_file.flush()) {
        throw std::runtime_error{"cannot write " + settings().string()};
    }
}

void GateRig::start_daemon() {
    auto environment = plan_.environment;
    environment.insert_or_assign("NOTIFY_SOCKET", (plan_.folder / "notify").string());
    daemon_.emplace(std::vector<std::string>{plan_.daemon.string(), "--settings", settings().string()}, log(),
                    environment);
    must_run_ = true;
    watch_daemon();
}

void GateRig::watch_daemon() {
    watch_.expires_after(look_at_daemon);
    watch_.async_wait([this](const boost::system::error_code& error) {
        if (error || !daemon_ || !must_run_) {  // a look that was due when it was cancelled comes all the same
            return;
        }
        if (const auto code = daemon_->ended()) {
            daemon_.reset();
            if (handlers_.daemon_ended) {
                handlers_.daemon_ended("portcullisd ended with " + std::to_string(*code) + ": " + tail(log()));
            }
            return;
        }
        watch_daemon();
    });
}

void GateRig::kill_daemon() {
    must_run_ = false;
    watch_.cancel();
    if (daemon_) {
        daemon_->signal(SIGKILL);
        static_cast<void>(daemon_->wait(kill_patience));
        daemon_.reset();
    }
}

void GateRig::stop_daemon() {
    must_run_ = false;
    watch_.cancel();
    if (daemon_) {
        daemon_->signal(SIGTERM);
    }
}

std::optional<int> GateRig::daemon_exit() {
    return daemon_ ? daemon_->ended() : std::nullopt;
}

std::int64_t GateRig::publish_orders(const std::string& authority, const std::vector<std::string>& objects) {
    return central_->publish_orders(authority, objects);
}

void GateRig::import_table(const std::vector<TableRow>& rows) {
    const auto [number, previous] = central_->next_place("ciq");
    table_ = std::make_unique<TableImport>(
        context_, TableImport::Places{plan_.folder / "table", plan_.daemon.parent_path(), state() / "control"});
    table_->begin(rows, {number, previous}, signing_seed, clock_.now().wall,
                  [this](const std::string& envelope) { central_->take_over_orders(envelope); });
}

bool GateRig::conclude(const Concluded& concluded) {
    return central_->publish_document("zone_result", port_zone_result(signing_key(), concluded, clock_.now().wall));
}

bool GateRig::push_ruleset(const PortRuleset& ruleset, bool forged) {
    const auto key = forged ? central::SigningKey::from_hex(std::string(64, 'f')) : signing_key();
    return central_->publish_document("ruleset", port_ruleset(key, ruleset, clock_.now().wall));
}

bool GateRig::push_passes(const std::string& plate) {
    return central_->publish_document("passes", port_passes(signing_key(), plate, clock_.now().wall));
}

bool GateRig::push_vehicles(const std::string& plate, std::int64_t tare_kg) {
    return central_->publish_document("vehicles", port_vehicles(signing_key(), plate, tare_kg, clock_.now().wall));
}

void GateRig::ask(const std::string& question) {
    const auto answer = console::ask_control_socket(state() / "control", question);
    if (answer.find("\"done\"") == std::string::npos) {
        throw std::runtime_error{"the daemon does not take its documents: " + answer};
    }
}

void GateRig::provision() {
    if (!plan_.signs_all || std::exchange(provisioned_, true)) {
        return;  // what it has taken it keeps over restarts
    }
    namespace json = boost::json;
    ask(R"({"ask":"trust_init"})");
    ask(json::serialize(json::object{{"ask", "trust_import"},
                                     {"documents", port_ruleset(signing_key(), {}, clock_.now().wall)},
                                     {"kind", "ruleset"}}));
}

void GateRig::heard(std::string_view message) {
    watchdog_fed_ += message.find("WATCHDOG=1") != std::string_view::npos ? 1 : 0;
    if (message.find("READY=1") != std::string_view::npos && handlers_.ready) {
        provision();
        handlers_.ready();
    }
}

}  // namespace portcullis::rig
