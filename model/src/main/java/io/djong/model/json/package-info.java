/// The one door to the JSON library: values in, values out.
@NullMarked
package io.djong.model.json;

import org.jspecify.annotations.NullMarked;
