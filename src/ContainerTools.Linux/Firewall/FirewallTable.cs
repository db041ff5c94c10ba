namespace ContainerTools.Linux.Firewall;

/// <summary>
/// The table and its chains: the same on every host, but for the rules of policies. What differs is in the sets and maps, so that a container costs a few elements and no rule. Needs
/// Linux 5.7 (<c>iifname</c> in postrouting; concatenations with intervals came with 5.6) and nft 0.9.4.
/// </summary>
public static class FirewallTable
{
    /// <summary>Name of the table where there is only one. The family is inet.</summary>
    public const string DefaultName = "containertools";

    /// <summary>
    /// Group of links (IFLA_GROUP; "ct" in ASCII) that all bridges of containers shall be in, of whatever store, so that no store takes another's for a stranger.
    /// </summary>
    public const int LinkGroup = 0x6374;

    /// <summary>The commands that make the table, in place of one that may be there.</summary>
    /// <remarks>
    /// Priorities: address translation comes 5 after the standard ones (dstnat -100, srcnat 100). The first translation of a connection is the one that
    /// holds, so a rule that an administrator wrote by hand wins over ours. Among filters the order is of no consequence: one drop is enough. Within a chain it
    /// is: every packet of a connection goes through, a set of names costs ten times as much as a comparison of numbers, so the comparison stands first. No
    /// drop hangs on a link's group, which others may change.
    /// </remarks>
    internal static string Commands(string table) => $$"""
        add table inet {{table}}
        delete table inet {{table}}
        table inet {{table}} {
            set bridges { type ifname; }
            set internal_bridges { type ifname; }
            set unprotected_bridges { type ifname; }
            set routed_bridges { type ifname; }
            set isolated_bridges { type ifname; }
            set for_containers_only { type nf_proto; }
            set within_network { type ifname . ifname; }
            set within_network_by_host { type ifname . ifname; }
            set denied_inbound_ipv4 { type ipv4_addr; }
            set denied_inbound_ipv6 { type ipv6_addr; }
            set denied_outbound_ipv4 { type ipv4_addr; }
            set denied_outbound_ipv6 { type ipv6_addr; }
            set subnets_ipv4 { type ipv4_addr . ifname; flags interval; }
            set subnets_ipv6 { type ipv6_addr . ifname; flags interval; }
            set endpoints_ipv4 { type ipv4_addr . inet_proto . inet_service; }
            set endpoints_ipv6 { type ipv6_addr . inet_proto . inet_service; }
            set endpoint_ranges_ipv4 { type ipv4_addr . inet_proto . inet_service; flags interval; }
            set endpoint_ranges_ipv6 { type ipv6_addr . inet_proto . inet_service; flags interval; }
            map published_ipv4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
            map published_ipv6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
            map published_anywhere_ipv4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
            map published_anywhere_ipv6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
            map published_ranges_ipv4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
            map published_ranges_ipv6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }

            # route_localnet lets the bridges carry 127.0.0.0/8 for published ports; a container must not reach the host's loopback by it.
            chain guard_loopback {
                type filter hook prerouting priority -300; policy accept;
                ip daddr 127.0.0.0/8 iifname @bridges drop
                ip saddr 127.0.0.0/8 iifname @bridges drop
            }

            chain published {
                meta nfproto vmap { ipv4 : goto published_ipv4, ipv6 : goto published_ipv6 }
            }

            chain published_ipv4 {
                dnat ip to ip daddr . meta l4proto . th dport map @published_ipv4
                dnat ip to meta l4proto . th dport map @published_anywhere_ipv4
                dnat ip to ip daddr . meta l4proto . th dport map @published_ranges_ipv4
            }

            chain published_ipv6 {
                dnat ip6 to ip6 daddr . meta l4proto . th dport map @published_ipv6
                dnat ip6 to meta l4proto . th dport map @published_anywhere_ipv6
                dnat ip6 to ip6 daddr . meta l4proto . th dport map @published_ranges_ipv6
            }

            # From elsewhere no packet is for 127.0.0.0/8; where route_localnet is set on all links, the kernel would take it.
            chain published_to_others {
                type nat hook prerouting priority -95; policy accept;
                ip daddr 127.0.0.0/8 accept
                fib daddr type local jump published
            }

            # ::1 is left alone: the kernel routes nothing from it to another link, so a program of the host may serve there.
            chain published_to_host {
                type nat hook output priority -95; policy accept;
                ip6 daddr ::1 accept
                fib daddr type local jump published
            }

            # A container's own network sees the bridge's address, else the answer would not come back through the host. From outside, sources are kept.
            chain translate_source {
                type nat hook postrouting priority 105; policy accept;
                ct status dnat ip saddr . oifname @subnets_ipv4 masquerade
                ct status dnat ip6 saddr . oifname @subnets_ipv6 masquerade
                oifname @bridges ip saddr 127.0.0.0/8 masquerade
                oifname @bridges accept
                iifname @routed_bridges accept
                ip saddr . iifname @subnets_ipv4 masquerade
                ip6 saddr . iifname @subnets_ipv6 masquerade
            }

            # What the host has on the bridge is not for containers of an isolated network, nor its other addresses, for which it would answer there too (arp_ignore).
            chain guard_host {
                type filter hook input priority 0; policy accept;
                iifname @isolated_bridges drop
                meta sdifname @isolated_bridges drop
            }

            # Where containers talk by the host, the host must not tell them that there is a shorter way: their bridge has isolated ports.
            chain guard_routes {
                type filter hook output priority 0; policy accept;
                icmp type redirect oifname @bridges drop
                icmpv6 type nd-redirect oifname @bridges drop
            }

            # Rules of policies: those that deny, then those that allow. The only rules that differ between hosts.
            chain policies {
            }

            chain denied_by_default {
                ip saddr @denied_outbound_ipv4 drop
                ip6 saddr @denied_outbound_ipv6 drop
                ip daddr @denied_inbound_ipv4 drop
                ip6 daddr @denied_inbound_ipv6 drop
            }

            chain open_endpoints {
                ip daddr . meta l4proto . th dport @endpoints_ipv4 accept
                ip daddr . meta l4proto . th dport @endpoint_ranges_ipv4 accept
                ip6 daddr . meta l4proto . th dport @endpoints_ipv6 accept
                ip6 daddr . meta l4proto . th dport @endpoint_ranges_ipv6 accept
            }

            chain into_routed_network {
                icmp type echo-request accept
                icmpv6 type echo-request accept
                goto open_endpoints
            }

            {{Judging("", "iifname")}}
            {{Judging("_of_vrf", "meta sdifname")}}
            # Of packets that a bridge switches, br_netfilter shows the bridge on both sides.
            chain between_others {
                iifgroup {{LinkGroup}} accept
                oifgroup {{LinkGroup}} accept
                meta iifkind "bridge" meta oifkind "bridge" accept
                drop
            }

            chain forwarding_of_vrf {
                {{Forwarding("_of_vrf", "meta sdifname")}}
            }

            chain forwarding {
                type filter hook forward priority 0; policy accept;
                meta sdif != 0 goto forwarding_of_vrf
                {{Forwarding("", "iifname", $"iifgroup {LinkGroup} ")}}
            }
        }

        """;

    // What a member of a VRF received appears to come from the VRF; the member itself is then its slave (sdif, Linux 5.6).
    private static string Judging(string suffix, string from) => $$"""
            chain from_network{{suffix}} {
                ip saddr . {{from}} @subnets_ipv4 return
                ip6 saddr . {{from}} @subnets_ipv6 return
                drop
            }

            chain between_networks{{suffix}} {
                jump denied_by_default
                {{from}} . oifname @within_network_by_host accept
                {{from}} @internal_bridges drop
            }

            chain into_network{{suffix}} {
                ct direction reply ct state established,related accept
                ct state related accept
                jump policies
                {{from}} @bridges jump between_networks{{suffix}}
                oifname @internal_bridges drop
                ct status dnat jump open_endpoints
                oifname @routed_bridges jump into_routed_network
                oifname @unprotected_bridges {{from}} != @bridges iifgroup != {{LinkGroup}} accept
                drop
            }

            chain out_of_network{{suffix}} {
                ct direction original jump policies
                {{from}} @internal_bridges drop
                accept
            }

        """;

    private static string Forwarding(string suffix, string from, string comparison = "") => $$"""
                {{comparison}}oifgroup {{LinkGroup}} {{from}} . oifname @within_network accept
                {{from}} @bridges jump from_network{{suffix}}
                oifname @bridges goto into_network{{suffix}}
                {{from}} @bridges goto out_of_network{{suffix}}
                meta nfproto @for_containers_only goto between_others
        """;
}
