// Rules for texts in the file: each says what is wrong with one, or nullptr.
#pragma once

#include <string_view>

#include "config/keys.hpp"

namespace gate41::config {

Wrong check_name(std::string_view text);           // 1..15 of a-z 0-9 -
Wrong check_lan_name(std::string_view text);       // 1..12, names the TAP g41NAME; "wan" is taken
Wrong check_netns(std::string_view text);          // a file name under /run/netns
Wrong check_group(std::string_view text);          // a Unix group
Wrong check_device(std::string_view text);         // no white space, not empty
Wrong check_absolute_path(std::string_view text);  // from /
Wrong check_socket_path(std::string_view text);    // fits into sockaddr_un
Wrong check_url(std::string_view text);            // http:// or https:// and a host
Wrong check_https_url(std::string_view text);      // the same, https:// only
Wrong check_domain(std::string_view text);         // RFC 1035 §2.3.1 lengths, letters, digits, hyphens
Wrong check_client_id(std::string_view text);      // auto, or 2..255 bytes in hex (RFC 2132 §9.14)
Wrong check_lab_prefix(std::string_view text);     // X11: inside a block with `lab_may_lift`
Wrong check_not_empty(std::string_view text);

}  // namespace gate41::config
