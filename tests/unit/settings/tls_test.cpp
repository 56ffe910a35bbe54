// `tls` of a destination: whom it trusts and how the gate shows itself.
#include <filesystem>
#include <string>
#include <vector>

#include "settings/dump_effective.hpp"
#include "settings/remarks.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/settings/site.hpp"

namespace portcullis::settings {
namespace {

using portcullis::testing::contains_text;
using testing::Site;

/// In the form of PEM; what is in it is OpenSSL's matter.
std::string pem(const std::string& what) {
    return "-----BEGIN " + what + "-----\nMIIB\n-----END " + what + "-----\n";
}

constexpr std::string_view plain = "broker: mqtt://central.example:1883 }";
const std::string both = "ca: ./ca.pem, certificate: ./gate.pem, key: ./gate.key";

/// The good settings with TLS, and files that fit.
class SecuredSite : public Site {
public:
    explicit SecuredSite(const std::string& tls = both) {
        write("ca.pem", pem("CERTIFICATE"));
        write("gate.pem", pem("CERTIFICATE"));
        write_key("gate.key", pem("PRIVATE KEY"));
        change(plain, "broker: mqtts://central.example, tls: { " + tls + " } }");
    }
    void write_key(const std::string& name, const std::string& text) const {
        write(name, text);
        using std::filesystem::perms;
        std::filesystem::permissions(folder() / name, perms::owner_read | perms::owner_write);
    }
    [[nodiscard]] TlsSettings tls() {
        const auto loaded = load();
        for (const auto& problem : loaded.problems) {
            UNSCOPED_INFO(problem.message());
        }
        REQUIRE(loaded.settings);
        REQUIRE(loaded.settings->uplinks.at(0).tls);
        return *loaded.settings->uplinks.at(0).tls;
    }
};

/// The problems of such a `tls`, without place.
std::string problems_of(const std::string& tls) {
    return SecuredSite{tls}.problems();
}

}  // namespace

TEST_CASE("files of TLS are found beside the settings") {
    SecuredSite site;
    const auto tls = site.tls();
    CHECK(tls.ca == site.folder() / "ca.pem");
    CHECK(tls.certificate == site.folder() / "gate.pem");
    CHECK(tls.key == site.folder() / "gate.key");
}

TEST_CASE("the authorities of the machine have a word and no file") {
    SecuredSite site{"ca: system"};
    const auto tls = site.tls();
    CHECK(tls.ca.empty());
    CHECK(tls.certificate.empty());
    CHECK(tls.key.empty());
}

TEST_CASE("a word without a slash is a credential that the service is handed") {
    SecuredSite site{"ca: trusted"};
    site.write("credentials/trusted", pem("TRUSTED CERTIFICATE"));
    CHECK(site.tls().ca == site.folder() / "credentials" / "trusted");
}

TEST_CASE("every form of a key that OpenSSL writes is one") {
    const auto* const form = GENERATE("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY");
    SecuredSite site;
    site.write_key("gate.key", pem(form));
    CHECK(site.problems().empty());
}

TEST_CASE("whom to trust must be said") {
    CHECK_THAT(problems_of(""), contains_text("say whom to trust: `ca: FILE`, or `ca: system`"));
    CHECK_THAT(problems_of("ca: ''"), contains_text("no file is named"));
}

TEST_CASE("a file that is not there is named with what to write") {
    const auto problems = problems_of("ca: ./gone.pem");
    CHECK_THAT(problems, contains_text("uplink[0].tls.ca: "));
    CHECK_THAT(problems, contains_text("gone.pem"));
    CHECK_THAT(problems, contains_text("write a path, or the name of a credential"));
}

TEST_CASE("a file that holds something else is refused") {
    CHECK_THAT(problems_of("ca: ./gate.key"), contains_text("gate.key holds no CERTIFICATE; give a file in PEM form"));
    CHECK_THAT(problems_of("ca: ./ca.pem, certificate: ./gate.pem, key: ./ca.pem"),
               contains_text("ca.pem holds no PRIVATE KEY"));
    SecuredSite cut;
    cut.write("ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    CHECK_THAT(cut.problems(), contains_text("ca.pem holds no CERTIFICATE"));
}

TEST_CASE("a certificate and its key come together") {
    CHECK_THAT(problems_of("ca: ./ca.pem, certificate: ./gate.pem"), contains_text("add `key: FILE`"));
    CHECK_THAT(problems_of("ca: ./ca.pem, key: ./gate.key"), contains_text("add `certificate: FILE`"));
}

TEST_CASE("a key that others can read is refused with the command that closes it") {
    SecuredSite site;
    using std::filesystem::perms;
    std::filesystem::permissions(site.folder() / "gate.key", perms::others_read, std::filesystem::perm_options::add);
    CHECK_THAT(site.problems(), contains_text("gate.key is open to every user of this machine"));
    CHECK_THAT(site.problems(), contains_text("chmod o= "));
}

TEST_CASE("a key that needs a password is refused since nobody types it at start") {
    const auto text = GENERATE(values<std::string>(
        {pem("ENCRYPTED PRIVATE KEY"),
         "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIB\n-----END RSA PRIVATE KEY-----\n"}));
    SecuredSite site;
    site.write_key("gate.key", text);
    CHECK_THAT(site.problems(), contains_text("gate.key is encrypted"));
}

TEST_CASE("an unknown key of tls is an error") {
    CHECK_THAT(problems_of("ca: system, cert: ./gate.pem"), contains_text("unknown key `cert`"));
}

TEST_CASE("tls and mqtts come together") {
    Site without;
    without.change("mqtt://central.example:1883", "mqtts://central.example");
    CHECK_THAT(without.problems(), contains_text("mqtts:// needs to know whom to trust"));
    Site needless;
    needless.change("1883 }", "1883, tls: { ca: system } }");
    CHECK_THAT(needless.problems(), contains_text("`tls` stands here and the broker is mqtt://"));
}

TEST_CASE("a list of brokers is read in its order and refused where it cannot be one") {
    Site site;
    site.change("mqtt://central.example:1883", "[mqtt://b.example, 'mqtt://[2001:db8::1]:1884']");
    const auto loaded = site.load();
    REQUIRE(loaded.settings);
    CHECK(loaded.settings->uplinks.at(0).brokers ==
          std::vector<std::string>{"mqtt://b.example", "mqtt://[2001:db8::1]:1884"});
    const auto list = [](const std::string& brokers) {
        Site broken;
        return broken.change("mqtt://central.example:1883", brokers).problems();
    };
    CHECK_THAT(list("[]"), contains_text("a list of brokers has 1 to 8 of them"));
    CHECK_THAT(list("[mqtt://a, mqtt://a]"), contains_text("`mqtt://a` stands here for the second time"));
    CHECK_THAT(list("[mqtt://a, mqtts://b]"), contains_text("with and without TLS stand in one list"));
    CHECK_THAT(list("[mqtt://a:0]"), contains_text("`0` is no port"));
    CHECK_THAT(list("['mqtts://[2001:db8::1]']"), contains_text("cannot be named by an IPv6 address"));
}

TEST_CASE("what is printed of TLS and of a list of brokers loads again to the same settings") {
    SecuredSite site;
    site.change("broker: mqtts://central.example", "broker: [mqtts://central.example, mqtts://second.example:8884]");
    const auto first = site.load();
    REQUIRE(first.settings);
    const auto text = dump_effective(*first.settings);
    CAPTURE(text);
    CHECK_THAT(text, contains_text("gate.key"));
    CHECK_THAT(text, !contains_text("MIIB"));
    testing::FakeCatalogue catalogue;
    const auto again = load_gate_settings_text(text, site.folder() / "gate.yaml", testing::with(catalogue));
    REQUIRE(again.settings);
    CHECK(*again.settings == *first.settings);
    CHECK(again.settings->uplinks.at(0).brokers.size() == 2);
}

TEST_CASE("trust in the machine's authorities is printed as its word") {
    SecuredSite site{"ca: system"};
    CHECK_THAT(dump_effective(site.load().settings.value()), contains_text("ca: system"));
}

TEST_CASE("a gate that shows no certificate is worth a remark and no error") {
    SecuredSite with;
    CHECK(remarks_of(with.load().settings.value()).empty());
    SecuredSite without{"ca: system"};
    const auto remarks = remarks_of(without.load().settings.value());
    REQUIRE(remarks.size() == 1);
    CHECK_THAT(remarks.front(), contains_text("destination supervision: mqtts:// without a certificate of the gate"));
    CHECK_THAT(remarks.front(), contains_text("whoever reaches the broker"));
    Site plainly;
    CHECK(remarks_of(plainly.load().settings.value()).empty());
}

}  // namespace portcullis::settings
