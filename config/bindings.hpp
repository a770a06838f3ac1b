// Which key fills which field of the model: once, for reading (MapReader) and for comparing (ValueWriter).
#pragma once

#include "config/model.hpp"
#include "config/scalars.hpp"

namespace gate41::config {

template <typename Visitor>
void visit(Visitor& v, Port& port) {
  v.value("device", port.device);
  v.value("vlan", port.vlan);
}

template <typename Visitor>
void visit(Visitor& v, StaticIpv4& ipv4) {
  v.value("address", AddressInSubnet{ipv4.subnet, ipv4.address});
  v.value("gateway", ipv4.gateway);
  v.list("dns", ipv4.dns);
}

template <typename Visitor>
void visit(Visitor& v, ExternalAddress& external) {
  v.sources("from", external);
  v.map("http", [&](auto& http) {
    http.list("urls", external.urls);
    http.value("agree", external.agree);
    http.value("period", external.period);
  });
  v.choice("behind_nat", external.behind_nat_allowed);
}

template <typename Visitor>
void visit(Visitor& v, Wan& wan) {
  v.value("port", wan.port);
  v.word_or_map("ipv4", "dhcp", wan.static_ipv4);
  v.choice("acd", wan.acd_strict);
  v.value("alias_mac", wan.alias_mac);
  v.map("dhcp", [&](auto& dhcp) {
    dhcp.value("client_id", wan.dhcp_client_id);
    dhcp.choice("release", wan.dhcp_release);
    dhcp.choice("broadcast", wan.dhcp_broadcast);
    dhcp.choice("option_212", wan.dhcp_option_212);
    dhcp.choice("option_42", wan.dhcp_option_42);
  });
  v.map("external_address", [&](auto& external) { visit(external, wan.external); });
}

template <typename Visitor>
void visit(Visitor& v, SixRd& six_rd) {
  v.value("prefix", six_rd.prefix);
  v.value("ipv4_mask_len", six_rd.ipv4_mask_len);
  v.choice("hub_and_spoke", six_rd.hub_and_spoke);
}

template <typename Visitor>
void visit(Visitor& v, SixInFour& six_in_four) {
  v.value("remote", six_in_four.remote);
  v.value("address", AddressAndLength{six_in_four.address, six_in_four.length});
  v.value("peer", six_in_four.peer);
  v.value("prefix", six_in_four.prefix);
  v.list("routes", six_in_four.routes);
}

template <typename Visitor>
void visit(Visitor& v, Broker& broker) {
  v.value("url", broker.url);
  v.value("host", broker.host);
  v.value("credentials", broker.credentials);
  v.value("ca", broker.ca);
  v.value("period", broker.period);
  v.choice("send_address", broker.send_address);
}

template <typename Visitor>
void visit(Visitor& v, Keepalive& keepalive) {
  v.value("interval", keepalive.interval);
  v.list("targets", keepalive.targets);
}

template <typename Visitor>
void visit(Visitor& v, Tunnel& tunnel) {
  v.choice("mode", tunnel.mode);
  v.optional_map("6rd", tunnel.six_rd);
  v.optional_map("6in4", tunnel.six_in_four);
  v.list("relays", tunnel.relays);
  v.value("mtu", MtuOrAuto{tunnel.mtu_auto, tunnel.mtu});
  v.choice("mss_clamp", tunnel.mss_clamp);
  v.map("probe", [&](auto& probe) {
    probe.value("interval", tunnel.probe_interval);
    probe.value("misses", tunnel.probe_misses);
  });
  v.word_or_map("keepalive", "off", tunnel.keepalive);
  v.choice("accept", tunnel.accept_relays_only);
  v.value("dscp", DscpOrCopy{tunnel.dscp_by_mode, tunnel.dscp_copy, tunnel.dscp});
  v.choice("ecn", tunnel.ecn_compatibility);
  v.optional_map("broker", tunnel.broker);
}

template <typename Visitor>
void visit(Visitor& v, Lan& lan) {
  v.value("port", lan.port);
  v.value("subnet_id", lan.subnet_id);
  v.list_or_word("tunnels", "all", lan.tunnels);
  v.map("advertise", [&](auto& advertise) {
    advertise.choice("preference", lan.preference);
    advertise.list("rdnss", lan.rdnss);
    advertise.list("dnssl", lan.dnssl);
    advertise.choice("when_others", lan.when_others);
    advertise.choice("default_route", lan.default_route);
  });
  v.map("neighbours", [&](auto& neighbours) { neighbours.choice("lladdr_source", lan.lladdr_source); });
}

template <typename Visitor>
void visit(Visitor& v, Pinhole& pinhole) {
  v.value("proto", ProtocolNumber{pinhole.protocol});
  v.value("lan", pinhole.lan);
  v.value("interface_id", InterfaceId{pinhole.interface_id});
  v.value("address", HostAddress{pinhole.address});
  v.value("port", PortRange{pinhole.port_first, pinhole.port_last});
  v.value("from", pinhole.from);
}

template <typename Visitor>
void visit(Visitor& v, Filter& filter) {
  v.choice("profile", filter.profile);
  v.value("max_flows", FlowLimit{filter.max_flows});
  v.value("host_flows", FlowLimit{filter.host_flows});
  v.choice("allow_echo", filter.allow_echo);
  v.choice("mapping", filter.mapping);
  v.map("timeouts", [&](auto& timeouts) {
    for (const FilterTimeout& one : kFilterTimeouts) timeouts.value(one.name, filter.timeouts.*one.value);
  });
  v.items("inbound", filter.inbound);
}

template <typename Visitor>
void visit(Visitor& v, RelayRole& relay) {
  v.value("anycast", relay.anycast);
  v.value("unicast", relay.unicast);
  v.map("native", [&](auto& native) {
    native.value("port", relay.native_port);
    native.value("address", AddressAndLength{relay.native_address, relay.native_length});
    native.value("gateway", relay.native_gateway);
  });
  v.list("sites", relay.sites);
  v.map("site_limit", [&](auto& limit) {
    limit.value("rate", RateOrOff{relay.site_rate});
    limit.value("burst", relay.site_burst);
  });
  v.map("routes", [&](auto& routes) { routes.value("max", relay.max_routes); });
}

template <typename Visitor>
void visit_machine(Visitor& v, Config& config) {
  v.map("host", [&](auto& host) {
    host.value("netns", config.host_netns);
    host.choices("accept", config.host_accept);
  });
  v.map("workers", [&](auto& workers) {
    workers.list_or_word("cores", "auto", config.worker_cores);
    workers.choice("rx_mode", config.rx_mode);
  });
  v.map("eal", [&](auto& eal) {
    eal.value("hugepages", AutoFlag{config.eal_hugepages, &config.eal_hugepages_auto});
    eal.choice("profile", config.memory_profile);
    eal.value("memory", config.eal_memory);
    eal.list("args", config.eal_args);
  });
  v.value("state", config.state_dir);
  v.map("management", [&](auto& management) {
    management.value("socket", config.socket);
    management.value("group", config.socket_group);
  });
  v.map("log", [&](auto& log) { log.value("syslog", config.syslog); });
}

template <typename Visitor>
void visit(Visitor& v, Config& config) {
  v.choice("role", config.role);
  v.value("instance", config.instance);
  v.named_or_word("ports", "auto", config.ports, config.ports_auto);
  v.map("wan", [&](auto& wan) { visit(wan, config.wan); });
  v.named("tunnels", config.tunnels);
  v.named("lans", config.lans);
  v.map("filter", [&](auto& filter) { visit(filter, config.filter); });
  v.optional_map("relay", config.relay);
  visit_machine(v, config);
  v.map("on_stop", [&](auto& on_stop) {
    on_stop.choice("prefixes", config.on_stop.deprecate);
    on_stop.value("final_ras", config.on_stop.final_ras);
  });
  v.prefixes("lab_allow_prefixes", config.lab_allow_v4, config.lab_allow_v6);
}

}  // namespace gate41::config
