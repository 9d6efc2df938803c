package io.djong.daemon.route;

import io.djong.api.StoreProof;
import io.djong.engine.ImageTools.Proof;

/// What a check of the store found, in the words of the API.
public final class ProofAnswer {
  private ProofAnswer() {}

  public static StoreProof of(Proof proof) {
    return new StoreProof(
        proof.isSound(),
        proof.images(),
        proof.layers(),
        proof.blobs(),
        proof.bytes(),
        proof.findings().stream()
            .map(
                one ->
                    new StoreProof.Finding(
                        one.kind(), one.subject(), one.problem(), one.repaired()))
            .toList());
  }
}
