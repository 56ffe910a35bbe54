// How a session ends and which begins: take-over, failover, renewed certificates, what a broker does not take.
#include <stdlib.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/uplink/uplink_bench.hpp"
#include "uplink/certificate_watch.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using testing::contains_text;
using testing::Mosquitto;
using testing::MqttProbe;

const std::string event_topic = prefix + "/event";

/// A folder with an authority and certificates of the loopback, made by openssl.
class Certificates {
public:
    Certificates() {
        std::string form = (std::filesystem::temp_directory_path() / "portcullis-certificates-XXXXXX").string();
        REQUIRE(::mkdtemp(form.data()) != nullptr);
        folder_ = form;
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 2");
        issue("server");
        issue("gate");
    }
    ~Certificates() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;
    Certificates(Certificates&&) = delete;
    Certificates& operator=(Certificates&&) = delete;

    void issue(const std::string& name) const {
        std::ofstream{folder_ / "names"} << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
        openssl("req -new -newkey rsa:2048 -nodes -keyout new.key -out new.csr -subj /CN=" + name);
        openssl("x509 -req -in new.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out new.pem");
        std::filesystem::rename(folder_ / "new.key", folder_ / (name + ".key"));
        std::filesystem::rename(folder_ / "new.pem", folder_ / (name + ".pem"));
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    [[nodiscard]] TlsFiles of_gate() const { return {path("ca.pem"), path("gate.pem"), path("gate.key")}; }
    /// mosquitto.conf of a listener that asks for a client's certificate.
    [[nodiscard]] std::string listener() const {
        return "cafile " + path("ca.pem") + "\ncertfile " + path("server.pem") + "\nkeyfile " + path("server.key") +
               "\nrequire_certificate true\nuser root\n";  // which it keeps only when started as root
    }

private:
    void openssl(const std::string& words) const {
        const auto command = "cd " + folder_.string() + " && openssl " + words + " 2>/dev/null";
        REQUIRE(std::system(command.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): before any thread
    }

    std::filesystem::path folder_;
};

std::string with_tls(const Mosquitto& broker) {
    return "mqtts://127.0.0.1:" + std::to_string(broker.port());
}

/// A broker that accepts whoever comes and at once says that another client has taken the session over. Not mosquitto:
/// 2.0.11 closes the old connection without a word.
class TakingOver {
public:
    TakingOver() : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) { accept(); }
    [[nodiscard]] std::string uri() const {
        return "mqtt://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    void turn() { context_.poll(); }

private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, boost::asio::ip::tcp::socket socket) {
            if (!error) {
                sockets_.push_back(std::make_unique<boost::asio::ip::tcp::socket>(std::move(socket)));
                // CONNACK; DISCONNECT with reason code 0x8E
                static constexpr std::array<unsigned char, 9> words{0x20, 3, 0, 0, 0, 0xE0, 2, 0x8E, 0};
                boost::asio::write(*sockets_.back(), boost::asio::buffer(words));
                accept();
            }
        });
    }
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> sockets_;
};

TEST_CASE("A second client with our identity ends the session, and no fight begins until an operator's word") {
    TakingOver broker;
    UplinkBench bench{broker.uri()};
    bench.make();
    const auto taken_over = [&] {
        broker.turn();
        return bench.uplink().view().taken_over;
    };
    REQUIRE(bench.until(taken_over));
    CHECK(bench.uplink().view().cause == "taken_over");
    bench.pass(1s);  // fifty pauses of a reconnect
    CHECK(bench.connections == 1);
    CHECK(bench.uplink().resume());
    CHECK_FALSE(bench.uplink().resume());
    REQUIRE(bench.until(taken_over));
    CHECK(bench.connections == 2);
}

TEST_CASE("Coming back before the broker has missed us is no take-over") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.settings().keep_alive = 1s;
    bench.make();
    REQUIRE(bench.until_online());
    broker.freeze();
    REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
    broker.thaw();  // it now finds our old connection and our new one
    REQUIRE(bench.until_online());
    bench.pass(500ms);
    CHECK(bench.uplink().view().online);
    CHECK_FALSE(bench.uplink().view().taken_over);
}

TEST_CASE("Where the preferred broker does not answer the next has its turn, and a good link to it stays") {
    Mosquitto first;
    const Mosquitto second;
    first.stop();
    UplinkBench bench{first.uri()};
    bench.settings().brokers.push_back(second.uri());
    bench.make();
    REQUIRE(bench.until_online());
    CHECK(bench.uplink().view().broker == second.uri());
    CHECK(bench.connections == 2);
    first.start();
    bench.pass(500ms);
    CHECK(bench.uplink().view().broker == second.uri());
    CHECK(bench.connections == 2);
}

TEST_CASE("A broker that accepts and says nothing is left in time for the next one") {
    Mosquitto silent;
    const Mosquitto second;
    silent.freeze();
    UplinkBench bench{silent.uri()};
    bench.settings().brokers.push_back(second.uri());
    bench.settings().attempt_most = 9s;
    bench.make();
    REQUIRE(bench.until_online());
    CHECK(bench.uplink().view().broker == second.uri());
    silent.thaw();
}

TEST_CASE("Renewed certificates are taken into use without losing an event") {
    const Certificates certificates;
    const Mosquitto broker{certificates.listener()};
    UplinkBench bench{with_tls(broker)};
    bench.settings().tls = certificates.of_gate();
    bench.settings().certificate_look = 100ms;
    bench.write(3);
    bench.make();
    REQUIRE(bench.until_online());
    bench.pass(500ms);
    CHECK(bench.connections == 1);

    SECTION("good ones begin another session") {
        certificates.issue("gate");
        bench.write(2);
        REQUIRE(bench.until([&] { return bench.connections == 2 && bench.uplink().view().online; }));
        bench.write(1);
        // The consumer has acknowledged none, so that all go out again.
        REQUIRE(bench.until([&] { return bench.uplink().view().took == 6; }));
    }
    SECTION("broken ones leave the connection as it is") {
        std::ofstream{certificates.path("gate.pem")} << "-----BEGIN CERTIFICATE-----\ncut off";
        bench.pass(600ms);
        CHECK(bench.connections == 1);
        CHECK(bench.uplink().view().online);
    }
}

TEST_CASE("A change of files counts once two looks found it alike") {
    const Certificates certificates;
    CertificateWatch watch{certificates.of_gate()};
    CHECK(watch.look().look == CertificateLook::same);
    certificates.issue("gate");
    CHECK(watch.look().look == CertificateLook::moving);
    CHECK(watch.look().look == CertificateLook::changed);
    watch.taken();
    CHECK(watch.look().look == CertificateLook::same);
    std::filesystem::remove(certificates.path("gate.key"));
    CHECK(watch.look().look == CertificateLook::moving);
    const auto found = watch.look();
    CHECK(found.look == CertificateLook::unreadable);
    CHECK_THAT(found.problem, contains_text("gate.key cannot be read"));
}

TEST_CASE("An event that is larger than the broker takes waits, says so, and is not sent in a loop") {
    const Mosquitto broker{"max_packet_size 2000"};
    UplinkBench bench{broker.uri()};
    MqttProbe consumer{broker.uri(), "consumer"};
    consumer.subscribe(prefix + "/#");
    bench.write(1);
    bench.journal.push_back(R"({"event":")" + std::string(3000, 'x') + R"("})");
    bench.write(1);
    bench.make();
    REQUIRE(bench.until([&] { return !bench.uplink().view().withheld.empty(); }));
    CHECK_THAT(bench.uplink().view().withheld, contains_text("event 2 needs a packet of 3"));
    CHECK_THAT(bench.uplink().view().withheld, contains_text("the broker takes 2000"));
    bench.pass(500ms);
    CHECK(bench.uplink().view().online);
    CHECK(bench.connections == 1);
    CHECK(consumer.count(event_topic) == 1);
}

TEST_CASE("A broker that wants a shorter keep alive gets it") {
    const Mosquitto broker{"max_keepalive 10"};
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until_online());
    CHECK(bench.connections == 2);  // the first heard of it
    bench.pass(16s);                // more than one and a half of it
    CHECK(bench.uplink().view().online);
    CHECK(bench.connections == 2);
}

TEST_CASE("A broker without QoS 1 or without retained messages is refused with what to do") {
    const auto [setting, words] =
        GENERATE(table<std::string, std::string>({{"max_qos 0", "QoS"}, {"retain_available false", "etain"}}));
    const Mosquitto broker{setting};
    UplinkBench bench{broker.uri()};
    bench.make();
    REQUIRE(bench.until([&] { return bench.connections > 1; }));
    CHECK_THAT(bench.uplink().view().cause, contains_text(words));
    CHECK_FALSE(bench.uplink().view().online);
}

TEST_CASE("A connection that goes silent is noticed within three keep alives and a second") {
    Mosquitto broker;
    UplinkBench bench{broker.uri()};
    bench.settings().keep_alive = 2s;
    bench.make();
    REQUIRE(bench.until_online());
    broker.freeze();
    const runtime::SystemClock clock;
    const auto since = clock.now().instant;
    REQUIRE(bench.until([&] { return !bench.uplink().view().online; }));
    CHECK(clock.now().instant - since < 7s);
    broker.thaw();
}

}  // namespace
}  // namespace portcullis::uplink
