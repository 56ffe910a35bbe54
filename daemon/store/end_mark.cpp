#include "store/end_mark.hpp"

#include <sqlite3.h>

#include <charconv>
#include <new>
#include <string_view>

#include "store/database.hpp"

namespace portcullis::store {
namespace {

/// stream, blank, 20 digits, blank, 16 hex digits over all before them.
constexpr std::size_t stream_size = 32;
constexpr std::size_t digits = 20;
constexpr std::size_t checked_size = stream_size + 1 + digits + 1;
constexpr std::size_t check_size = 16;
constexpr std::size_t record_size = checked_size + check_size + 1;

/// FNV-1a: it need not withstand anybody, only tell a damaged record from a whole one.
std::string check_of(std::string_view text) {
    std::uint64_t sum = 0xcbf29ce484222325U;
    for (const char letter : text) {
        sum = (sum ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3U;
    }
    std::string out(check_size, '0');
    for (auto digit = out.rbegin(); digit != out.rend(); ++digit, sum >>= 4U) {
        *digit = "0123456789abcdef"[sum & 15U];
    }
    return out;
}

std::string record_of(const EndMark::End& end) {
    auto number = std::to_string(end.sequence);
    number.insert(0, digits - number.size(), '0');
    const auto text = end.stream.text() + ' ' + number + ' ';
    return text + check_of(text) + '\n';
}

sqlite3_vfs* system_of(const std::string& name) {
    auto* const vfs = sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
    if (vfs == nullptr) {
        throw DatabaseError{SQLITE_ERROR, "there is no file system '" + name + "'"};
    }
    return vfs;
}

}  // namespace

bool has_bytes(const std::filesystem::path& file, const std::string& file_system) {
    auto* const vfs = system_of(file_system);
    int there = 0;
    const auto name = std::filesystem::absolute(file).string();
    return vfs->xAccess(vfs, name.c_str(), SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK && there != 0;
}

void EndMark::Close::operator()(sqlite3_file* file) const {
    if (file->pMethods != nullptr) {
        file->pMethods->xClose(file);
    }
    ::operator delete(file);
}

EndMark::EndMark(const std::filesystem::path& file, const std::string& file_system)
    : name_(std::filesystem::absolute(file).string()) {
    auto* const vfs = system_of(file_system);
    file_.reset(static_cast<sqlite3_file*>(::operator new(static_cast<std::size_t>(vfs->szOsFile))));
    file_->pMethods = nullptr;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_SUPER_JOURNAL;  // a plain file
    if (const int code = vfs->xOpen(vfs, name_.c_str(), file_.get(), flags, &flags); code != SQLITE_OK) {
        throw DatabaseError{code, name_ + ": cannot open: " + sqlite3_errstr(code)};
    }
    found_ = read();
}

std::optional<EndMark::End> EndMark::read() const {
    std::string record(record_size, '\0');
    const int code = file_->pMethods->xRead(file_.get(), record.data(), static_cast<int>(record.size()), 0);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
        throw DatabaseError{code, name_ + ": cannot read: " + sqlite3_errstr(code)};
    }
    const auto stream = StreamId::parse(std::string_view{record}.substr(0, stream_size));
    std::int64_t sequence = 0;
    const auto* const number = record.data() + stream_size + 1;
    const auto parsed = std::from_chars(number, number + digits, sequence);
    if (!stream || parsed.ec != std::errc{} || record != record_of({*stream, sequence})) {
        return std::nullopt;
    }
    return End{*stream, sequence};
}

void EndMark::put(const End& end) {
    const auto record = record_of(end);
    const int code = file_->pMethods->xWrite(file_.get(), record.data(), static_cast<int>(record.size()), 0);
    if (code != SQLITE_OK) {
        throw DatabaseError{code, name_ + ": cannot write: " + sqlite3_errstr(code)};
    }
}

}  // namespace portcullis::store
