/// The files that a build is given: which they are, and which of them the engine has already.
@org.jspecify.annotations.NullMarked
package io.djong.cli.context;
