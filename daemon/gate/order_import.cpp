#include "gate/order_import.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "codec/envelope.hpp"
#include "codec/order_snapshot.hpp"
#include "codec/orders.hpp"

namespace portcullis::gate {
namespace {

bool is_snapshot(std::string_view envelope) {
    constexpr std::size_t beginning = 200;
    return envelope.substr(0, beginning).find(codec::payload_type_of(codec::snapshot_kind)) != std::string_view::npos;
}

/// The next line that is not empty, at most as long as an envelope may be; false when it is longer or unreadable.
bool read_line(std::ifstream& in, std::string& line) {
    line.clear();
    for (char next = 0; in.get(next);) {
        if (next != '\n') {
            line.push_back(next);
        } else if (!line.empty()) {
            return true;
        }
        if (line.size() > codec::most_envelope_bytes) {
            return false;
        }
    }
    return !in.bad();
}

}  // namespace

std::optional<std::string> OrderImport::begin(const std::filesystem::path& file) {
    if (state_ == State::running) {
        return "another file is being imported";
    }
    file_ = std::make_shared<File>();
    file_->in.open(file, std::ios::binary);
    if (!file_->in) {
        return file.string() +
               ": the daemon cannot read it; copy it to where its user may, such as its state directory";
    }
    state_ = State::running;
    lines_ = 0;
    taken_ = 0;
    refused_ = 0;
    snapshot_ = false;
    problem_.clear();
    next_line();
    return std::nullopt;
}

void OrderImport::when_over(std::function<void(const Object&)> answer) {
    if (state_ != State::running) {
        return answer(view());
    }
    waiting_.push_back(std::move(answer));
}

void OrderImport::tick() {
    for (const auto& answer : std::exchange(waiting_, {})) {
        answer(view());
    }
}

Object OrderImport::view() const {
    const char* const state = state_ == State::none ? "none" : state_ == State::running ? "running" : "done";
    Object view{{"state", state}, {"taken", taken_}, {"refused", refused_}, {"snapshot", snapshot_ ? "yes" : "no"}};
    if (!problem_.empty()) {
        view.push_back({"problem", problem_});
    }
    return view;
}

void OrderImport::next_line() {
    const bool posted = worker_.post([this, file = file_] {
        std::string line;
        const bool failed = !read_line(file->in, line);
        file->behind_head = file->in.eof() ? 0 : static_cast<std::streamoff>(file->in.tellg());
        boost::asio::post(context_,
                          [this, line = std::move(line), failed]() mutable { took_line(std::move(line), failed); });
    });
    if (!posted) {
        end("the worker of snapshots does not answer");
    }
}

void OrderImport::took_line(std::string line, bool failed) {
    if (failed) {
        return end("line " + std::to_string(lines_ + 1) + " is too long, or cannot be read");
    }
    if (line.empty()) {
        return end(lines_ == 0 ? std::optional<std::string>{"the file is empty"} : std::nullopt);
    }
    ++lines_;
    if (lines_ == 1 && is_snapshot(line)) {
        snapshot_ = true;
        desk_.take_snapshot(std::move(line), {[this](const uplink::SnapshotNeed& need, std::int64_t offset,
                                                     std::int64_t bytes) { give_chunk(need, offset, bytes); },
                                              [this](const std::optional<std::string>& problem) { end(problem); }});
        return;
    }
    desk_.take({std::move(line), "file", [this](const std::optional<std::string>& problem) {
                    if (problem) {
                        ++refused_;
                        problem_ = problem_.empty() ? "line " + std::to_string(lines_) + ": " + *problem : problem_;
                    } else {
                        ++taken_;
                    }
                    next_line();
                }});
}

void OrderImport::give_chunk(const uplink::SnapshotNeed& need, std::int64_t offset, std::int64_t bytes) {
    const bool posted = worker_.post([this, file = file_, need, offset, bytes] {
        std::string chunk(static_cast<std::size_t>(bytes), '\0');
        file->in.clear();
        file->in.seekg(file->behind_head + static_cast<std::streamoff>(offset));
        // A file that ends too soon gives a chunk whose hash is another one.
        file->in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        boost::asio::post(context_, [this, need, chunk = std::move(chunk)]() mutable {
            desk_.take_snapshot({"snapshot", std::move(chunk), false, need}, "file");
        });
    });
    if (!posted) {
        end("the worker of snapshots does not answer");
    }
}

void OrderImport::end(const std::optional<std::string>& problem) {
    state_ = State::done;
    file_.reset();
    if (problem) {
        refused_ += snapshot_ ? 1 : 0;
        problem_ = problem_.empty() ? *problem : problem_;
    } else {
        taken_ += snapshot_ ? 1 : 0;
    }
    tick();
}

}  // namespace portcullis::gate
