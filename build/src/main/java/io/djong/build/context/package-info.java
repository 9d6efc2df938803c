/// Trees of files to read from: what came with a build, what other stages made, what stands in the
/// Dockerfile, what was fetched.
@NullMarked
package io.djong.build.context;

import org.jspecify.annotations.NullMarked;
