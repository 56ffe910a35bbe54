#pragma once

#include <atomic>
#include <cstdint>

namespace portcullis::store {

/// Two threads on one disk: who commits a verdict goes first. A long work that others need not wait for stands aside
/// before each of its pieces while a commit is under way.
class RightOfWay {
public:
    /// While this lives, a commit is under way.
    class Taken {
    public:
        /// None: nobody has to be told.
        explicit Taken(RightOfWay* way) : way_(way) {
            if (way_ != nullptr) {
                ++way_->begun_;
            }
        }
        ~Taken() {
            if (way_ != nullptr) {
                ++way_->ended_;
                way_->ended_.notify_all();
            }
        }
        Taken(const Taken&) = delete;
        Taken& operator=(const Taken&) = delete;
        Taken(Taken&&) = delete;
        Taken& operator=(Taken&&) = delete;

    private:
        RightOfWay* way_;
    };

    /// Until the commit that is under way has ended; for one at most, so that a journal that commits without a pause
    /// does not keep others from their end.
    void stand_aside() const {
        const auto ended = ended_.load();
        if (begun_.load() != ended) {
            ended_.wait(ended);
        }
    }

    /// Commits that began so far. It wraps: compare for equality alone.
    [[nodiscard]] std::uint32_t begun() const { return begun_.load(); }

private:
    std::atomic<std::uint32_t> begun_ = 0;
    std::atomic<std::uint32_t> ended_ = 0;
};

}  // namespace portcullis::store
