#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace portcullis::run {

/// One story as it is told: its lines, and whether it is over.
class Tale {
public:
    friend class Teller;

private:
    std::vector<std::string> waiting_;
    bool over_ = false;
};

/// Tells stories that happen at the same time one after the other: the first live, the others from their beginning
/// once it is their turn.
class Teller {
public:
    /// `quiet`: nothing is told but differences. Colours only where `out` shows them.
    Teller(std::ostream& out, bool quiet, bool colours) : out_(out), quiet_(quiet), colours_(colours) {}

    enum class Tone : std::uint8_t { plain, good, bad, quiet, title };

    [[nodiscard]] std::shared_ptr<Tale> begin(const std::string& title, const std::string& tells,
                                              const std::string& lane);
    /// `12.3 s  verdict    release: order_released`
    void say(Tale& tale, double seconds, const std::string& who, const std::string& what, Tone tone = Tone::plain);
    /// The last line of a tale, always told.
    void end(Tale& tale, const std::string& what, Tone tone);
    /// A line between tales.
    void remark(const std::string& what, Tone tone = Tone::plain);

private:
    void add(Tale& tale, std::string line);
    void tell();
    [[nodiscard]] std::string toned(const std::string& text, Tone tone) const;

    std::ostream& out_;
    bool quiet_;
    bool colours_;
    std::deque<std::shared_ptr<Tale>> stage_;
};

}  // namespace portcullis::run
