/// What people see: tables, templates, sizes, ages.
@NullMarked
package io.djong.cli.format;

import org.jspecify.annotations.NullMarked;
