#include "tests/integration/gate_bench.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "simulators/story/order_objects.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto look = 10ms;
constexpr auto patience = 60s;

rig::GatePlan plan_of(const std::filesystem::path& folder, const std::vector<story::LaneKind>& kinds,
                      const std::string& root, const std::string& zones, const GateBench::Environment& environment,
                      const std::string& name) {
    const auto* programs = std::getenv("PORTCULLIS_BIN");
    if (programs == nullptr) {
        throw std::runtime_error{"PORTCULLIS_BIN names the folder of the built programs"};
    }
    rig::GatePlan plan{name, folder / name, std::filesystem::path{programs} / "portcullisd", ".", {}, 1.0, {}, root};
    plan.environment = environment;
    for (const auto& kind : kinds) {
        plan.lanes.push_back({"out-" + std::to_string(plan.lanes.size() + 1), kind});
    }
    plan.zones = zones;
    return plan;
}

}  // namespace

GateBench::GateBench(const std::vector<story::LaneKind>& lanes, const std::string& root, const std::string& zones,
                     const Environment& environment, const std::string& name)
    : gate_(context_, plan_of(folder_.path(), lanes, root, zones, environment, name), clock_),
      witness_(folder_.path(), gate_.broker().port(), gate_.prefix()) {
    for (const auto& lane : gate_.lanes()) {
        lanes_.push_back(std::make_unique<HandLane>(*this, *lane));
    }
    gate_.handle({.ready = [] {},
                  .event = [this](const std::string& bytes) { events_.push_back(run::read_event(bytes)); },
                  .daemon_ended = [this](const std::string& why) { died_ = why; }});
}

std::string GateBench::situation() const {
    std::ifstream log{gate_.log()};
    std::string text{std::istreambuf_iterator<char>{log}, {}};
    constexpr std::size_t most = 3000;
    const auto now = status();
    return (now ? now->text() : "no daemon answers") + "\n" +
           (text.size() > most ? text.substr(text.size() - most) : text);
}

void GateBench::until(const std::string& what, const std::function<bool()>& so) {
    const auto give_up = clock_.now().instant + patience;
    while (!so()) {
        if (!died_.empty() || clock_.now().instant > give_up) {
            FAIL("waited for this in vain: " << what << "\n" << died_ << "\n" << situation());
        }
        context_.run_for(look);
    }
}

std::optional<DaemonStatus> GateBench::status() const {
    return gate_.daemon_runs() ? DaemonStatus::ask(gate_.state() / "control") : std::nullopt;
}

void GateBench::start() {
    gate_.start_daemon();
    until("the daemon is in service", [this] {
        const auto now = status();
        return now && now->in_service();
    });
}

void GateBench::kill() {
    gate_.kill_daemon();
}

void GateBench::kill_and_restart() {
    kill();
    start();
}

void GateBench::ask_to_stop() {
    gate_.stop_daemon();
}

int GateBench::wait_for_exit() {
    std::optional<int> code;
    until("the daemon ends", [&] {
        code = gate_.daemon_exit();
        return code.has_value();
    });
    return *code;
}

void GateBench::order(const std::vector<story::GivenOrder>& orders) {
    const auto cursor = [this] {
        const auto now = status();
        return now ? now->order_cursor() : 0;
    };
    auto wanted = cursor();
    for (const auto& [authority, objects] : story::order_objects(orders, clock_.now().wall)) {
        gate_.publish_orders(authority, objects);
        ++wanted;
    }
    until("the orders are applied", [&] { return cursor() >= wanted; });
}

std::vector<const run::SeenEvent*> GateBench::events(const std::string& name) const {
    std::vector<const run::SeenEvent*> found;
    for (const auto& event : events_) {
        if (event.name == name) {
            found.push_back(&event);
        }
    }
    return found;
}

std::vector<std::string> GateBench::outcomes() const {
    std::vector<std::string> outcomes;
    for (const auto* ended : events("passage.ended")) {
        outcomes.push_back(text_of(*ended, "outcome"));
    }
    return outcomes;
}

void GateBench::until_central_has(const std::string& name, const std::function<bool(const run::SeenEvent&)>& fits) {
    until("central has " + name, [&] {
        const auto found = events(name);
        return std::any_of(found.begin(), found.end(), [&](const auto* event) { return !fits || fits(*event); });
    });
}

/// What was published while mosquitto_sub had no connection is repeated for whoever asks.
void GateBench::witness_catches_up() {
    const auto last = [this] {
        const auto now = status();
        return now ? now->last() : 0;
    };
    auto asked = clock_.now().instant - patience;
    until("mosquitto_sub has seen the stream", [&] {
        const auto complete = complete_up_to(witness_.seen());
        if (complete >= last()) {
            return true;
        }
        if (const auto now = clock_.now().instant; now - asked > 6s && gate_.central().report().gaps == 0) {
            asked = now;
            witness_.ask_for_replay(gate_.central().report().stream, complete + 1);
        }
        return false;
    });
}

void GateBench::prove_stream() {
    until("the uplink is there", [this] {
        const auto now = status();
        return now && now->online();
    });
    witness_catches_up();
    // Who has no connection when the gate says its last word can ask nobody for it afterwards.
    until("central has the stream so far", [this] {
        const auto now = status();
        const auto report = gate_.central().report();
        return now && report.connected && report.last >= now->last();
    });
    ask_to_stop();
    CHECK(wait_for_exit() == 0);
    until("stream.closing is the last event of central and of mosquitto_sub", [this] {
        return !events_.empty() && events_.back().name == "stream.closing" &&
               complete_up_to(witness_.seen()) == events_.back().sequence;
    });
    const auto stored = gate_.central().events();
    const ThreeViews views{stored, witness_.seen(), journal()};
    const central::EventSchemas schemas{"docs/events"};
    for (const auto& difference : differences(views, schemas)) {
        FAIL_CHECK(difference);
    }
    const auto report = gate_.central().report();
    CHECK(report.events == static_cast<std::int64_t>(stored.size()));
    CHECK(report.gaps == 0);
    CHECK(report.reordered == 0);
    CHECK(report.first_error == "");
    check_events(stored);
    check_passages();
}

std::vector<JournalRow> GateBench::journal() const {
    const auto copy = folder_.path() / "copy";
    std::filesystem::create_directory(copy);
    for (const auto& file : std::filesystem::directory_iterator{gate_.state()}) {
        if (file.path().filename().string().starts_with("journal.db")) {
            std::filesystem::copy_file(file.path(), copy / file.path().filename(),
                                       std::filesystem::copy_options::overwrite_existing);
        }
    }
    return journal_rows(copy / "journal.db");
}

void GateBench::check_events(const std::vector<std::string>& published) const {
    const EventSchemas schemas;
    for (const auto& event : published) {
        for (const auto& problem : schemas.problems(event)) {
            FAIL_CHECK(problem << " in " << event);
        }
    }
}

void GateBench::check_passages() const {
    std::map<std::string, int> open;
    for (const auto& event : events_) {
        if (event.name == "passage.detected") {
            CHECK(open.emplace(event.passage, 0).second);
        } else if (event.name == "passage.ended") {
            ++open[event.passage];
        }
    }
    for (const auto& [passage, ends] : open) {
        INFO("passage " << passage);
        CHECK(ends == 1);
    }
}

story::GivenOrder released(const Truck& truck) {
    story::GivenOrder order;
    order.container = truck.container;
    order.plate = truck.plate;
    return order;
}

story::GivenOrder held(const Truck& truck) {
    auto order = released(truck);
    order.status = "held";
    return order;
}

story::GivenOrder targeted(const Truck& truck) {
    story::GivenOrder order;
    order.kind = story::GivenOrder::Kind::target;
    order.container = truck.container;
    order.action = "inspect";
    order.zone = "Z2";
    order.methods = {"radiation"};
    return order;
}

}  // namespace portcullis::testing
