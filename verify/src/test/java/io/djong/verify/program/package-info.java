/// The program as users meet it: started by its launcher, driven by Docker's own clients.
@NullMarked
package io.djong.verify.program;

import org.jspecify.annotations.NullMarked;
