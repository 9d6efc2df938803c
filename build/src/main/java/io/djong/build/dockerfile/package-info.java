/// The Dockerfile as a language: text in, instructions out, every mistake with its place.
@NullMarked
package io.djong.build.dockerfile;

import org.jspecify.annotations.NullMarked;
