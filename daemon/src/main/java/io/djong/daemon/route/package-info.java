/// From a request to the engine and back: one class for each noun of the Engine API, a table of
/// routes, and the one place where faults become statuses.
@NullMarked
package io.djong.daemon.route;

import org.jspecify.annotations.NullMarked;
