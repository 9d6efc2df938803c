/// A registry's storage in a bucket of an object store that speaks S3.
@NullMarked
package io.djong.registry.s3;

import org.jspecify.annotations.NullMarked;
