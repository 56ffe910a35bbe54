#include "gate/evidence_sender.hpp"

#include <algorithm>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::gate {

EvidenceSender::EvidenceSender(std::int64_t bytes_a_second, Ports ports)
    : rate_(bytes_a_second), ports_(std::move(ports)) {}

void EvidenceSender::add(const KeptPicture& picture) {
    queue_.emplace(Key{picture.captured, picture.sha256}, picture);
}

void EvidenceSender::remove(const Hash256& sha256) {
    std::erase_if(queue_, [&](const auto& one) { return one.first.second == sha256; });
    if (current_ && current_->picture.sha256 == sha256) {
        current_.reset();
    }
}

void EvidenceSender::tick(Instant now) {
    constexpr std::int64_t ms_a_second = 1000;
    const auto most = std::max(rate_, static_cast<std::int64_t>(piece));
    if (ticked_) {
        const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - *ticked_).count();
        allowance_ = std::min(most, allowance_ + rate_ * std::min(passed, ms_a_second) / ms_a_second);
    }
    ticked_ = now;
    if (!current_ && !queue_.empty()) {
        current_ = Current{};
        current_->picture = queue_.begin()->second;
    }
    if (!current_ || current_->busy || allowance_ < static_cast<std::int64_t>(piece)) {
        return;
    }
    current_->payload.empty() ? read() : publish();
}

void EvidenceSender::read() {
    current_->busy = true;
    const auto sha256 = current_->picture.sha256;
    ports_.read(sha256, current_->at, piece,
                [weak = std::weak_ptr{self_}, sha256](const std::vector<std::uint8_t>& bytes) {
                    const auto here = weak.lock();
                    if (!here || !(*here)->current_ || (*here)->current_->picture.sha256 != sha256) {
                        return;
                    }
                    auto& self = **here;
                    if (bytes.empty()) {
                        self.remove(sha256);  // it cannot be read: the next start tells
                        return;
                    }
                    self.current_->payload.assign(bytes.begin(), bytes.end());
                    self.publish();
                });
}

void EvidenceSender::publish() {
    const auto& picture = current_->picture;
    const auto size = static_cast<std::int64_t>(piece);
    const auto sha256 = picture.sha256;
    const auto length = static_cast<std::int64_t>(current_->payload.size());
    Properties properties{{"passage", picture.passage.text()},
                          {"lane", picture.lane.text()},
                          {"device", picture.device.text()},
                          {"role", picture.role},
                          {"kind", picture.kind},
                          {"captured_at", time_text(picture.captured)},
                          {"bytes", std::to_string(picture.size)},
                          {"chunks", std::to_string((picture.size + size - 1) / size)}};
    current_->busy = ports_.publish(hex_text(sha256) + "/" + std::to_string(current_->at / size), current_->payload,
                                    std::move(properties), [weak = std::weak_ptr{self_}, sha256](bool taken) {
                                        if (const auto here = weak.lock()) {
                                            (*here)->taken(sha256, taken);
                                        }
                                    });
    allowance_ -= current_->busy ? length : 0;
}

void EvidenceSender::taken(const Hash256& sha256, bool taken) {
    if (!current_ || current_->picture.sha256 != sha256) {
        return;
    }
    current_->busy = false;
    if (!taken) {
        return;  // the same piece again
    }
    current_->at += static_cast<std::int64_t>(current_->payload.size());
    current_->payload.clear();
    if (current_->at >= current_->picture.size) {
        remove(sha256);
        ports_.sent(sha256);
    }
}

}  // namespace portcullis::gate
