#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/value.hpp"
#include "gate/delivery.hpp"
#include "gate/document_taker.hpp"
#include "gate/journal_desk.hpp"
#include "gate/missing_documents.hpp"
#include "gate/refused_documents.hpp"
#include "gate/trust_state.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// Signed documents but orders: in through the uplink or a file, read on the worker that reads all of them, and in
/// force when the journal has them together with the floors. Root and timestamp act here, all other kinds at the desks
/// that take them. One delivery at a time, since each may change who may sign the next; what waits is bounded.
class TrustDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        /// Somebody else may sign now, or something newer is named.
        std::function<void(const TrustState&)> changed;
        std::function<void(const std::string& why)> fatal;
        /// Central is asked for what is missing.
        std::function<void(DocumentKind)> request = {};
    };
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        runtime::Worker& worker;
        store::Quarantine* quarantine = nullptr;
    };
    struct Places {
        std::filesystem::path state;      ///< holds the file `floors`
        std::filesystem::path root_file;  ///< the setting `trust.root`
    };
    /// Called once: what is wrong, or nothing.
    using Done = std::function<void(std::optional<std::string> problem)>;

    TrustDesk(Surroundings surroundings, Places places, TrustState::Audience audience, const store::JournalStart& start,
              Ports ports);

    /// Makes both copies of the floors equal, and takes the root from its file when only the floors know it.
    void start();
    /// `missing`: what desks do not have, of which the trust knows nothing.
    void tick(Now now, std::set<DocumentKind> missing);
    /// Who acts on a kind of document. Before the first delivery.
    void add(DocumentTaker taker);
    [[nodiscard]] bool takes(DocumentKind kind) const;
    /// What came in; roots from the oldest on.
    void take(Delivery delivery, Done done = {});
    /// `portcullis trust init`: the root of the settings' file, or a chain of roots in it.
    void begin(Done done);

    [[nodiscard]] const TrustState& state() const { return *state_; }
    [[nodiscard]] Object view(Now now) const;
    /// Keys and roles, for people.
    [[nodiscard]] Object root_view() const;

private:
    static constexpr std::size_t most_inbound = 16;
    static constexpr std::size_t most_inbound_bytes = std::size_t{32} * 1024 * 1024;
    struct Inbound {
        Delivery delivery;
        Done done;
    };
    [[nodiscard]] std::map<DocumentKind, KindReading> readings() const;
    void open_next();
    void judged(const Inbound& inbound, JudgedDelivery judged);
    void put_in_force(const Inbound& inbound, JudgedDelivery judged, std::optional<std::string> problem);
    [[nodiscard]] std::optional<std::string> refuse(const std::string& channel, const DocumentRefused& refused);
    void finished(const Inbound& inbound, const std::optional<std::string>& problem);
    void keep_floors();
    void watch_state(Now now);
    void record(Event event);

    Surroundings surroundings_;
    Places places_;
    Ports ports_;
    std::shared_ptr<const TrustState> state_;
    std::optional<std::string> floors_defect_;
    std::vector<Hash256> held_back_;  ///< documents in quarantine
    RefusedDocuments refused_documents_;
    std::map<DocumentKind, DocumentTaker> takers_;
    MissingDocuments missing_;
    std::set<DocumentKind> left_out_;  ///< too many came at once
    std::deque<Inbound> inbound_;
    std::size_t inbound_bytes_ = 0;
    bool busy_ = false;
    std::optional<std::string> root_state_;
    std::optional<std::string> timestamp_state_;
};

/// What a document changes: how many of each, and the first hundred in words.
struct DocumentChanges {
    std::int64_t classes = 0;
    std::int64_t rates = 0;
    std::int64_t rules = 0;
    List list = {};
};

/// `document.activated`
[[nodiscard]] Event document_activated_event(const TakenDocument& taken, DocumentChanges changes, Now now);

}  // namespace portcullis::gate
