#include "cli/journal_command.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <utility>

#include "cli/journal/export_verifier.hpp"
#include "cli/journal/exporter.hpp"
#include "codec/event_schemas.hpp"
#include "core/time_text.hpp"
#include "runtime/clock.hpp"
#include "trust/hash.hpp"

namespace portcullis::cli {
namespace {

constexpr std::int64_t told_every = 5000;

WallTime wall_now() {
    return runtime::SystemClock{}.now().wall;
}

Result<std::unique_ptr<JournalSource>, std::string> source_of(const JournalPlace& place) {
    if (!place.state.empty()) {
        return file_source(place.state);
    }
    return daemon_source(place.control_socket);
}

int fail(std::ostream& errors, const std::string& why) {
    errors << "portcullis journal: " << why << '\n';
    return 1;
}

Result<Trusted, std::string> read_trusted(const VerifyOptions& options) {
    Trusted trusted;
    for (const auto& text : options.keys) {
        const auto key = trust::PublicKey::parse(text);
        if (!key) {
            return Failure{"--key " + text + ": is no Ed25519 public key of 64 lower-case hex digits"};
        }
        trusted.keys.push_back(*key);
    }
    if (!options.heads.empty()) {
        std::ifstream file{options.heads, std::ios::binary};
        if (!file) {
            return Failure{options.heads.string() + ": cannot be read"};
        }
        auto heads = read_heads(file);
        if (!heads) {
            return Failure{options.heads.string() + ": " + heads.error()};
        }
        trusted.heads = std::move(heads).value();
        trusted.heads_given = true;
    }
    return trusted;
}

/// The journal itself is checked as its export would be: one way, the same verdicts.
Result<Verdict, std::string> verify_source(const JournalPlace& place, const codec::EventWriter& writer,
                                           Trusted trusted) {
    auto source = source_of(place);
    if (!source) {
        return Failure{source.error()};
    }
    ExportVerifier verifier{writer, std::move(trusted)};
    std::optional<Defect> defect;
    auto wrong = export_journal(**source, {}, wall_now(), [&](std::string_view line) {
        defect = verifier.line(line);
        if (place.progress && verifier.entries() % told_every == 0) {
            place.progress(verifier.entries(), 0);
        }
        return !defect;
    });
    if (!defect && wrong) {
        return Failure{*wrong};
    }
    if (!defect) {
        defect = verifier.finish();
    }
    return Verdict{defect, verifier.has_begun() ? verifier.summary() : ChainSummary{}};
}

std::string counted(std::int64_t number, const char* one, const char* many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

void tell(const ChainSummary& summary, bool heads_given, std::ostream& out) {
    out << "stream " << summary.stream.text() << " of " << summary.source << ": entries " << summary.first << " to "
        << summary.last << " hold, h(" << summary.last << ") = " << hex_text(summary.hash) << '\n';
    if (summary.first > 1) {
        out << "entries before " << summary.first << " are not here: the head of " << summary.first - 1
            << " vouches for where it begins\n";
    }
    out << counted(summary.heads, "head", "heads") << " verified";
    if (heads_given) {
        out << ", and " << summary.outside_heads << " kept elsewhere (" << summary.outside_before
            << " more are of entries before these)";
    }
    out << '\n';
    if (summary.signed_to < summary.last) {
        out << counted(summary.last - std::max(summary.signed_to, summary.first - 1), "entry", "entries")
            << " after the last head: the chain alone holds them, and nothing shows whether more followed\n";
    }
    out << counted(summary.erased, "entry", "entries") << " erased";
    if (summary.unexplained_erasures > 0) {
        out << ", " << summary.unexplained_erasures << " of them named by no journal.erased here";
    }
    out << '\n';
}

}  // namespace

int verify_journal(const JournalPlace& place, const VerifyOptions& options, std::ostream& out, std::ostream& errors) {
    auto trusted = read_trusted(options);
    if (!trusted) {
        return fail(errors, trusted.error());
    }
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    Verdict verdict;
    if (options.file.empty()) {
        auto checked = verify_source(place, writer, std::move(trusted).value());
        if (!checked) {
            return fail(errors, checked.error());
        }
        verdict = std::move(checked).value();
    } else {
        std::ifstream file{options.file, std::ios::binary};
        if (!file) {
            return fail(errors, options.file.string() + ": cannot be read");
        }
        verdict = verify_export(file, writer, std::move(trusted).value(), [&](std::int64_t done) {
            if (place.progress) {
                place.progress(done, 0);
            }
        });
    }
    if (verdict.defect) {
        out << verdict.defect->text() << '\n';
        return 1;
    }
    tell(verdict.summary, !options.heads.empty(), out);
    return 0;
}

int export_journal_file(const JournalPlace& place, const ExportOptions& options, std::ostream& out,
                        std::ostream& errors) {
    auto source = source_of(place);
    if (!source) {
        return fail(errors, source.error());
    }
    // Under another name until it is whole: what was cut off is not taken for an export.
    const auto fresh = options.file.string() + ".new";
    std::ofstream file;
    if (!options.file.empty()) {
        file.open(fresh, std::ios::binary | std::ios::trunc);
        if (!file) {
            return fail(errors, fresh + ": cannot be written");
        }
    }
    std::ostream& to = options.file.empty() ? out : file;
    std::int64_t lines = 0;
    const auto wrong = export_journal(**source, {options.from, options.to}, wall_now(), [&](std::string_view line) {
        to << line << '\n';
        if (place.progress && ++lines % told_every == 0) {
            place.progress(lines, 0);
        }
        return to.good();
    });
    to.flush();
    std::error_code error;
    if (!options.file.empty() && !wrong && to.good()) {
        file.close();
        std::filesystem::rename(fresh, options.file, error);
    }
    if (wrong || !to.good() || error) {
        return fail(errors, wrong ? *wrong : (error ? error.message() : std::string{"the export cannot be written"}));
    }
    return 0;
}

std::optional<std::string> full_time(const std::string& text) {
    constexpr std::string_view rest = "0000-00-00T00:00:00.000";
    auto time = text.ends_with('Z') ? text.substr(0, text.size() - 1) : text;
    const bool known_length = time.size() == 10 || time.size() == 16 || time.size() == 19 || time.size() == 23;
    if (!known_length) {
        return std::nullopt;
    }
    time.append(rest.substr(time.size())).push_back('Z');
    return time_from_text(time) ? std::optional{time} : std::nullopt;
}

}  // namespace portcullis::cli
