/// How streams are packed and unpacked under limits.
@NullMarked
package io.djong.content.compress;

import org.jspecify.annotations.NullMarked;
