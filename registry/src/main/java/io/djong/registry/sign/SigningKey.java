package io.djong.registry.sign;

import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/// A private key that signs images: ECDSA on P-256, in cosign's encrypted file or as plain PKCS #8
/// PEM. Its text tells no secret. Safe for use by several threads.
public final class SigningKey {
  private static final String PLAIN = "PRIVATE KEY";
  private static final String SIGSTORE = "ENCRYPTED SIGSTORE PRIVATE KEY";
  private static final String COSIGN = "ENCRYPTED COSIGN PRIVATE KEY";
  private static final int KEY = 32;
  private static final int NONCE = 24;
  private static final int MAC = 16;
  private static final int SALT = 32;

  /// The most memory that a file may have us spend, in bytes.
  private static final long MOST_MEMORY = 256L << 20;

  // What cosign writes.
  private static final int COST = 65536;
  private static final int BLOCKS = 8;

  private final ECPrivateKey key;

  private SigningKey(ECPrivateKey key) {
    this.key = key;
  }

  /// A new key pair, as two files.
  ///
  /// @param privateKey encrypted, as cosign writes it
  /// @param publicKey PEM
  public record Pair(String privateKey, String publicKey) {
    @Override
    public String toString() {
      return "Pair[" + publicKey + "]";
    }
  }

  /// Makes a key pair.
  public static Pair generate(byte[] passphrase) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] sealed = seal(pair.getPrivate().getEncoded(), passphrase);
      return new Pair(
          Pem.write(SIGSTORE, sealed), Pem.write("PUBLIC KEY", pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Reads a key.
  ///
  /// @param passphrase of an encrypted one
  /// @throws Fault.Invalid if it is no such key, or the passphrase is wrong
  public static SigningKey read(String text, byte[] passphrase) {
    Pem pem = Pem.read(text);
    byte[] plain =
        switch (pem.label()) {
          case PLAIN -> pem.bytes();
          case SIGSTORE, COSIGN -> open(pem.bytes(), passphrase);
          default ->
              throw new Fault.Invalid(
                  "invalid key: want a private key of cosign or PKCS #8, found " + pem.label());
        };
    try {
      if (KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(plain))
              instanceof ECPrivateKey key
          && isP256(key.getParams())) {
        return new SigningKey(key);
      }
    } catch (GeneralSecurityException e) {
      // What a parser says of it may quote it.
    }
    throw new Fault.Invalid("invalid key: want one for ECDSA on P-256");
  }

  static boolean isP256(ECParameterSpec parameters) throws GeneralSecurityException {
    AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
    p256.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec wanted = p256.getParameterSpec(ECParameterSpec.class);
    return parameters.getCurve().equals(wanted.getCurve())
        && parameters.getOrder().equals(wanted.getOrder())
        && parameters.getGenerator().equals(wanted.getGenerator())
        && BigInteger.valueOf(parameters.getCofactor()).equals(BigInteger.ONE);
  }

  /// Signs bytes.
  ///
  /// @return base64, as signatures are kept
  String sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(bytes);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // The file: JSON with the parameters of scrypt and of NaCl's secretbox (XSalsa20 and Poly1305).

  private static byte[] seal(byte[] plain, byte[] passphrase) {
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[SALT];
    byte[] nonce = new byte[NONCE];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    byte[] secret = SCrypt.generate(passphrase, salt, COST, BLOCKS, 1, KEY);
    Map<String, Object> kdf = new LinkedHashMap<>();
    kdf.put("name", "scrypt");
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("N", COST);
    params.put("r", BLOCKS);
    params.put("p", 1);
    kdf.put("params", params);
    kdf.put("salt", base64(salt));
    Map<String, Object> cipher = new LinkedHashMap<>();
    cipher.put("name", "nacl/secretbox");
    cipher.put("nonce", base64(nonce));
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("kdf", kdf);
    file.put("cipher", cipher);
    file.put("ciphertext", base64(secretbox(plain, nonce, secret)));
    return Json.full().write(file);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] open(byte[] json, byte[] passphrase) {
    try {
      if (Json.lean().readTree(json) instanceof Map<?, ?> file
          && file.get("kdf") instanceof Map<?, ?> kdf
          && "scrypt".equals(kdf.get("name"))
          && kdf.get("params") instanceof Map<?, ?> params
          && params.get("N") instanceof Number cost
          && params.get("r") instanceof Number blocks
          && params.get("p") instanceof Number parallel
          && file.get("cipher") instanceof Map<?, ?> cipher
          && "nacl/secretbox".equals(cipher.get("name"))) {
        long memory = 128L * cost.longValue() * blocks.longValue();
        if (memory > MOST_MEMORY || memory <= 0 || parallel.longValue() > 16) {
          throw new Fault.Invalid("invalid key: its scrypt parameters are too large");
        }
        byte[] secret =
            SCrypt.generate(
                passphrase,
                bytes(kdf.get("salt")),
                cost.intValue(),
                blocks.intValue(),
                parallel.intValue(),
                KEY);
        return unbox(bytes(file.get("ciphertext")), bytes(cipher.get("nonce")), secret);
      }
    } catch (IllegalArgumentException e) {
      // As below.
    }
    throw new Fault.Invalid("invalid key: want scrypt and nacl/secretbox, as cosign writes it");
  }

  private static byte[] bytes(@Nullable Object text) {
    return Base64.getDecoder().decode(String.valueOf(text));
  }

  private static byte[] secretbox(byte[] plain, byte[] nonce, byte[] secret) {
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(true, new ParametersWithIV(new KeyParameter(secret), nonce));
    byte[] authenticator = new byte[KEY];
    cipher.processBytes(authenticator, 0, KEY, authenticator, 0);
    byte[] sealed = new byte[MAC + plain.length];
    cipher.processBytes(plain, 0, plain.length, sealed, MAC);
    mac(authenticator, sealed, sealed);
    return sealed;
  }

  private static byte[] unbox(byte[] sealed, byte[] nonce, byte[] secret) {
    if (nonce.length != NONCE || sealed.length < MAC) {
      throw new IllegalArgumentException("no secretbox");
    }
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(false, new ParametersWithIV(new KeyParameter(secret), nonce));
    byte[] authenticator = new byte[KEY];
    cipher.processBytes(authenticator, 0, KEY, authenticator, 0);
    byte[] wanted = new byte[MAC];
    mac(authenticator, sealed, wanted);
    if (!java.security.MessageDigest.isEqual(wanted, Arrays.copyOf(sealed, MAC))) {
      throw new Fault.Invalid("the passphrase of the key is wrong, or the key is damaged");
    }
    byte[] plain = new byte[sealed.length - MAC];
    cipher.processBytes(sealed, MAC, plain.length, plain, 0);
    return plain;
  }

  private static void mac(byte[] key, byte[] sealed, byte[] out) {
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(key));
    mac.update(sealed, MAC, sealed.length - MAC);
    mac.doFinal(out, 0);
  }

  @Override
  public String toString() {
    return "SigningKey";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
