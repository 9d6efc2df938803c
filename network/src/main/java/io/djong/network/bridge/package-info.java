/// Networks as Linux bridges: devices by rtnetlink, published ports and masquerading by one table
/// of nftables.
@NullMarked
package io.djong.network.bridge;

import org.jspecify.annotations.NullMarked;
