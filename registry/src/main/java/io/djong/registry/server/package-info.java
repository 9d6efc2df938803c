/// A registry that serves: the OCI distribution specification 1.1 over a [RegistryStorage].
@NullMarked
package io.djong.registry.server;

import org.jspecify.annotations.NullMarked;
