/// What a Dockerfile names elsewhere: files behind URLs, repositories.
@NullMarked
package io.djong.build.remote;

import org.jspecify.annotations.NullMarked;
