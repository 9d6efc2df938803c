/// What a container is asked to be, in the shapes and names of the Docker Engine API.
@NullMarked
package io.djong.model.container;

import org.jspecify.annotations.NullMarked;
