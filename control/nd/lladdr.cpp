#include "control/nd/lladdr.hpp"

namespace gate41::nd {

Lladdr lladdr_of(LladdrSource source, const Sighting& sighting, bool may_use_ether_source) {
  Lladdr result{.option = sighting.option, .mac = sighting.option, .mismatch = sighting.differs()};
  if (!result.mismatch) return result;
  if (source == LladdrSource::ethernet) result.mac = sighting.ether_source;
  if (source == LladdrSource::automatic && may_use_ether_source) result.alternative = sighting.ether_source;
  return result;
}

std::vector<MacAddress> answer_macs(LladdrSource source, const Sighting& sighting) {
  if (source == LladdrSource::ethernet) return {sighting.ether_source};
  if (source == LladdrSource::option || !sighting.differs()) return {sighting.option};
  return {sighting.option, sighting.ether_source};
}

}  // namespace gate41::nd
