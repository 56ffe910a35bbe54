#include "supervision/near.hpp"

#include <algorithm>
#include <string>

namespace portcullis::supervision {
namespace {

template <class Name>
bool contains(const std::vector<Name>& names, const Name& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Name>
void add_near(std::vector<Name>& near, const std::vector<Name>& read, const Name& candidate) {
    if (near.size() < most_near && !contains(near, candidate) && !contains(read, candidate)) {
        near.push_back(candidate);
    }
}

}  // namespace

std::vector<ContainerNumber> near_containers(const PassageIdentity& identity) {
    std::vector<ContainerNumber> read;
    for (const auto& container : identity.containers) {
        read.push_back(container.number);
    }
    std::vector<ContainerNumber> near;
    for (const auto& text : identity.invalid_containers) {
        for (const auto& repair : container_repairs(text)) {
            add_near(near, read, repair.number);
        }
        if (const auto unbelieved = ContainerNumber::parse(text)) {
            add_near(near, read, *unbelieved);
        }
    }
    return near;
}

std::vector<PlateNumber> near_plates(const PassageIdentity& identity) {
    const auto read = plates_read(identity);
    auto texts = identity.invalid_plates;
    for (const auto& plate : read) {
        texts.push_back(plate.text());
    }
    std::vector<PlateNumber> near;
    for (const auto& text : texts) {
        for (const auto& plate : plates_like(text)) {
            add_near(near, read, plate);
        }
    }
    return near;
}

std::vector<PlateNumber> plates_read(const PassageIdentity& identity) {
    std::vector<PlateNumber> plates;
    for (const auto& plate : {identity.tractor, identity.trailer}) {
        if (plate) {
            plates.push_back(*plate);
        }
    }
    plates.insert(plates.end(), identity.other_plates.begin(), identity.other_plates.end());
    return plates;
}

}  // namespace portcullis::supervision
