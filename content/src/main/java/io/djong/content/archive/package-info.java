/// Images in a tar: Docker's archive and the OCI image layout.
@NullMarked
package io.djong.content.archive;

import org.jspecify.annotations.NullMarked;
