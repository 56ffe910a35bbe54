#include "gate/sampling_documents.hpp"

#include <map>
#include <memory>

#include "gate/delivery.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trust_documents.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::gate {
namespace {

using portcullis::testing::at;
using portcullis::testing::sealed;

const std::string box_secret(64, '1');
const Now noon{.instant = {}, .wall = at("2026-11-24T12:00:00.000Z")};

/// A gate whose root lets `kim` sign sampling keys, over a real journal.
class SamplingBench {
public:
    SamplingBench() {
        auto root = portcullis::testing::a_root();
        root.keys.push_back(portcullis::testing::root_key("kim"));
        root.roles[DocumentKind::sampling_key] = {{portcullis::testing::root_key("kim").keyid}, 1};
        const auto begun = TrustState{{"xmht", "g07"}, {}, {}}.begin(portcullis::testing::sealed_root(root), noon.wall);
        REQUIRE(begun.ok());
        trust_ = begun->after;
        restart();
    }

    void restart() {
        keys_.reset();
        journal_.reset();
        journal_ = store::testing::open_journal(directory_.path());
        keys_ = std::make_unique<SamplingKeys>(trust::BoxKeyPair::parse(box_secret).value(), "xmht", "g07");
        recall_sampling_keys(*journal_, *keys_, log_);
    }

    /// Sealed to this gate unless `to` says otherwise.
    [[nodiscard]] codec::SamplingKeyDocument document(const std::string& id, char digit = '7',
                                                      const std::string& to = box_secret) const {
        const auto secret = trust::SamplingSecret::parse(std::string(64, digit)).value();
        const auto pair = trust::BoxKeyPair::parse(to).value();
        return {"xmht",
                "g07",
                id,
                at("2026-11-01T00:00:00.000Z"),
                at("2026-12-01T00:00:00.000Z"),
                trust::to_base64(pair.public_key().seal(sodium_, secret))};
    }

    /// Why it was refused, or nothing; how many events it made stands in `told`.
    std::optional<codec::RefusalCause> deliver(const codec::SamplingKeyDocument& document,
                                               const std::string& signer = "kim") {
        return deliver(sealed("sampling_key", codec::write_sampling_key(document), {signer}));
    }
    std::optional<codec::RefusalCause> deliver(const std::string& envelope) {
        const auto taker = sampling_key_taker(*keys_);
        const std::map<DocumentKind, KindReading> readings{
            {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
        auto judged = judge_delivery(trust_, {envelope, "supervision", taker.kind}, readings, noon.wall, nullptr);
        if (judged.accepted.empty()) {
            return judged.refused.front().cause;
        }
        CHECK(judged.after->floors() == trust_->floors());
        Submission submission;
        auto& [taken, enact] = judged.accepted.front();
        const auto then = enact(std::move(taken), submission, noon);
        told += submission.events.size();
        auto batch = store::testing::events_after(*journal_, static_cast<int>(submission.events.size()));
        batch.documents = submission.documents;
        REQUIRE(journal_->append(batch) == store::StoreOutcome::committed);
        if (then) {
            then();
        }
        return std::nullopt;
    }

    /// Whether the gate draws with the key of this id and digit.
    [[nodiscard]] bool draws(const std::string& id, char digit = '7') const {
        Sampling sampling;
        sampling.keys = {{id, "g07", trust::SamplingSecret::parse(std::string(64, digit)).value().commitment(),
                          at("2026-11-01T00:00:00.000Z"), at("2026-12-01T00:00:00.000Z")}};
        std::string used;
        return keys_->key_at(sampling, {.now = noon}, used) != nullptr && used == id;
    }
    [[nodiscard]] std::size_t rows() { return journal_->documents("sampling_key").value().size(); }

    std::size_t told = 0;

private:
    trust::Sodium sodium_;
    store::testing::TemporaryDirectory directory_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    std::shared_ptr<const TrustState> trust_;
    std::unique_ptr<store::Journal> journal_;
    std::unique_ptr<SamplingKeys> keys_;
};

TEST_CASE_METHOD(SamplingBench, "A sampling key that its role signed is taken, told once, and there after a restart") {
    const auto envelope = sealed("sampling_key", codec::write_sampling_key(document("2026-11")), {"kim"});
    CHECK_FALSE(draws("2026-11"));
    CHECK_FALSE(deliver(envelope));
    CHECK(draws("2026-11"));
    CHECK_FALSE(deliver(envelope));
    CHECK(told == 1);
    restart();
    CHECK(draws("2026-11"));
    CHECK_FALSE(deliver(envelope));
    CHECK(told == 1);
}

TEST_CASE_METHOD(SamplingBench, "A key that another signed, or that was sealed to another gate, is refused") {
    CHECK(deliver(document("2026-11"), "ciq") == codec::RefusalCause::signature);
    CHECK(deliver(document("2026-11", '7', std::string(64, '2'))) == codec::RefusalCause::signature);
    auto foreign = document("2026-11");
    foreign.gate = "g08";
    CHECK(deliver(foreign) == codec::RefusalCause::audience);
    CHECK_FALSE(draws("2026-11"));
    CHECK(rows() == 0);
}

TEST_CASE_METHOD(SamplingBench, "Keys are bounded, in memory and in the journal's database") {
    for (std::size_t i = 0; i < SamplingKeys::most_keys + 3; ++i) {
        auto one = document("k" + std::to_string(i));
        one.to += std::chrono::hours{i};
        REQUIRE_FALSE(deliver(one));
    }
    CHECK(rows() == SamplingKeys::most_keys);
    CHECK_FALSE(draws("k2"));
    CHECK(draws("k3"));
    restart();
    CHECK(draws("k3"));
}

}  // namespace
}  // namespace portcullis::gate
