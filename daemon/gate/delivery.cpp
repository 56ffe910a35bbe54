#include "gate/delivery.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "gate/guarded_reading.hpp"

namespace portcullis::gate {
namespace {

constexpr std::size_t most_lines = 64;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; lines.size() < most_lines && std::getline(in, line);) {
        if (line.find_first_not_of(" \t\r") != std::string::npos) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

/// What an envelope says that it is; its signatures will have to be over that word.
DocumentKind kind_of(const std::string& line) {
    constexpr std::string_view before = "application/vnd.portcullis.";
    const auto begin = line.find(before);
    if (begin == std::string::npos) {
        return DocumentKind::root;
    }
    const auto word = begin + before.size();
    return enum_from<DocumentKind>(line.substr(word, line.find('+', word) - word)).value_or(DocumentKind::root);
}

struct Line {
    std::string text;
    DocumentKind kind;
};

std::vector<Line> documents_in(const Delivery& delivery) {
    const bool single = delivery.kind && *delivery.kind != DocumentKind::root;
    if (single) {
        return {{delivery.text, *delivery.kind}};
    }
    std::vector<Line> lines;
    for (auto& text : lines_of(delivery.text)) {
        const auto kind = delivery.kind.value_or(kind_of(text));
        lines.push_back({std::move(text), kind});
    }
    return lines;
}

/// One of a kind that a desk takes: its checks, then its trial.
Result<AcceptedDocument, DocumentRefused> open_for_desk(const std::string& line, DocumentKind kind,
                                                        const KindReading& with, WallTime wall,
                                                        std::shared_ptr<const TrustState>& after) {
    std::optional<ReadDocument> document;
    const auto read = [&](std::string_view payload) -> Result<DocumentHead, codec::Refusal> {
        auto result = with.reading.read(payload);
        if (!result) {
            return Failure{result.error()};
        }
        document = std::move(result).value();
        return document->head;
    };
    auto step = with.numbered ? after->open(line, kind, with.most_bytes, read, with.reading.held, wall)
                              : after->open_unnumbered(line, kind, with.most_bytes, read, wall);
    if (!step) {
        return Failure{step.error()};
    }
    if (document->trial) {
        if (const auto wrong = document->trial()) {
            return Failure{refused_document(line, text_of(kind), *wrong)};
        }
    }
    after = step->after;
    return AcceptedDocument{std::move(step->taken), std::move(document->enact)};
}

/// Reads one document by the trust that those before it made, which it may change.
struct Opening {
    const std::map<DocumentKind, KindReading>& readings;
    WallTime wall;
    std::shared_ptr<const TrustState>& after;

    [[nodiscard]] Result<AcceptedDocument, DocumentRefused> open(const Line& line, bool first_root,
                                                                 bool last_root) const {
        if (const auto with = readings.find(line.kind); with != readings.end()) {
            return open_for_desk(line.text, line.kind, with->second, wall, after);
        }
        if (line.kind == DocumentKind::timestamp) {
            return took(after->open_timestamp(line.text, wall));
        }
        if (line.kind == DocumentKind::root) {
            return took(first_root ? after->begin(line.text, wall) : after->open_root(line.text, last_root, wall));
        }
        return Failure{refused_document(line.text, text_of(line.kind),
                                        {codec::RefusalCause::signature, "", "is not taken on this way"})};
    }

    [[nodiscard]] Result<AcceptedDocument, DocumentRefused> took(Result<TrustState::Step, DocumentRefused> step) const {
        if (!step) {
            return Failure{step.error()};
        }
        after = step->after;
        return AcceptedDocument{std::move(step->taken), {}};
    }
};

}  // namespace

JudgedDelivery judge_delivery(const std::shared_ptr<const TrustState>& state, const Delivery& delivery,
                              const std::map<DocumentKind, KindReading>& readings, WallTime wall,
                              store::Quarantine* quarantine) {
    JudgedDelivery result{{}, state, {}};
    const auto lines = documents_in(delivery);
    const auto last_root =
        std::find_if(lines.rbegin(), lines.rend(), [](const Line& line) { return line.kind == DocumentKind::root; });
    std::optional<DocumentRefused> refused_root;
    const Opening opening{readings, wall, result.after};
    for (const auto& line : lines) {
        const bool first_root = delivery.first_root && result.accepted.empty();
        const bool is_last_root = last_root != lines.rend() && &*last_root == &line;
        auto opened = read_guarded(quarantine, line.text, text_of(line.kind),
                                   [&] { return opening.open(line, first_root, is_last_root); });
        if (opened) {
            result.accepted.push_back(std::move(opened).value());
        } else if (line.kind != DocumentKind::root) {
            result.refused.push_back(opened.error());
        } else if (!refused_root) {
            refused_root = opened.error();
        }
    }
    if (refused_root && result.accepted.empty()) {
        result.refused.insert(result.refused.begin(), *refused_root);
    }
    const bool took_root = std::any_of(result.accepted.begin(), result.accepted.end(),
                                       [](const auto& one) { return one.taken.name.kind == DocumentKind::root; });
    const bool expired = took_root && result.after->root()->head.expires <= result.after->time(wall);
    if (lines.empty() || expired) {
        const codec::Refusal why = expired ? codec::Refusal{codec::RefusalCause::expiry, "", "the last root is expired"}
                                           : codec::Refusal{codec::RefusalCause::parse, "", "there is no document"};
        result = {{}, state, {refused_document(delivery.text, text_of(DocumentKind::root), why)}};
    }
    return result;
}

}  // namespace portcullis::gate
