#include "tests/fault/broker/broker_rounds.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {

using namespace std::chrono_literals;

/// Everything of one round, on one context.
struct BrokerRounds::Scene {
    Scene(const runtime::Clock& its_clock, const central::EventSchemas& schemas, const std::string& settings,
          std::string its_prefix, bool keep_session, bool trusts)
        : clock(its_clock),
          prefix(std::move(its_prefix)),
          broker(settings),
          consumer_link(context, broker.port()),
          gate(context, clock, {folder.path() / "state", hasty_uplink(broker.port(), prefix)}),
          count(gate, trusts),
          consumer(context, clock, schemas,
                   {.port = consumer_link.port(),
                    .prefix = prefix,
                    .keep_session = keep_session,
                    .manners = trusts ? ConsumerEnd::Manners::says_nothing : ConsumerEnd::Manners::follows_rule},
                   [this](std::int64_t sequence, const std::string& bytes) { count.stored(sequence, bytes); }) {
        if (trusts) {
            truster.emplace(context, broker.port(), prefix, gate);
        }
        consumer.start();
        gate.write(5);
        until("the stream without any fault", [&] { return trusts ? count.stored() == 5 && known() : count.whole(); });
    }

    /// Turns the context until it is so; throws when it is not in time.
    void until(const std::string& what, const std::function<bool()>& so) {
        const auto give_up = clock.now().instant + 20s;
        while (!so()) {
            if (truster) {
                truster->tick();
            }
            context.run_for(1ms);
            const auto view = gate.view();
            ahead_most = std::max(ahead_most, view.sent - view.acknowledged);
            if (clock.now().instant > give_up) {
                throw std::runtime_error{"waited in vain for " + what + ": the gate has " + std::to_string(view.last) +
                                         ", sent " + std::to_string(view.sent) + ", knows " +
                                         std::to_string(view.acknowledged) + " stored; the consumer has " +
                                         std::to_string(count.stored()) + "; the link: " + view.cause +
                                         ", refused: " + view.refusal};
            }
        }
    }
    void pass(std::chrono::milliseconds time) {
        const auto end = clock.now().instant + time;
        until("time to pass", [&] { return clock.now().instant >= end; });
    }
    /// Writes, and waits until the broker has said of all of it that it has it.
    void write_and_let_the_broker_take(int events) {
        const auto wanted = gate.view().broker_took + events;
        gate.write(events);
        until("the broker's PUBACKs", [&] { return gate.view().broker_took >= wanted; });
    }
    void kill_and_restart_broker() {
        broker.kill();
        broker.start();
        if (truster) {
            truster->connect_again();
        }
    }
    /// The gate believes that all of it is stored.
    [[nodiscard]] bool known() const { return gate.settled() && gate.view().acknowledged == gate.last(); }

    const runtime::Clock& clock;
    std::string prefix;
    store::testing::TemporaryDirectory folder;
    boost::asio::io_context context;
    testing::Mosquitto broker;
    CuttingProxy consumer_link;
    GateEnd gate;
    StreamCount count;
    ConsumerEnd consumer;
    std::optional<PubackTruster> truster;
    std::int64_t ahead_most = 0;
};

std::unique_ptr<BrokerRounds::Scene> BrokerRounds::scene(const std::string& settings, bool keep_session, bool trusts) {
    return std::make_unique<Scene>(clock_, schemas_, "max_inflight_messages 1000\n" + settings,
                                   "portcullis/fault/b" + std::to_string(++scenes_), keep_session, trusts);
}

void BrokerRounds::end(Scene& scene, const std::string& what) {
    ++count_.rounds;
    try {
        scene.until("the whole stream", [&] { return scene.count.whole(); });
    } catch (const std::runtime_error& error) {
        std::cerr << what << ": " << error.what() << '\n';
    }
    scene.pass(20ms);  // what the broker still gives out
    const auto view = scene.gate.view();
    count_.written += scene.gate.last();
    count_.lost += scene.count.lost();
    count_.disordered += scene.count.duplicated() + scene.count.wrong();
    count_.dropped += view.broker_took - scene.consumer.received();
    count_.refused += view.broker_refused;
    count_.ahead_most = std::max(count_.ahead_most, scene.ahead_most);
}

void BrokerRounds::run_all() {
    killed_after_puback();
    killed_while_the_consumer_hangs();
    killed_again_and_again();
    queue_of_ten();
    refuses_events();
    refuses_large_events();
    consumer_long_away();
}

void BrokerRounds::killed_after_puback() {
    const auto here = scene("");
    here->consumer.stop();
    here->write_and_let_the_broker_take(some(1, 90));
    here->kill_and_restart_broker();
    here->consumer.start();
    end(*here, "killed after PUBACK");
}

void BrokerRounds::killed_while_the_consumer_hangs() {
    const auto here = scene("", true);
    here->consumer_link.plan({Way::down, static_cast<std::size_t>(some(20, 3000)), Cut::stall});
    here->consumer_link.cut_all();
    here->write_and_let_the_broker_take(some(10, 90));
    here->kill_and_restart_broker();
    here->consumer_link.cut_all();
    end(*here, "killed while the consumer hangs");
}

void BrokerRounds::killed_again_and_again() {
    const auto here = scene("");
    for (int i = 0; i < 8; ++i) {
        here->gate.write(some(1, 300));
        here->pass(std::chrono::milliseconds{some(0, 60)});
        here->broker.kill();
        here->gate.write(some(1, 30));
        here->pass(std::chrono::milliseconds{some(0, 30)});
        here->broker.start();
    }
    end(*here, "killed again and again");
}

void BrokerRounds::queue_of_ten() {
    const auto here = scene("max_queued_messages 10\nmax_inflight_messages 10", true);
    here->consumer.stop();
    here->write_and_let_the_broker_take(some(60, 90));
    here->consumer.start();
    end(*here, "queue of ten");
}

void BrokerRounds::refuses_events() {
    const auto here = scene("");
    const auto list = here->folder.path() / "acl";
    std::ofstream{list} << "topic read portcullis/#\ntopic write portcullis/+/+/status\ntopic write "
                           "portcullis/+/+/ack\ntopic write portcullis/+/+/replay\n";
    std::filesystem::permissions(here->folder.path(), std::filesystem::perms::all);
    here->broker.stop();
    here->broker.set("max_inflight_messages 1000\nacl_file " + list.string());
    here->broker.start();
    const auto before = here->gate.view().broker_refused;
    here->gate.write(some(5, 50));
    here->until("refusals", [&] { return here->gate.view().broker_refused > before + 4; });
    here->broker.stop();
    here->broker.set("max_inflight_messages 1000");
    here->broker.start();
    end(*here, "refuses events");
}

void BrokerRounds::refuses_large_events() {
    const auto here = scene("");
    here->broker.stop();
    here->broker.set("max_inflight_messages 1000\nmessage_size_limit 900");
    here->broker.start();
    const auto before = here->gate.view().broker_refused;
    here->gate.write(some(15, 50));
    here->until("refusals", [&] { return here->gate.view().broker_refused > before; });
    here->broker.stop();
    here->broker.set("max_inflight_messages 1000");
    here->broker.start();
    end(*here, "refuses large events");
}

void BrokerRounds::consumer_long_away() {
    const auto here = scene("");
    here->consumer.stop();
    for (int i = 0; i < 30; ++i) {
        here->gate.write(100);
        here->pass(10ms);
    }
    here->pass(500ms);  // standing acknowledgements: sent again, and again
    here->consumer.start();
    end(*here, "consumer long away");
}

std::int64_t BrokerRounds::lost_trusting_puback() {
    const auto here = scene("", false, true);
    here->consumer.stop();
    here->write_and_let_the_broker_take(50);
    here->until("the gate's belief", [&] { return here->known(); });
    here->kill_and_restart_broker();
    here->consumer.start();
    here->gate.write(1);
    here->until("the link's return", [&] { return here->known(); });
    here->pass(500ms);
    return here->count.lost();
}

}  // namespace portcullis::fault
