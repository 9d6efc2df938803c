package io.djong.content;

class MemoryBlobStoreTest implements BlobStoreContract {
  @Override
  public BlobStore newStore() {
    return new MemoryBlobStore();
  }
}
