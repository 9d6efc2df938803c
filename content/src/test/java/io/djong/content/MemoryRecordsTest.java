package io.djong.content;

class MemoryRecordsTest implements RecordStoreContract {
  @Override
  public RecordStore newStore() {
    return new MemoryRecords();
  }
}
