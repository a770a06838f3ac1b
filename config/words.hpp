// The words that keys allow, each list in the order of the model's enum; of a flag, false comes first.
#pragma once

#include <array>
#include <string_view>

namespace gate41::config::words {

using W = std::string_view;

inline constexpr std::array kRoles{W{"gateway"}, W{"relay"}};
inline constexpr std::array kModes{W{"auto"}, W{"6to4"}, W{"6rd"}, W{"6in4"}};
inline constexpr std::array kFlag{W{"false"}, W{"true"}};
inline constexpr std::array kAutoFlag{W{"auto"}, W{"true"}, W{"false"}};
inline constexpr std::array kAcd{W{"optimistic"}, W{"strict"}};
inline constexpr std::array kBroadcast{W{"auto"}, W{"always"}};
inline constexpr std::array kOption{W{"ignore"}, W{"accept"}};
inline constexpr std::array kSources{W{"interface"}, W{"http"}};
inline constexpr std::array kBehindNat{W{"refuse"}, W{"allow"}};
inline constexpr std::array kAccept{W{"any"}, W{"relays"}};
inline constexpr std::array kMssClamp{W{"off"}, W{"auto"}};
inline constexpr std::array kEcn{W{"normal"}, W{"compatibility"}};
inline constexpr std::array kSendAddress{W{"auto"}, W{"yes"}, W{"no"}};
inline constexpr std::array kPreference{W{"low"}, W{"medium"}, W{"high"}};
inline constexpr std::array kWhenOthers{W{"hold"}, W{"send"}};
inline constexpr std::array kLladdrSource{W{"option"}, W{"ethernet"}, W{"auto"}};
inline constexpr std::array kProfiles{W{"strict"}, W{"simple-security"}, W{"transparent"}};
inline constexpr std::array kMappings{W{"auto"}, W{"address-dependent"}, W{"endpoint-independent"}};
inline constexpr std::array kHostProtocols{W{"bgp"}, W{"bfd"}};
inline constexpr std::array kHostProtocolsLater{W{"ospf"}, W{"vrrp"}};
inline constexpr std::array kRxModes{W{"polling"}, W{"adaptive"}};
inline constexpr std::array kRxModesLater{W{"interrupt"}};
inline constexpr std::array kMemoryProfiles{W{"auto"}, W{"small"}, W{"normal"}};
inline constexpr std::array kPrefixes{W{"keep"}, W{"deprecate"}};

}  // namespace gate41::config::words
