#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/hash256.hpp"
#include "core/time.hpp"
#include "gate/evidence_shelf.hpp"

namespace portcullis::gate {

/// Sends pictures to one destination, the oldest first, a piece at a time, slower than a bound of bytes a second and
/// only while nothing else waits there (docs/central/README.md, pictures). A piece that the broker did not take is sent
/// again; a picture that goes meanwhile is left off in the middle.
class EvidenceSender {
public:
    using Properties = std::vector<std::pair<std::string, std::string>>;
    struct Ports {
        std::function<void(const Hash256&, std::int64_t from, std::size_t length,
                           std::function<void(std::vector<std::uint8_t>)> done)>
            read;
        /// False = not now. `done` hears whether the broker took it.
        std::function<bool(const std::string& name, std::string payload, Properties, std::function<void(bool)> done)>
            publish;
        std::function<void(const Hash256&)> sent;
    };

    static constexpr std::size_t piece = std::size_t{32} * 1024;

    EvidenceSender(std::int64_t bytes_a_second, Ports ports);

    void add(const KeptPicture& picture);
    void remove(const Hash256& sha256);
    /// A few times a second; each call sends at most one piece.
    void tick(Instant now);
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

private:
    using Key = std::pair<WallTime, Hash256>;
    /// The picture on its way.
    struct Current {
        KeptPicture picture;
        std::int64_t at = 0;
        std::string payload;  ///< of the piece at `at`, once it is read
        bool busy = false;    ///< it is being read, or is with the broker
    };

    void read();
    void publish();
    void taken(const Hash256& sha256, bool taken);

    std::int64_t rate_;
    Ports ports_;
    std::map<Key, KeptPicture> queue_;
    std::optional<Current> current_;
    std::int64_t allowance_ = 0;
    std::optional<Instant> ticked_;
    std::shared_ptr<EvidenceSender*> self_ = std::make_shared<EvidenceSender*>(this);
};

}  // namespace portcullis::gate
