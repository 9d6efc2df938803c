package io.djong.registry.sign;

import io.djong.model.Fault;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// A public key that tells whether an image was signed: ECDSA on P-256, PEM. Safe for use by
/// several threads.
public final class VerifyingKey {
  private final ECPublicKey key;

  private VerifyingKey(ECPublicKey key) {
    this.key = key;
  }

  /// @throws Fault.Invalid if it is no such key
  public static VerifyingKey read(String text) {
    Pem pem = Pem.read(text);
    try {
      if (pem.label().equals("PUBLIC KEY")
          && KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(pem.bytes()))
              instanceof ECPublicKey key
          && SigningKey.isP256(key.getParams())) {
        return new VerifyingKey(key);
      }
    } catch (GeneralSecurityException e) {
      // As below.
    }
    throw new Fault.Invalid("invalid key: want a public key for ECDSA on P-256, as PEM");
  }

  /// @param signature base64
  boolean verifies(byte[] bytes, String signature) {
    try {
      Signature check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(key);
      check.update(bytes);
      return check.verify(Base64.getDecoder().decode(signature.strip()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
