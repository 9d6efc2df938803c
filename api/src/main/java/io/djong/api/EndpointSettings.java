package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.container.NetworkingConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container's place in a network: what was asked for and what it has. Addresses are empty while
/// it does not run.
@Json(naming = Json.Naming.UpperCamel)
public record EndpointSettings(
    @Property("IPAMConfig") NetworkingConfig.@Nullable Addresses ipamConfig,
    @Property("Links") @Nullable List<String> links,
    @Property("Aliases") @Nullable List<String> aliases,
    String macAddress,
    @Nullable Map<String, String> driverOpts,
    int gwPriority,
    @Property("NetworkID") String networkId,
    @Property("EndpointID") String endpointId,
    @Property("Gateway") String gateway,
    @Property("IPAddress") String ipAddress,
    @Property("IPPrefixLen") int ipPrefixLen,
    @Property("IPv6Gateway") String ipv6Gateway,
    @Property("GlobalIPv6Address") String globalIpv6Address,
    @Property("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
    @Property("DNSNames") @Nullable List<String> dnsNames) {}
