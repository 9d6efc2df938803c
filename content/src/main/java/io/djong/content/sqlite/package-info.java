/// Records in one SQLite database.
@NullMarked
package io.djong.content.sqlite;

import org.jspecify.annotations.NullMarked;
