package io.djong.content.compress;

import java.util.Arrays;
import java.util.zip.Deflater;

/// A piece of a deflate stream (RFC 1951) that is packed by itself and ends at a byte. Always by
/// the JDK, whatever else is installed, so that equal bytes are packed the same way everywhere.
///
/// @param dictionary the bytes before it, as far as it may refer back to them
@SuppressWarnings("ArrayRecordComponent") // Never compared; changed by nobody.
record DeflatedBlock(byte[] bytes, int length, byte[] dictionary, boolean last) {
  byte[] pack() {
    // Three times as fast as the default level for a tenth more bytes; a layer is packed while
    // somebody waits.
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setDictionary(dictionary);
      deflater.setInput(bytes, 0, length);
      if (last) {
        deflater.finish();
      }
      byte[] packed = new byte[length / 2 + 1024];
      int size = 0;
      while (true) {
        if (size == packed.length) {
          packed = Arrays.copyOf(packed, packed.length * 2);
        }
        int room = packed.length - size;
        int n =
            deflater.deflate(packed, size, room, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
        size += n;
        if (last ? deflater.finished() : n < room) {
          return Arrays.copyOf(packed, size);
        }
      }
    } finally {
      deflater.end();
    }
  }
}
