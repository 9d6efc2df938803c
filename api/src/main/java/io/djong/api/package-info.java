/// The Engine API's words as records, and a client for it. The records are those of version 1.51
/// (Docker Engine API reference); what older versions want beside is said where it is.
@NullMarked
package io.djong.api;

import org.jspecify.annotations.NullMarked;
