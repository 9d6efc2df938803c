/// Images in folders, as the OCI image specification lays them out.
@NullMarked
package io.djong.content.layout;

import org.jspecify.annotations.NullMarked;
