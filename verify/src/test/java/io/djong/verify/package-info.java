/// Architecture rules, and the system run from outside by other people's programs.
@NullMarked
package io.djong.verify;

import org.jspecify.annotations.NullMarked;
