/// Signatures of images, in the format of cosign and sigstore, and who is trusted.
@NullMarked
package io.djong.registry.sign;

import org.jspecify.annotations.NullMarked;
